import { describe, expect, it } from 'vitest';
import { normal, truncatedNormal, truncatedNormalDeviation } from './distributions.js';
import { Random } from './philox.js';
import { mean, standardDeviation } from './statistics.js';

const draw = (count: number, distribution: (random: Random) => number, seed: number): number[] => {
  const random = new Random(seed, 0);
  return Array.from({ length: count }, () => distribution(random));
};

/** The share of `values` below `limit`. */
const share = (values: number[], limit: number): number =>
  values.filter((value) => value < limit).length / values.length;

describe('normal', () => {
  const values = draw(100_000, normal, 1);

  it('has mean 0, deviation 1, skewness 0 and kurtosis 3', () => {
    expect(mean(values)).toBeCloseTo(0, 1);
    expect(Math.abs(mean(values))).toBeLessThan(0.015);
    expect(Math.abs(standardDeviation(values) - 1)).toBeLessThan(0.012);
    expect(Math.abs(mean(values.map((value) => value ** 3)))).toBeLessThan(0.04);
    expect(Math.abs(mean(values.map((value) => value ** 4)) - 3)).toBeLessThan(0.16);
  });

  it('has the shares of the normal distribution below given points', () => {
    for (const [limit, wanted] of [
      [-2, 0.0227501],
      [-1, 0.1586553],
      [0, 0.5],
      [0.5, 0.6914625],
      [1.959964, 0.975],
      [3, 0.9986501],
    ] as const) {
      expect(Math.abs(share(values, limit) - wanted), `below ${limit}`).toBeLessThan(0.008);
    }
  });

  it('takes two words and gives the pinned values of seed 42', () => {
    const random = new Random(42, 1);
    const twin = new Random(42, 1);
    const given = [normal(random), normal(random)];
    for (let i = 0; i < 4; i++) twin.uint32();
    expect(random.uint32()).toBe(twin.uint32());
    expect(given).toEqual([-0.4313637837331107, 0.1950750793598997]);
  });
});

describe('truncatedNormal', () => {
  const values = draw(60_000, truncatedNormal, 2);

  it('stays within two deviations and comes close to both', () => {
    const [least, most] = [Math.min(...values), Math.max(...values)];
    expect(least).toBeGreaterThanOrEqual(-2);
    expect(least).toBeLessThan(-1.99);
    expect(most).toBeLessThanOrEqual(2);
    expect(most).toBeGreaterThan(1.99);
  });

  it('has mean 0 and its known deviation', () => {
    expect(Math.abs(mean(values))).toBeLessThan(0.02);
    expect(Math.abs(standardDeviation(values) - truncatedNormalDeviation)).toBeLessThan(0.012);
  });

  it('is the cut normal distribution, not a clipped one', () => {
    expect(Math.abs(share(values, -1) - (0.1586553 - 0.0227501) / 0.9544997)).toBeLessThan(0.008);
    expect(values.filter((value) => Math.abs(value) === 2)).toEqual([]);
  });
});
