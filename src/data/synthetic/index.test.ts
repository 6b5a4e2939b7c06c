import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CifraError } from '../../numeric/errors.js';
import { syntheticDigits, syntheticStrokes } from './index.js';

const SIDE = 28;

/** What a test wants to know of one image. */
function measure(image: Uint8Array) {
  let left = SIDE;
  let right = -1;
  let top = SIDE;
  let bottom = -1;
  let mass = 0;
  let massX = 0;
  let massY = 0;
  let edge = 0;
  const ink = (x: number, y: number) => (x < 0 || y < 0 ? 0 : image[y * SIDE + x]!);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const value = ink(x, y);
      const dx = value - ink(x - 1, y);
      const dy = value - ink(x, y - 1);
      edge += Math.sqrt(dx * dx + dy * dy);
      mass += value;
      massX += value * x;
      massY += value * y;
      if (value === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return {
    longerSide: Math.max(right - left, bottom - top) + 1,
    centreX: massX / mass,
    centreY: massY / mass,
    mean: mass / SIDE / SIDE,
    // A long line of this width has two edges: its area over half of its outline.
    strokeWidth: (2 * mass) / edge,
  };
}

const { images, labels } = syntheticDigits({ count: 3000, seed: 7 });
const imageAt = (i: number) => images.data.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE);
const measures = Array.from(labels, (_, i) => measure(imageAt(i)));
const quantile = (values: number[], q: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))]!;

describe('syntheticDigits', () => {
  it('gives images [count, 28, 28, 1] as bytes and as many labels', () => {
    expect(images.shape).toEqual([3000, 28, 28, 1]);
    expect(images.data.length).toBe(3000 * 784);
    expect(images.divisor).toBeUndefined();
    expect(labels.length).toBe(3000);
    expect(syntheticDigits({ count: 0, seed: 1 }).images.shape).toEqual([0, 28, 28, 1]);
  });

  it('makes any slice again, whatever its begin and length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2990 }), fc.integer({ min: 0, max: 10 }), (firstIndex, count) => {
        const slice = syntheticDigits({ count, seed: 7, firstIndex });
        expect(slice.labels).toEqual(labels.slice(firstIndex, firstIndex + count));
        expect(slice.images.data).toEqual(images.data.slice(firstIndex * 784, (firstIndex + count) * 784));
      }),
      { numRuns: 30 },
    );
  });

  it('makes other digits from another seed, also where only the high word of the seed differs', () => {
    const of = (seed: number) => syntheticDigits({ count: 20, seed }).images.data;
    expect(of(8)).not.toEqual(of(7));
    expect(of(7 + 2 ** 32)).not.toEqual(of(7));
  });

  it('never repeats an image', () => {
    const seen = new Set(measures.map((_, i) => Buffer.from(imageAt(i)).toString('base64')));
    expect(seen.size).toBe(3000);
  });

  it('holds each digit once in every ten, in changing order', () => {
    const orders = new Set<string>();
    for (let block = 0; block < 300; block++) {
      const ten = labels.slice(block * 10, block * 10 + 10);
      orders.add(ten.join(''));
      expect([...ten].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
    expect(orders.size).toBeGreaterThan(295);
  });

  it('keeps its pixels, bit for bit, on every machine', () => {
    const first = syntheticDigits({ count: 100, seed: 1 });
    const hash = createHash('sha256').update(first.images.data).update(first.labels).digest('hex');
    expect(hash).toBe('47a50a36793cda72d70b9119a94d6d457c1e202a1388d6e90ab80b06f4fac8eb');
  });

  it('fills 20 pixels with the longer side of the ink', () => {
    expect(measures.filter(({ longerSide }) => longerSide !== 20)).toEqual([]);
  });

  it('puts the centre of mass within half a pixel of index 14', () => {
    const far = measures.filter((m) => Math.abs(m.centreX - 14) > 0.51 || Math.abs(m.centreY - 14) > 0.51);
    expect(far).toEqual([]);
  });

  it("has MNIST's amount of ink: 33.3 of 255 on average", () => {
    const mean = measures.reduce((sum, m) => sum + m.mean, 0) / measures.length;
    expect(mean).toBeGreaterThan(31.5);
    expect(mean).toBeLessThan(35.5);
  });

  it("has MNIST's widths of line: 10% below 1.76 px, median 2.39, 10% above 3.30 by this measure", () => {
    const widths = measures.map((m) => m.strokeWidth);
    expect(Math.abs(quantile(widths, 0.1) - 1.76)).toBeLessThan(0.2);
    expect(Math.abs(quantile(widths, 0.5) - 2.39)).toBeLessThan(0.2);
    expect(Math.abs(quantile(widths, 0.9) - 3.3)).toBeLessThan(0.3);
  });

  it("has MNIST's grey levels: ink on 19% of the pixels, 30% of these (nearly) full, every digit reaching black", () => {
    const ink = images.data.filter((value) => value > 0);
    expect(ink.length / images.data.length).toBeGreaterThan(0.17);
    expect(ink.length / images.data.length).toBeLessThan(0.22);
    const full = ink.filter((value) => value >= 253).length / ink.length;
    expect(full).toBeGreaterThan(0.25);
    expect(full).toBeLessThan(0.4);
    expect(measures.filter((_, i) => Math.max(...imageAt(i)) < 200)).toEqual([]);
  });

  it.each([
    [{ count: -1, seed: 1 }, 'syntheticDigits was given count -1; expected a whole number from 0 to 4294967296.'],
    [{ count: 1.5, seed: 1 }, 'count 1.5'],
    [{ count: 1, seed: Number.NaN }, 'seed NaN; expected a whole number from 0 to 9007199254740991.'],
    [{ count: 1, seed: 2 ** 53 }, 'seed 9007199254740992'],
    [
      { count: 2, seed: 1, firstIndex: 2 ** 32 - 1 },
      'firstIndex 4294967295; expected a whole number from 0 to 4294967294.',
    ],
  ])('refuses %o', (options, message) => {
    expect(() => syntheticDigits(options)).toThrow(CifraError);
    expect(() => syntheticDigits(options)).toThrow(message);
  });

  it('reaches the last index', () => {
    expect(syntheticDigits({ count: 1, seed: 1, firstIndex: 2 ** 32 - 1 }).labels.length).toBe(1);
  });
});

