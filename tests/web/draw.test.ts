import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, anySquare, drawLines } from '../../scripts/hand.mjs';
import { syntheticStrokes } from '../../src/data/synthetic/index.js';
import { Random, streams } from '../../src/numeric/philox.js';
import { chromium, type Served, servePage, Visit } from './site.js';

/** Nothing was trained with it. */
const SEED = 8_000_001;

let served: Served;
beforeAll(async () => void (served = await servePage()));
afterAll(() => served.close());

describe(`drawing ${chromium.name}`, chromium.options, () => {
  it('is read, whatever the digit, its size and its place', async () => {
    await using visit = await Visit.open(served.url);
    const { page } = visit;
    const clear = page.getByRole('button', { name: 'Clear' });
    const wrong: string[] = [];
    const COUNT = 50;
    for (let index = 0; index < COUNT; index++) {
      const { digit, strokes } = syntheticStrokes({ seed: SEED, index });
      const random = new Random(SEED, streams.synthetic, index, 2);
      await drawLines(
        page,
        strokes.map(thinned),
        anySquare((low, high) => random.uniform(low, high)),
      );
      const answer = await answerOf(page);
      if (answer.digit !== String(digit)) wrong.push(`${index}: ${digit} as ${answer.digit} (${answer.words})`);
      await clear.click();
    }
    expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(0.05 * COUNT);
  });
});

/** As quick as a hand may be. */
function thinned<T>(points: readonly T[]): T[] {
  const step = Math.max(1, Math.floor(points.length / 12));
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}
