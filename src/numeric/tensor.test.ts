import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CifraError } from './errors.js';
import { formatShape, rows, sizeOf, tensor } from './tensor.js';

describe('tensor', () => {
  it('holds data and shape as given, and a divisor only if it is not 1', () => {
    const data = new Uint8Array(2 * 3);
    expect(tensor(data, [2, 3])).toStrictEqual({ data, shape: [2, 3] });
    expect(tensor(data, [2, 3], 255)).toStrictEqual({ data, shape: [2, 3], divisor: 255 });
    expect(tensor(data, [2, 3]).data).toBe(data);
  });

  it('takes scalars and empty tensors', () => {
    expect(tensor(new Float32Array(1), []).shape).toEqual([]);
    expect(tensor(new Float32Array(0), [0, 28, 28, 1]).shape).toEqual([0, 28, 28, 1]);
  });

  it.each([[[2, 2]], [[3]], [[-1, -5]], [[2.5, 2]], [[NaN]]])('refuses 5 values for shape %j', (shape) => {
    const make = (): unknown => tensor(new Float32Array(5), shape);
    expect(make).toThrow(CifraError);
    expect(make).toThrow(`A tensor of shape ${formatShape(shape)} needs ${sizeOf(shape)} values, but was given 5.`);
    expect(make).toThrow('Give a shape of whole numbers whose product is the number of values.');
  });
});

it('sizeOf is the product, 1 for a scalar', () => {
  expect([sizeOf([]), sizeOf([7]), sizeOf([60000, 28, 28, 1]), sizeOf([3, 0])]).toEqual([1, 7, 47_040_000, 0]);
});

it('formatShape prints as messages do', () => {
  expect([formatShape([]), formatShape([60000, 28, 28, 1])]).toEqual(['[]', '[60000, 28, 28, 1]']);
});

describe('rows', () => {
  it('takes the same values as indexing, shares memory and keeps the divisor', () => {
    fc.assert(
      fc.property(fc.nat(6), fc.nat(4), fc.nat(3), fc.nat(), fc.nat(), (count, height, width, a, b) => {
        const source = tensor(
          Int32Array.from({ length: count * height * width }, (_, i) => i),
          [count, height, width],
          3,
        );
        const [begin, end] = [a % (count + 1), b % (count + 1)].sort((x, y) => x - y) as [number, number];
        const part = rows(source, begin, end);
        expect(part.shape).toEqual([end - begin, height, width]);
        expect(part.divisor).toBe(3);
        expect(part.data.buffer).toBe(source.data.buffer);
        expect([...part.data]).toEqual([...source.data].slice(begin * height * width, end * height * width));
      }),
    );
  });

  it.each([
    [-1, 2],
    [0, 5],
    [3, 2],
    [0.5, 2],
  ])('refuses rows %d to %d of 4', (begin, end) => {
    const source = tensor(new Float32Array(8), [4, 2]);
    expect(() => rows(source, begin, end)).toThrow(`Rows ${begin} to ${end} do not lie within the 4 rows`);
  });
});
