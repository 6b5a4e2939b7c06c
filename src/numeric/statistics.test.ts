import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, meanInterval, median, percentile, standardDeviation, wilsonInterval } from './statistics.js';

describe('wilsonInterval', () => {
  // The bounds solve (p - k/n)^2 = z^2 p (1 - p) / n; the first three are also those of R's prop.test(correct = FALSE).
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i', (count, total, low, high) => {
    const interval = wilsonInterval(count, total);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('solves its equation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0, max: 1, noNaN: true }), (total, part) => {
        const count = Math.floor(part * total);
        const share = count / total;
        const { low, high } = wilsonInterval(count, total);
        expect(low <= share && share <= high && low >= 0 && high <= 1).toBe(true);
        for (const p of [low, high]) {
          const left = (p - share) ** 2;
          const right = (1.959963984540054 ** 2 * p * (1 - p)) / total;
          expect(Math.abs(left - right)).toBeLessThan(1e-12);
        }
      }),
    );
  });

  it('ends exactly at 0 and 1', () => {
    for (const total of [1, 3, 20, 10_000, 59_999]) {
      expect(wilsonInterval(0, total).low).toBe(0);
      expect(wilsonInterval(total, total).high).toBe(1);
    }
  });

  it.each([
    [3, 2],
    [-1, 2],
    [0, 0],
    [0.5, 2],
    [NaN, 2],
  ])('refuses %d of %d', (count, total) => {
    expect(() => wilsonInterval(count, total)).toThrow(`but was given ${count} of ${total}.`);
  });
});

describe('mean, standard deviation and percentiles', () => {
  it('gives known values', () => {
    const values = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(mean(values)).toBe(5);
    expect(standardDeviation(values)).toBeCloseTo(Math.sqrt(32 / 7), 15);
    expect(median(values)).toBe(4.5);
    expect(median([3, 1, 2])).toBe(2);
    expect(mean(new Uint8Array([250, 252]))).toBe(251);
  });

  it("percentile interpolates as NumPy's", () => {
    const values = [15, 20, 35, 40, 50];
    expect([0, 5, 25, 30, 40, 50, 95, 100].map((p) => percentile(values, p))).toEqual([15, 16, 20, 23, 29, 35, 48, 50]);
  });

  it('sorts by value, not as text, and leaves its argument alone', () => {
    const values = [10, 9, 100, 1];
    expect(median(values)).toBe(9.5);
    expect(values).toEqual([10, 9, 100, 1]);
  });

  it('percentile lies between the least and the greatest value and never falls with the percentage', () => {
    const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 });
    const percent = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(values, percent, percent, (given, a, b) => {
        const [low, high] = [percentile(given, Math.min(a, b)), percentile(given, Math.max(a, b))];
        expect(low).toBeGreaterThanOrEqual(Math.min(...given));
        expect(high).toBeLessThanOrEqual(Math.max(...given));
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });

  it('refuses what has no answer', () => {
    expect(() => mean([])).toThrow('The mean needs at least 1 value, but was given 0.');
    expect(() => standardDeviation([1])).toThrow('The standard deviation needs at least 2 values, but was given 1.');
    expect(() => median([])).toThrow('The percentile needs at least 1 value');
    expect(() => percentile([1], 101)).toThrow('A percentile lies from 0 to 100, but was given 101.');
    expect(() => percentile([1], NaN)).toThrow('but was given NaN.');
  });
});

describe('meanInterval', () => {
  // Of published tables of Student's t, 95%, two-sided.
  it.each([
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [4, 2.776],
    [9, 2.262],
    [29, 2.045],
    [30, 2.042],
    [100, 1.984],
    [1000, 1.962],
  ])('with %i degrees of freedom', (freedom, t) => {
    const values = Array.from({ length: freedom + 1 }, (_, i) => 7 + (i % 3));
    const { low, high } = meanInterval(values);
    const error = standardDeviation(values) / Math.sqrt(values.length);
    expect((high - mean(values)) / error).toBeCloseTo(t, 3);
    expect((mean(values) - low) / error).toBeCloseTo(t, 3);
  });

  it('needs two values, and is a point where all are equal', () => {
    expect(() => meanInterval([1])).toThrow('The interval of the mean needs at least 2 values, but was given 1.');
    expect(meanInterval([0.5, 0.5, 0.5])).toEqual({ low: 0.5, high: 0.5 });
  });
});
