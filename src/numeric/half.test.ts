import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floatFromHalf, halfFromFloat, LARGEST_HALF } from './half.js';

describe('half precision', () => {
  it('comes back from float32, every half there is', () => {
    for (let half = 0; half < 0x1_0000; half++) {
      const number = floatFromHalf(half);
      if (Number.isNaN(number)) expect(Number.isNaN(floatFromHalf(halfFromFloat(number)))).toBe(true);
      else if (halfFromFloat(number) !== half) expect.fail(`${half} became ${halfFromFloat(number)}`);
    }
  });

  // Values of IEEE 754's tables and those between them, where the rounding shows.
  const vectors: readonly [number, number][] = [
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [1 / 3, 0x3555],
    [Math.fround(0.1), 0x2e66],
    [65504, 0x7bff],
    [-65504, 0xfbff],
    [65519.99609375, 0x7bff],
    [65520, 0x7c00],
    [3e38, 0x7c00],
    [Infinity, 0x7c00],
    [-Infinity, 0xfc00],
    // The least normal, the largest and the least subnormal.
    [2 ** -14, 0x0400],
    [2 ** -14 - 2 ** -24, 0x03ff],
    [2 ** -24, 0x0001],
    // Ties go to the even one: down to 1, up to 1 + 2/1024.
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [1 + 2 ** -11 + 2 ** -23, 0x3c01],
    // Among subnormals too, and up to the least normal.
    [2 ** -25, 0x0000],
    [-(2 ** -25), 0x8000],
    [2 ** -25 + 2 ** -48, 0x0001],
    [3 * 2 ** -25, 0x0002],
    [5 * 2 ** -25, 0x0002],
    [2 ** -14 - 2 ** -25, 0x0400],
    [2 ** -26, 0x0000],
    [1e-45, 0x0000],
  ];
  it.each(vectors)('writes %d as it is known', (number, half) => {
    expect(halfFromFloat(number)).toBe(half);
  });

  it('is the nearest there is', () => {
    const spaced = (half: number): number => Math.abs(floatFromHalf(half));
    fc.assert(
      fc.property(fc.float({ min: -LARGEST_HALF, max: LARGEST_HALF, noNaN: true }), (number) => {
        const half = halfFromFloat(number);
        const magnitude = half & 0x7fff;
        const error = Math.abs(Math.abs(number) - spaced(magnitude));
        for (const other of [magnitude - 1, magnitude + 1]) {
          if (other < 0) continue;
          const otherError = Math.abs(Math.abs(number) - spaced(other));
          expect(error < otherError || (error === otherError && magnitude % 2 === 0)).toBe(true);
        }
        expect(Math.sign(floatFromHalf(half)) * Math.sign(number)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
