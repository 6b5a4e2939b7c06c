// A process of coldStart.mjs: makes the seed network ready to train, as a whole or part by part, and sends the
// milliseconds.
import { availableParallelism } from 'node:os';
import { wasmBackend } from 'cifra';
import { kernelModule } from '../dist/engine/wasm/module.js';
import { planProgram } from '../dist/engine/wasm/plan.js';
import { BATCH, fill, programs } from './seedNetwork.mjs';
import { secondsOf } from './windows.mjs';

const times = {};

async function timed(name, work) {
  let result;
  times[name] = 1000 * (await secondsOf(async () => (result = await work())));
  return result;
}

let backend;
if (process.argv[2] === 'whole') {
  const executable = await timed('total', () => (backend = wasmBackend()).compile(programs.training()));
  fill(executable);
  await timed('firstStep', () => executable.run(BATCH));
  await backend.dispose();
} else {
  const program = await timed('program', programs.training);
  await timed('plan', () => planProgram(program, availableParallelism()));
  await timed('kernels', () => kernelModule(true, 'strict'));
}
process.send(times);