describe('syntheticStrokes', () => {
  it('gives lines whose extent has the longer side 1 and lies centred in the unit square', () => {
    for (let index = 0; index < 300; index++) {
      const { digit, strokes } = syntheticStrokes({ seed: 7, index });
      expect(digit).toBe(labels[index]);
      expect(strokes.length).toBeGreaterThan(0);
      for (const stroke of strokes) expect(stroke.length).toBeGreaterThan(1);
      const xs = strokes.flat().map(({ x }) => x);
      const ys = strokes.flat().map(({ y }) => y);
      const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
      expect(Math.max(right - left, bottom - top)).toBeCloseTo(1, 12);
      expect(left + right).toBeCloseTo(1, 12);
      expect(top + bottom).toBeCloseTo(1, 12);
    }
  });

  it('are what the image of that index is drawn from: ink lies along them', () => {
    let covered = 0;
    let points = 0;
    for (let index = 0; index < 200; index++) {
      const { strokes } = syntheticStrokes({ seed: 7, index });
      const image = imageAt(index);
      const inkRows = Array.from({ length: SIDE }, (_, y) =>
        image.subarray(y * SIDE, (y + 1) * SIDE).some((v) => v > 0),
      );
      const inkColumns = Array.from({ length: SIDE }, (_, x) => inkRows.some((_row, y) => image[y * SIDE + x]! > 0));
      const middle = (ink: boolean[]) => (ink.indexOf(true) + ink.lastIndexOf(true) + 1) / 2;
      // About 2.4 of the box's 20 pixels are the pen's width.
      for (const { x, y } of strokes.flat()) {
        const column = Math.floor(middle(inkColumns) + (x - 0.5) * 17.6);
        const row = Math.floor(middle(inkRows) + (y - 0.5) * 17.6);
        points++;
        if (image[row * SIDE + column]! > 0) covered++;
      }
    }
    expect(covered / points).toBeGreaterThan(0.95);
  });

  it('writes the digit that is asked for, differently at every index', () => {
    const some = Array.from({ length: 50 }, (_, index) => syntheticStrokes({ seed: 1, index, digit: 4 }));
    expect(some.every(({ digit }) => digit === 4)).toBe(true);
    expect(new Set(some.map(({ strokes }) => JSON.stringify(strokes))).size).toBe(50);
    expect(syntheticStrokes({ seed: 1, index: 3, digit: 4 })).toEqual(some[3]);
  });

  it('refuses a digit above 9 and an index that is not whole', () => {
    expect(() => syntheticStrokes({ seed: 1, index: 0, digit: 10 })).toThrow(
      'syntheticStrokes was given digit 10; expected a whole number from 0 to 9.',
    );
    expect(() => syntheticStrokes({ seed: 1, index: 0.5 })).toThrow('index 0.5');
  });
});
