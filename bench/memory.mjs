// Memory of processes that do nothing else: one with MNIST loaded that trains the seed network at batch 128, and one
// that trains a small network for thousands of steps.
import { answerOf } from './processes.mjs';
import { BATCH } from './seedNetwork.mjs';
import { format, table } from './text.mjs';

export const title = 'Memory of a process of its own, MB (resident)';

/** What memoryProcess.mjs sends, of both. */
export async function measure({ quick, progress }) {
  const ask = async (...words) => answerOf('./memoryProcess.mjs', words, ['--expose-gc']);
  progress('peak memory');
  const peak = await ask('peak', quick ? 10 : 50);
  progress('growth of memory');
  return { ...peak, ...(await ask('growth', quick ? 2048 : 8192)) };
}

export function lines({ images, start, loaded, peak, planned, steps, growth, growthSteps }) {
  return table([
    ['at the start', format(start), 'Node and Cifra'],
    ['images loaded', format(loaded), images],
    ['peak', format(peak), `after ${steps} steps at batch ${BATCH}, all threads; ${format(planned)} MB of it planned`],
    ['growth per 1,000 steps', format(growth, 2), `over ${format(growthSteps)} steps of a small network`],
  ]);
}
