import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstImages } from './contents.js';
import { normalize } from './normalize.js';
import { oneHot } from './oneHot.js';
import { shuffleOrder } from './shuffle.js';
import { splitIndices, splitTrain, take } from './split.js';

const labels = Uint8Array.from({ length: 1000 }, (_, i) => (i < 700 ? 1 : i < 950 ? 2 : 7));

/** Images whose pixels all hold their own index. */
function numbered(count: number) {
  return {
    images: { data: Uint8Array.from({ length: count * 784 }, (_, i) => i / 784), shape: [count, 28, 28, 1] },
    labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
  };
}

describe('splitIndices', () => {
  it('puts every image into exactly one part, of the size asked for', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 2, maxLength: 300, max: 9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        fc.nat(),
        (given, share, stratified, seed) => {
          const validation = 1 + Math.floor(share * (given.length - 2));
          const split = splitIndices(given, { validation, seed, stratified });
          expect(split.validation).toHaveLength(validation);
          expect([...split.train, ...split.validation].sort((a, b) => a - b)).toEqual([...given.keys()]);
        },
      ),
    );
  });

  it('keeps every class at its share, within one image, when stratified', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 300, max: 9 }), fc.nat(), (given, seed) => {
        const { validation } = splitIndices(given, { validation: 0.3, seed, stratified: true });
        for (let label = 0; label < 10; label++) {
          const all = given.filter((other) => other === label).length;
          const heldOut = validation.filter((i) => given[i] === label).length;
          expect(Math.abs(heldOut - (all * validation.length) / given.length)).toBeLessThan(1);
        }
      }),
    );
    const { validation } = splitIndices(labels, { validation: 0.1, seed: 3, stratified: true });
    expect([1, 2, 7].map((label) => validation.filter((i) => labels[i] === label).length)).toEqual([70, 25, 5]);
  });

  it('depends on the seed alone, and is not the beginning or the end', () => {
    const one = splitIndices(labels, { validation: 100, seed: 1 });
    expect(splitIndices(labels, { validation: 0.1, seed: 1 })).toEqual(one);
    const two = splitIndices(labels, { validation: 100, seed: 2 });
    expect(two.validation).not.toEqual(one.validation);
    expect(one.validation[0]).toBeLessThan(100);
    expect(one.validation.at(-1)).toBeGreaterThan(900);
    // Held here so that runs of this version can be made again by later ones.
    expect([...one.validation.subarray(0, 5)]).toEqual([3, 5, 27, 30, 31]);
  });

  it.each([0, -0.1, 1000, 1001, 1.5, NaN, 0.0001])('refuses to hold out %d of 1000', (validation) => {
    expect(() => splitIndices(labels, { validation, seed: 0 })).toThrow(
      `${validation} of 1000 images were to be held out for validation, which must leave images in both parts.\n  Give a share`,
    );
  });
});

describe('splitTrain', () => {
  it('copies images and labels together', () => {
    const source = { ...numbered(50), labels: Uint8Array.from({ length: 50 }, (_, i) => i % 10) };
    const { train, validation } = splitTrain(source, { validation: 10, seed: 5, stratified: true });
    expect(train.images.shape).toEqual([40, 28, 28, 1]);
    expect([...validation.labels].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const part of [train, validation]) {
      part.labels.forEach((label, i) => {
        const pixels = new Set(part.images.data.subarray(i * 784, (i + 1) * 784));
        expect([...pixels].map((pixel) => pixel % 10)).toEqual([label]);
      });
    }
    train.images.data.fill(255);
    expect(source.images.data.includes(255)).toBe(false);
  });

  it('keeps the divisor of normalized images', () => {
    const source = numbered(4);
    const { train } = splitTrain({ ...source, images: normalize(source.images) }, { validation: 1, seed: 0 });
    expect(train.images.divisor).toBe(255);
  });
});

describe('take and firstImages', () => {
  it('take rows in the order given, repeated if asked', () => {
    const taken = take(numbered(5), [3, 0, 3]);
    expect([...taken.labels]).toEqual([3, 0, 3]);
    expect([0, 784, 1568].map((at) => taken.images.data[at])).toEqual([3, 0, 3]);
    expect(() => take(numbered(5), [5])).toThrow('There is no image 5 among 5.');
  });

  it('takes no more than there are', () => {
    expect(firstImages(numbered(5), 2).images.shape).toEqual([2, 28, 28, 1]);
    expect(firstImages(numbered(5), 9).labels).toHaveLength(5);
    expect(firstImages(numbered(5)).labels).toHaveLength(5);
  });
});

describe('oneHot', () => {
  it('is 1 at the class and 0 elsewhere', () => {
    const { data, shape } = oneHot(new Uint8Array([2, 0]), 3);
    expect(shape).toEqual([2, 3]);
    expect(data).toEqual(new Float32Array([0, 0, 1, 1, 0, 0]));
    expect(oneHot([9]).shape).toEqual([1, 10]);
  });

  it.each([10, -1, 0.5])('refuses label %d', (label) => {
    expect(() => oneHot([0, label])).toThrow(
      `Label ${label} at index 1 is not one of 10 classes, which are 0 to 9.\n  Give as many classes`,
    );
  });
});

describe('normalize', () => {
  it('shares the bytes and divides by 255, once', () => {
    const { images } = numbered(2);
    expect(normalize(normalize(images))).toEqual({ ...images, divisor: 255 });
    expect(normalize(images).data).toBe(images.data);
  });
});

describe('shuffleOrder', () => {
  it('visits each image once, in another order each epoch and seed, the same each time', () => {
    const order = shuffleOrder(1000, 7, 0);
    expect([...order].sort((a, b) => a - b)).toEqual([...Array(1000).keys()]);
    expect(shuffleOrder(1000, 7, 0)).toEqual(order);
    expect(shuffleOrder(1000, 7, 1)).not.toEqual(order);
    expect(shuffleOrder(1000, 8, 0)).not.toEqual(order);
  });
});
