// How evenly the work could be shared by more threads than this machine has cores: counted from the plan, not timed. In
// every stage the busiest of so many equally fast threads has as many portions as come to it, and the others wait.
import { planProgram } from '../dist/engine/wasm/plan.js';
import { busiestShare } from '../dist/engine/wasm/portions.js';
import { programs } from './seedNetwork.mjs';
import { format, table } from './text.mjs';

export const title = 'Balance of the split, by counting: times as fast as one thread at best';

const THREADS = [2, 3, 4, 6, 8];
const BATCHES = [64, 128];

export function measure() {
  return BATCHES.flatMap((batch) =>
    ['training', 'inference'].map((what) => ({
      batch,
      what,
      speedups: THREADS.map((threads) => {
        const plan = planProgram(programs[what](batch), threads);
        return { threads, speedup: 1 / busiestShare(plan, batch, threads) };
      }),
    })),
  );
}

export function lines(rows) {
  return table([
    ['', ...THREADS.map((threads) => `${threads} threads`)],
    ...rows.map(({ batch, what, speedups }) => [
      `${what}, batch ${batch}`,
      ...speedups.map(({ speedup }) => format(speedup, 2)),
    ]),
  ]);
}
