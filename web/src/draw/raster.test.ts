import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RgbaPicture } from '../../../src/digit/index.js';
import { rasterize } from './raster.js';
import type { Stroke } from './scene.js';

const dot = (x: number, y: number, width: number, tool: Stroke['tool'] = 'pen'): Stroke => ({
  tool,
  width,
  points: [x, y],
});
const grey = ({ width, data }: RgbaPicture, x: number, y: number): number => data[4 * (y * width + x)]!;
/** Of a pad: its side, and the margin of paper around it, in pixels. */
const [SIDE, MARGIN] = [84, 2];
/** How much of the pad is inked, in parts of its side squared. */
const inked = (picture: RgbaPicture): number => {
  let sum = 0;
  for (let i = 0; i < picture.data.length; i += 4) sum += 255 - picture.data[i]!;
  return sum / 255 / (SIDE * SIDE);
};
const filled = (width: number, height: number, colour: readonly number[]): RgbaPicture => ({
  width,
  height,
  data: Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) => [...colour, 255][i % 4]!),
});

describe('rasterize', () => {
  it('gives white paper for nothing', () => {
    const { width, height, data } = rasterize({ strokes: [] });
    expect([width, height]).toEqual([SIDE + 2 * MARGIN, SIDE + 2 * MARGIN]);
    expect(data.every((value) => value === 255)).toBe(true);
  });

  it('makes a dot a disc of its width', () => {
    const disc = rasterize({ strokes: [dot(0.5, 0.5, 0.5)] });
    expect(inked(disc)).toBeCloseTo(Math.PI / 16, 3);
    expect(grey(disc, 44, 44)).toBe(0);
    expect(grey(disc, 44, 12)).toBe(255);
  });

  it('makes a line a bar with round ends, whatever points are on it', () => {
    const ends = [0.2, 0.5, 0.8, 0.5];
    const line = (points: readonly number[]): RgbaPicture =>
      rasterize({ strokes: [{ tool: 'pen', width: 0.2, points }] });
    const bar = line(ends);
    expect(inked(bar)).toBeCloseTo(0.6 * 0.2 + Math.PI * 0.01, 3);
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 0.8, noNaN: true }), (x) => {
        const more = line([0.2, 0.5, x, 0.5, 0.8, 0.5]);
        expect(Math.max(...bar.data.map((value, i) => Math.abs(more.data[i]! - value)))).toBeLessThanOrEqual(1);
      }),
      { numRuns: 20 },
    );
  });

  it('erases what was drawn before, and nothing after', () => {
    const strokes = [dot(0.5, 0.5, 0.4), dot(0.5, 0.5, 0.6, 'eraser')];
    expect(inked(rasterize({ strokes }))).toBe(0);
    expect(inked(rasterize({ strokes: [...strokes].reverse() }))).toBeGreaterThan(0.1);
  });

  it('keeps strokes that leave the sheet within it', () => {
    const across = { tool: 'pen', width: 0.1, points: [-3, 0.5, 4, 0.5] } as const;
    const sheet = rasterize({ strokes: [across] });
    expect(inked(sheet)).toBeCloseTo(0.1, 2);
    expect([MARGIN - 1, MARGIN, SIDE + MARGIN - 1, SIDE + MARGIN].map((x) => grey(sheet, x, 44))).toEqual([
      255, 0, 0, 255,
    ]);
  });

  it('lays a picture in the middle, on paper of its border’s colour', () => {
    const picture = filled(100, 50, [200, 180, 160]);
    const sheet = rasterize({ picture, strokes: [dot(0.5, 0.05, 0.05)] });
    expect([sheet.width, sheet.height]).toEqual([100, 100]);
    expect([...sheet.data.subarray(4 * 9000, 4 * 9000 + 4)]).toEqual([200, 180, 160, 255]);
    expect(grey(sheet, 50, 5)).toBe(0);
  });

  it('draws in light ink on a dark picture, and erases to its paper', () => {
    const picture = filled(60, 60, [20, 20, 20]);
    const strokes = [dot(0.3, 0.5, 0.2), dot(0.7, 0.5, 0.2), dot(0.7, 0.5, 0.4, 'eraser')];
    const sheet = rasterize({ picture, strokes });
    expect(grey(sheet, 18, 30)).toBe(255);
    expect(grey(sheet, 42, 30)).toBe(20);
  });
});
