import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { laterDomain } from './domain.js';

const curve = (...values: number[]) => ({ points: values.map((y, i) => ({ x: i + 1, y })) });

it('leaves out a beginning that lies far below', () => {
  expect(laterDomain([curve(0.73, 0.9903, 0.993, 0.991, 0.992, 0.9948, 0.993, 0.994)])).toEqual([0.99, 0.996]);
});

it('is not needed where all fits well, or nothing comes later', () => {
  expect(laterDomain([curve(0.97, 0.98, 0.985, 0.99)])).toBeUndefined();
  expect(laterDomain([curve(0.97)])).toBeUndefined();
  expect(laterDomain([curve(0.1, 0.99, 0.99)])).toBeUndefined();
});

it('always holds what comes after the beginning, and ends within 1', () =>
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }), (values) => {
      const domain = laterDomain([curve(...values)]);
      if (!domain) return;
      const [from, to] = domain;
      expect(to).toBeLessThanOrEqual(1);
      for (const [i, value] of values.entries()) {
        if (i <= 0.2 * (values.length - 1)) continue;
        expect(value).toBeGreaterThanOrEqual(from - 1e-6);
        expect(value).toBeLessThanOrEqual(to + 1e-6);
      }
    }),
  ));
