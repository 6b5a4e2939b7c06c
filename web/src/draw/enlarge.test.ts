import { describe, expect, it } from 'vitest';
import { syntheticDigits } from '../../../src/data/synthetic/index.js';
import type { RgbaPicture } from '../../../src/digit/index.js';
import { shippedGate, shippedModel } from '../../../src/index.js';
import { DigitReader } from '../../../src/reading/index.js';
import { enlarged } from './enlarge.js';

const COUNT = 100;

describe('an image of a dataset on the pad', () => {
  it('keeps paper white and ink black', () => {
    const image = new Uint8Array(784);
    image.fill(255, 14 * 28, 16 * 28);
    const { width, height, data } = enlarged(image);
    expect([width, height, data.length]).toEqual([280, 280, 4 * 280 * 280]);
    const at = (x: number, y: number): number[] => [...data.subarray(4 * (y * 280 + x), 4 * (y * 280 + x) + 4)];
    expect(at(5, 5)).toEqual([255, 255, 255, 255]);
    expect(at(140, 150)).toEqual([0, 0, 0, 255]);
    expect(at(140, 139)[0]).toBeGreaterThan(100);
  });

  it('is read as the image itself is', async () => {
    await using model = await shippedModel();
    await using gate = await shippedGate();
    const reader = new DigitReader({ model, gate });
    const { images } = syntheticDigits({ count: COUNT, seed: 20_000_000 });
    const each = Array.from({ length: COUNT }, (_, i) => images.data.slice(i * 784, (i + 1) * 784));
    const small = await reader.readAll(each.map(asItIs));
    const large = await reader.readAll(each.map(enlarged));
    const same = small.filter(({ label }, i) => label === large[i]!.label).length;
    expect(same / COUNT).toBeGreaterThanOrEqual(0.97);
  });
});

/** 28 x 28 pixels, white ink on black. */
function asItIs(image: Uint8Array): RgbaPicture {
  const data = new Uint8ClampedArray(4 * 784).fill(255);
  image.forEach((ink, i) => data.fill(ink, 4 * i, 4 * i + 3));
  return { width: 28, height: 28, data };
}
