// Measuring on a machine whose speed changes from second to second: many short windows, what is to be compared in turns
// (A B A B ...), and the median with the slowest and the fastest.
import { performance } from 'node:perf_hooks';

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Of values where more is better, such as images a second. */
export function spreadOfRates(windows) {
  return { median: median(windows), slowest: Math.min(...windows), fastest: Math.max(...windows), windows };
}

/** Of values where less is better, such as milliseconds. */
export function spreadOfTimes(windows) {
  return { median: median(windows), fastest: Math.min(...windows), slowest: Math.max(...windows), windows };
}

/** The seconds that `work` takes. */
export async function secondsOf(work) {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

/**
 * Windows of all sides in turn. A side is a function that measures one window and gives its figure; the first round
 * warms up. @returns the figures of each side
 */
export async function inTurn(sides, rounds) {
  const figures = sides.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, side] of sides.entries()) {
      const figure = await side();
      if (round > 0) figures[i].push(figure);
    }
  }
  return figures;
}

/**
 * A side for `inTurn` whose windows take about so many seconds: images a second of `work(images)`, which goes through
 * that many, always whole batches and at most `most`.
 */
export async function windowOf(work, { batch, most, seconds }) {
  const limit = Math.floor(most / batch);
  let batches = 1;
  // The first call compiles.
  await work(batch);
  for (;;) {
    const taken = await secondsOf(() => work(batch * batches));
    const fitting = Math.min(limit, Math.max(1, Math.round((batches * seconds) / taken)));
    if (fitting < 2 * batches) {
      const images = batch * fitting;
      return async () => images / (await secondsOf(() => work(images)));
    }
    batches = fitting;
  }
}
