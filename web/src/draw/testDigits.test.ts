import { describe, expect, it } from 'vitest';
import { anotherDigit } from './testDigits.js';

const digits = [3, 8].map((label) => ({ image: new Uint8Array(784).fill(10 * label), label }));

describe('a digit from the test set', () => {
  it('is synthetic where the page has no test set, or cannot read it', async () => {
    const one = await anotherDigit(undefined);
    const two = await anotherDigit(() => Promise.reject(new Error('gone')));
    for (const { origin, picture } of [one, two]) {
      expect(origin.name).toBe('A synthetic digit');
      expect(origin.label).toBeGreaterThanOrEqual(0);
      expect(picture.width).toBe(280);
    }
    expect(two.picture.data).not.toEqual(one.picture.data);
  });

  it('is another one of the test set each time', async () => {
    const seen = [await anotherDigit(() => Promise.resolve(digits)), await anotherDigit(undefined)];
    expect(seen.map(({ origin }) => origin.label).sort()).toEqual([3, 8]);
    for (const { origin, picture } of seen) {
      expect(origin.name).toBe('A test image of MNIST');
      expect(picture.data[0]).toBe(255 - 10 * origin.label);
    }
  });
});
