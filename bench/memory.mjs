// Memory of a process that does nothing else: MNIST loaded, the seed network trained at batch 128.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { BATCH } from './seedNetwork.mjs';
import { format, table } from './text.mjs';

export const title = 'Memory of a process of its own, MB (resident)';

/** See memoryProcess.mjs for what it sends. */
export async function measure({ quick, progress }) {
  progress('memory');
  const child = fork(new URL('./memoryProcess.mjs', import.meta.url), quick ? ['quick'] : [], {
    execArgv: ['--expose-gc'],
  });
  const ended = once(child, 'exit');
  const [answer] = await Promise.race([once(child, 'message'), ended]);
  await ended;
  if (typeof answer !== 'object') throw new Error(`The process that measures memory ended with ${answer}.`);
  return answer;
}

export function lines({ images, start, loaded, peak, planned, steps, growth, growthSteps }) {
  return table([
    ['at the start', format(start), 'Node and Cifra'],
    ['images loaded', format(loaded), images],
    ['peak', format(peak), `after ${steps} steps at batch ${BATCH}, all threads; ${format(planned)} MB of it planned`],
    ['growth per 1,000 steps', format(growth, 2), `over ${format(growthSteps)} steps of a small network`],
  ]);
}
