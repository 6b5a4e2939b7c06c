// Images a second of the seed network, in training and in inference, by batch size and threads; strict numerics, and at
// batch 128 relaxed ones too. Whole calls of `fit` and `predict`: filling the batches is part of it.
import { BATCH, infer, inputsOf, noise, seedModel, train } from './seedNetwork.mjs';
import { format, table } from './text.mjs';
import { inTurn, spreadOfRates, windowOf } from './windows.mjs';

export const title = 'Throughput of the seed network, images/s: median (slowest to fastest window)';

const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const QUICK_BATCHES = [1, 8, 32, 128, 512];
const MOST_IMAGES = 16_384;
const tasks = { training: train, inference: infer };

/** A list of { task, numerics, threads, batch, median, slowest, fastest, windows }. */
export async function measure({ quick, threads, numerics, progress }) {
  const images = inputsOf(noise(quick ? MOST_IMAGES / 4 : MOST_IMAGES));
  const effort = quick ? { rounds: 3, seconds: 0.1 } : { rounds: 5, seconds: 0.3 };
  progress('throughput: warming up');
  await warmUp(numerics, threads, images);
  const results = [];
  for (const batch of quick ? QUICK_BATCHES : BATCHES) {
    // Windows of all threads and numerics take turns.
    const kinds = (batch === BATCH ? numerics : ['strict']).flatMap((kind) =>
      threads.map((count) => ({ numerics: kind, threads: count })),
    );
    const models = kinds.map(seedModel);
    for (const [task, work] of Object.entries(tasks)) {
      progress(`throughput: ${task}, batch ${batch}`);
      const sides = [];
      for (const model of models) {
        const most = images[0].shape[0];
        const go = (count) => work(model, images, count, batch);
        sides.push(await windowOf(go, { batch, most, seconds: effort.seconds }));
      }
      const figures = await inTurn(sides, effort.rounds);
      kinds.forEach((kind, i) => results.push({ task, ...kind, batch, ...spreadOfRates(figures[i]) }));
    }
    for (const model of models) await model.dispose();
  }
  return results;
}

/** V8 compiles a kernel with more care once it has been used for a while. */
async function warmUp(numerics, threads, images) {
  for (const kind of numerics) {
    const model = seedModel({ numerics: kind, threads: threads.at(-1) });
    for (const work of Object.values(tasks)) await work(model, images, 8 * BATCH, BATCH);
    await model.dispose();
  }
}

export function lines(results) {
  const unique = (values) => [...new Set(values)];
  const threads = unique(results.map((result) => result.threads));
  const heads = threads.map((count) => (count === 1 ? '1 thread' : `${count} threads`));
  const ratioHead = threads.length > 1 ? [`${threads.at(-1)} to 1`] : [];
  return unique(results.map(({ task }) => task)).flatMap((task) => {
    const rows = unique(results.map(({ batch }) => batch)).flatMap((batch) =>
      ['strict', 'relaxed'].flatMap((numerics) => {
        const name = `${format(batch)}${numerics === 'relaxed' ? ' relaxed' : ''}`;
        const sides = results.filter((one) => one.task === task && one.batch === batch && one.numerics === numerics);
        return sides.length > 0 ? [[name, ...cellsOf(sides)]] : [];
      }),
    );
    return ['', ...table([[`${task}, batch`, ...heads, ...ratioHead], ...rows])];
  });
}

/** The rate at every number of threads, and the ratio of the last to the first. */
function cellsOf(sides) {
  const rates = sides.map(({ median, slowest, fastest }) => {
    return `${format(median)} (${format(slowest)} to ${format(fastest)})`;
  });
  return sides.length > 1 ? [...rates, format(sides.at(-1).median / sides[0].median, 2)] : rates;
}
