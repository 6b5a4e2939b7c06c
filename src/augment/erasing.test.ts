import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { ErasingOptions } from './erasing.js';
import { imageDataGenerator } from './imageDataGenerator.js';

const COUNT = 4000;

interface Rectangle {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

function rectangleOf(erasing: ErasingOptions, image: number, size = { height: 28, width: 28 }): Rectangle {
  const out = new Int32Array(4);
  imageDataGenerator({ erasing }).writeRectangle(out, 0, { seed: 5, epoch: 1, image, ...size });
  const [top, left, bottom, right] = [...out] as [number, number, number, number];
  return { top, left, height: bottom - top, width: right - left };
}

const drawn = (erasing: ErasingOptions) =>
  Array.from({ length: COUNT }, (_, image) => rectangleOf(erasing, image)).filter(({ height }) => height > 0);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('what is erased', () => {
  it.each([0, 0.25, 0.5, 1])('is something with probability %d', (probability) => {
    const share = drawn({ probability }).length / COUNT;
    // Five standard deviations are 0.04.
    expect(Math.abs(share - probability)).toBeLessThan(0.04);
    if (probability === 0 || probability === 1) expect(share).toBe(probability);
  });

  it('has the area that was asked for, to half a row of pixels', () => {
    const areas = drawn({ probability: 1, area: [0.05, 0.25] }).map(({ height, width }) => (height * width) / 784);
    const half = 14 / 784;
    expect(Math.min(...areas)).toBeGreaterThan(0.05 - half);
    expect(Math.max(...areas)).toBeLessThan(0.25 + half);
    expect(mean(areas)).toBeCloseTo(0.15, 2);
    expect(Math.min(...areas)).toBeLessThan(0.06);
    expect(Math.max(...areas)).toBeGreaterThan(0.24);
  });

  it('is as often tall as wide, within the range of ratios', () => {
    const ratios = drawn({ probability: 1, area: [0.2, 0.3], aspectRatio: [0.4, 2.5] }).map(
      ({ height, width }) => height / width,
    );
    const tall = ratios.filter((ratio) => ratio > 1).length;
    const wide = ratios.filter((ratio) => ratio < 1).length;
    expect(Math.abs(tall - wide) / COUNT).toBeLessThan(0.08);
    // Sides are whole pixels.
    expect(Math.min(...ratios)).toBeGreaterThan(0.35);
    expect(Math.max(...ratios)).toBeLessThan(2.9);
    expect(Math.min(...ratios)).toBeLessThan(0.45);
    expect(Math.max(...ratios)).toBeGreaterThan(2.25);
  });

  it('is anywhere in the image, evenly', () => {
    const hits = new Uint32Array(784);
    for (const { top, left } of drawn({ probability: 1, area: [1 / 784, 1 / 784], aspectRatio: [1, 1] })) {
      hits[top * 28 + left]!++;
    }
    // 5.1 for each pixel on average; of 784 Poisson numbers none is above 20 but once in a million.
    expect(Math.max(...hits)).toBeLessThanOrEqual(20);
    expect(hits.filter((hit) => hit === 0).length).toBeLessThan(30);
  });

  it('is a square of one size if equal areas and ratio 1 are asked for, as for Cutout', () => {
    const squares = drawn({ probability: 1, area: [0.125, 0.125], aspectRatio: [1, 1] });
    expect(squares).toHaveLength(COUNT);
    expect(squares.every(({ height, width }) => height === 10 && width === 10)).toBe(true);
    expect(new Set(squares.map(({ top }) => top)).size).toBe(19);
  });

  it('always lies within the image, whatever is asked for', () => {
    const share = fc.double({ min: 1e-6, max: 1, noNaN: true });
    const ratio = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    const sorted = (a: number, b: number) => [Math.min(a, b), Math.max(a, b)] as const;
    const sizes = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(share, share, ratio, ratio, sizes, sizes, fc.nat(60000), (a, b, r, s, height, width, image) => {
        const options = { probability: 1, area: sorted(a, b), aspectRatio: sorted(r, s) };
        const { top, left, ...size } = rectangleOf(options, image, { height, width });
        expect(size.height).toBeGreaterThanOrEqual(1);
        expect(size.width).toBeGreaterThanOrEqual(1);
        expect(top).toBeGreaterThanOrEqual(0);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(top + size.height).toBeLessThanOrEqual(height);
        expect(left + size.width).toBeLessThanOrEqual(width);
      }),
    );
  });
});

it('nothing is erased where nothing is asked for', () => {
  const out = new Int32Array(8).fill(7);
  imageDataGenerator().writeRectangle(out, 1, { seed: 5, epoch: 1, image: 0, height: 28, width: 28 });
  expect([...out]).toEqual([7, 7, 7, 7, 0, 0, 0, 0]);
});
