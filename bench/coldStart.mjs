// From nothing: the command `cifra predict` from the start of its process to its answer, and what a fresh process takes
// to make the seed network ready to train.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { saveModel } from 'cifra';
import { answerOf } from './processes.mjs';
import { BATCH, seedModel } from './seedNetwork.mjs';
import { format, table } from './text.mjs';
import { inTurn, spreadOfTimes } from './windows.mjs';

export const title = 'Cold start, ms: median (fastest to slowest process)';

const command = new URL('../dist/cli/main.js', import.meta.url).pathname;

/** `predict` and bare `node`: spreads in milliseconds. `compile`: the same of each part, see coldCompile.mjs. */
export async function measure({ quick, progress }) {
  const processes = quick ? 3 : 10;
  const folder = await mkdtemp(join(tmpdir(), 'cifra-bench-'));
  const path = join(folder, 'seed.safetensors');
  const model = seedModel({ threads: 1 });
  await saveModel(model, path);
  await model.dispose();
  progress('cold starts of cifra predict');
  const words = ['predict', '--model', path, '--index', '0', '--dataset', 'synthetic', '--json'];
  const [predict, node] = await inTurn(
    [() => answerTime([command, ...words]), () => answerTime(['--eval', 'console.log(1)'])],
    processes,
  );
  await rm(folder, { recursive: true });

  progress('cold compilations');
  const parts = [];
  for (let i = 0; i < (quick ? 3 : 7); i++) parts.push(await compileOnce());
  const compile = Object.fromEntries(
    Object.keys(parts[0]).map((part) => [part, spreadOfTimes(parts.map((times) => times[part]))]),
  );
  return { predict: spreadOfTimes(predict), node: spreadOfTimes(node), compile };
}

export function lines({ predict, node, compile }) {
  const row = (name, { median: middle, fastest, slowest }, note = '') => [
    name,
    format(middle, 1),
    `(${format(fastest, 1)} to ${format(slowest, 1)})`,
    note,
  ];
  return table([
    row('cifra predict, from process start to answer', predict, 'a saved seed model, one synthetic digit'),
    row('  node alone', node, 'the same for a program of one line'),
    row(`compiling the seed network, training at batch ${BATCH}`, compile.total, 'a fresh process, all threads'),
    row('  program', compile.program, 'layers and gradients become ops'),
    row('  plan', compile.plan, 'fusion, choice of kernels, memory'),
    row('  WebAssembly', compile.kernels, 'the first compilation of the kernels'),
    row('  all else', compile.rest, 'threads start and load the program'),
    row('first step', compile.firstStep, 'steps get faster as V8 compiles with more care'),
  ]);
}

/** Milliseconds from the start of a process to its first output. */
async function answerTime(words) {
  const begun = performance.now();
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), ended]);
  const time = performance.now() - begun;
  child.stdout.resume();
  const [code] = await ended;
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}.`);
  return time;
}

/** The parts of one cold compilation: whole and in parts are two processes, since the second of two is not cold. */
async function compileOnce() {
  const { total, firstStep } = await answerOf('./coldCompile.mjs', ['whole']);
  const { program, plan, kernels } = await answerOf('./coldCompile.mjs', ['parts']);
  return { total, program, plan, kernels, rest: Math.max(0, total - program - plan - kernels), firstStep };
}
