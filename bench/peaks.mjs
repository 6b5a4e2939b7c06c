// What the machine gives at most, in WebAssembly's 128-bit vectors: multiply-adds a second, and bytes a second to and
// from memory for working sets that fit into a core's first cache, its second, and into none. The best of some windows
// each, in one thread, and in all threads at once.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { compileLoops } from './peakLoops.mjs';
import { format, table } from './text.mjs';

export const title = "The machine's peaks";

const KB = 2 ** 10;
const MB = 2 ** 20;

/** Of one thread. Many threads together need less each to be larger than the cache they share. */
const workingSets = [
  { name: 'first cache', bytes: () => 16 * KB },
  { name: 'second cache', bytes: () => 192 * KB },
  { name: 'main memory', bytes: (threads) => Math.max((128 * MB) / threads, 32 * MB) },
];

/**
 * `multiplyAdds`: GFLOP/s (a multiply-add is two) by numerics; `memory`: GB/s read and written together, by working
 * set, the largest last. Of `one` thread and of `all`.
 */
export async function measure({ quick, cores, numerics, progress }) {
  // Short ones, so that some are undisturbed.
  const [windows, seconds] = quick ? [25, 0.015] : [40, 0.03];
  const multiplyAdds = {};
  for (const kind of numerics) {
    progress(`the peak of multiply-adds, ${kind}`);
    const module = await compileLoops(kind);
    if (!module) continue;
    const best = (threads) => fastest(module, threads, windows, { loop: 'multiplyAdds', seconds });
    multiplyAdds[kind] = { one: await best(1), all: await best(cores) };
  }
  const memory = [];
  const module = await compileLoops('strict');
  for (const { name, bytes } of workingSets) {
    progress(`the bandwidth of the ${name}`);
    const best = (threads) => fastest(module, threads, windows, { loop: 'copy', workingSet: bytes(threads), seconds });
    memory.push({ name, workingSet: [bytes(1), bytes(cores)], one: await best(1), all: await best(cores) });
  }
  return { threads: cores, multiplyAdds, memory };
}

export function lines({ threads, multiplyAdds, memory }) {
  const size = (bytes) => (bytes < MB ? `${bytes / KB} KB` : `${Math.round(bytes / MB)} MB`);
  const both = ([one, all]) => (one === all ? `${size(one)} a thread` : `${size(one)}; ${size(all)} a thread`);
  return table([
    ['', '1 thread', `${threads} threads`, ''],
    ...Object.entries(multiplyAdds).map(([kind, { one, all }]) => [
      `multiply-adds, ${kind}`,
      `${format(one, 1)} GFLOP/s`,
      `${format(all, 1)} GFLOP/s`,
      kind === 'relaxed' ? 'fused' : 'a product, then a sum',
    ]),
    ...memory.map(({ name, workingSet, one, all }) => [
      name,
      `${format(one, 1)} GB/s`,
      `${format(all, 1)} GB/s`,
      `copying within ${both(workingSet)}`,
    ]),
  ]);
}

/** The best window of so many threads together. */
async function fastest(module, threads, windows, order) {
  const workers = Array.from({ length: threads }, () => {
    return new Worker(new URL('./peakThread.mjs', import.meta.url), { workerData: module });
  });
  let best = 0;
  // The first window warms up.
  for (let window = 0; window <= windows; window++) {
    const rates = await Promise.all(workers.map((worker) => answerTo(worker, order)));
    const sum = rates.reduce((total, rate) => total + rate, 0);
    if (window > 0) best = Math.max(best, sum);
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  return best;
}

async function answerTo(worker, order) {
  const answer = once(worker, 'message');
  worker.postMessage(order);
  const [rate] = await answer;
  return rate;
}
