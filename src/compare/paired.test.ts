import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mcnemar, pairedInterval } from './paired.js';

describe('mcnemar', () => {
  // By hand: 2 sum_{k <= min} C(n, k) / 2^n.
  it.each([
    [0, 1, 1],
    [0, 5, 2 / 32],
    [1, 5, (2 * (1 + 6)) / 64],
    [2, 8, (2 * (1 + 10 + 45)) / 1024],
    [3, 3, 1],
    [0, 0, 1],
  ])('%i and %i', (first, second, p) => {
    expect(mcnemar(first, second).pValue).toBeCloseTo(p, 14);
    expect(mcnemar(second, first).pValue).toBeCloseTo(p, 14);
    expect(mcnemar(first, second).discordant).toBe(first + second);
  });

  it('of the approval ratings in Agresti ("Categorical Data Analysis"): 150 and 86 changed their minds', () => {
    expect(mcnemar(150, 86).pValue).toBeCloseTo(3.715936139571442e-5, 12);
  });

  it('gives the mid-p value by hand', () => {
    expect(mcnemar(1, 5).midP).toBeCloseTo((2 * 7 - 6) / 64, 14);
    expect(mcnemar(0, 5).midP).toBeCloseTo(1 / 32, 14);
    // C(6, 3) / 64 counted by half
    expect(mcnemar(3, 3).midP).toBeCloseTo(1 - 20 / 64 / 2, 14);
    expect(mcnemar(0, 0).midP).toBe(0.5);
  });

  it('agrees with exact integers for larger numbers', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (first, second) => {
        const total = first + second;
        let [sum, term] = [0n, 1n];
        for (let k = 0; k <= Math.min(first, second); k++) {
          sum += term;
          term = (term * BigInt(total - k)) / BigInt(k + 1);
        }
        // To 60 binary digits behind the point.
        const exact = Number((2n * sum * (1n << 60n)) / (1n << BigInt(total))) / Number(1n << 60n);
        expect(mcnemar(first, second).pValue).toBeCloseTo(first === second ? 1 : Math.min(1, exact), 11);
      }),
    );
  });

  it('is symmetric, lies from 0 to 1, and its mid-p value is below', () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(20_000), (first, second) => {
        const test = mcnemar(first, second);
        expect(mcnemar(second, first)).toEqual(test);
        for (const p of [test.pValue, test.midP]) expect(p >= 0 && p <= 1).toBe(true);
        expect(test.midP).toBeLessThanOrEqual(test.pValue);
      }),
      { numRuns: 50 },
    );
  });

  it('falls as the share gets more uneven', () => {
    const values = [20, 15, 10, 5, 0].map((few) => mcnemar(few, 40 - few).pValue);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(mcnemar(0, 3000).pValue).toBe(0);
  });

  it('refuses what is no count', () => {
    expect(() => mcnemar(-1, 2)).toThrow('onlyFirst must be a whole number from 0, but is -1.');
    expect(() => mcnemar(1, 2.5)).toThrow('onlySecond');
  });
});

describe('pairedInterval', () => {
  const counts = (bothRight: number, onlyFirst: number, onlySecond: number, bothWrong: number) => ({
    ...{ bothRight, onlyFirst, onlySecond, bothWrong },
  });

  // The paper's formulas computed by another program; the first are counts of an example in it, as is its interval.
  it.each([
    [36, 12, 2, 0, 0.0569, 0.3404],
    [36, 14, 0, 0, 0.1528, 0.4167],
    [794, 150, 86, 570, 0.0212, 0.0587],
    [0, 0, 0, 30, -0.1135, 0.1135],
  ])('of %i, %i, %i, %i', (a, b, c, d, low, high) => {
    const interval = pairedInterval(counts(a, b, c, d));
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('holds the difference, turns round with its classifiers, and lies within -1 and 1', () => {
    const count = fc.nat(3000);
    fc.assert(
      fc.property(count, count, count, count, (a, b, c, d) => {
        const total = a + b + c + d;
        fc.pre(total > 0);
        const { low, high } = pairedInterval(counts(a, b, c, d));
        const difference = (b - c) / total;
        expect(low <= difference + 1e-12 && difference <= high + 1e-12).toBe(true);
        expect(low >= -1 - 1e-9 && high <= 1 + 1e-9).toBe(true);
        const turned = pairedInterval(counts(a, c, b, d));
        expect(turned.low).toBeCloseTo(-high, 12);
        expect(turned.high).toBeCloseTo(-low, 12);
      }),
    );
  });

  it('refuses no images', () => {
    expect(() => pairedInterval(counts(0, 0, 0, 0))).toThrow('total >= 1');
  });
});
