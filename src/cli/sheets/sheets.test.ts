import { describe, expect, it } from 'vitest';
import { drawn, pictureOf } from '../../digit/testing.js';
import { DigitReader } from '../../reading/index.js';
import { Canvas } from './canvas.js';
import { textWidth } from './letters.js';
import { type Mistake, MOST_CARDS, mistakesSheet, thumbnailOf } from './mistakes.js';
import { stagesSheet } from './stages.js';

const black = [0, 0, 0] as const;
const white = [255, 255, 255] as const;

/** How dark an area is in all, in black pixels. */
function ink({ data, width }: Canvas, left = 0, right = width): number {
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) {
    const x = (i / 4) % width;
    if (x >= left && x < right) sum += 1 - data[i]! / 255;
  }
  return sum;
}

describe('a canvas', () => {
  it('fills and frames, also beyond its edges', () => {
    const canvas = new Canvas(10, 8, white);
    canvas.fill({ x: 8, y: -2, width: 5, height: 4 }, black);
    expect(ink(canvas)).toBe(4);
    canvas.frame({ x: 1, y: 2, width: 4, height: 4 }, black);
    expect(ink(canvas)).toBe(4 + 12);
  });

  it('writes letters of any size, and knows how wide they are', () => {
    const width = textWidth('Seven', 20);
    expect(width).toBeGreaterThan(40);
    expect(textWidth('Seven', 40)).toBeCloseTo(2 * width);
    const [small, large] = [20, 40].map((size) => {
      const canvas = new Canvas(140, 60, white);
      canvas.text('Seven', 2, 2, { size });
      expect(ink(canvas, Math.ceil(textWidth('Seven', size)) + 3)).toBe(0);
      return ink(canvas);
    });
    expect(large! / small!).toBeGreaterThan(3.5);
    expect(large! / small!).toBeLessThan(4.5);
  });

  it('shortens texts that are too wide, and shows letters it has not as one', () => {
    const canvas = new Canvas(100, 20, white);
    canvas.text('a-very-long-name-of-a-file.png', 0, 0, { width: 60 });
    expect(ink(canvas, 0, 61)).toBeGreaterThan(10);
    expect(ink(canvas, 61)).toBe(0);
    expect(textWidth('数', 14)).toBe(textWidth('字', 14));
  });

  it('enlarges pixels whole, shrinks by area, and shows what is transparent', () => {
    const canvas = new Canvas(10, 10, white);
    const two = pictureOf(2, 1, (x) => (x === 0 ? black : white));
    expect(canvas.picture(two, { x: 1, y: 0, width: 9, height: 9 })).toEqual({ x: 1, y: 2, width: 8, height: 4 });
    expect(ink(canvas)).toBe(16);
    const fine = pictureOf(100, 100, (x) => (x % 2 === 0 ? black : white));
    canvas.picture(fine, { x: 0, y: 0, width: 10, height: 10 });
    expect(ink(canvas)).toBeCloseTo(50, 0);
    canvas.picture(
      pictureOf(30, 30, () => [0, 0, 0, 0]),
      { x: 0, y: 0, width: 10, height: 10 },
    );
    expect(ink(canvas)).toBeLessThan(13);
  });
});

describe('a sheet', () => {
  const model = {
    predict: () => Promise.resolve({ data: new Float32Array(10).fill(0.1), shape: [1, 10] }),
  };
  const picture = drawn(90, 60, { digit: 4, side: 40, pen: 5, left: 20, top: 10 });

  it('shows every stage', async () => {
    const reader = new DigitReader({ model });
    const sheet = stagesSheet('four.png', picture, await reader.read(picture));
    const blank = pictureOf(20, 20, () => white);
    const few = stagesSheet('blank.png', blank, await reader.read(blank));
    expect(sheet.height).toBe(few.height);
    expect(sheet.width - few.width).toBe(3 * (168 + 20));
  });

  it('shows every mistake, up to a limit', () => {
    const mistake: Mistake = {
      picture: { name: 'four.png', path: 'set/four.png', label: 4, groups: { source: 'pens' } },
      read: { label: 9, confidence: 0.8, top: [], status: 'ok', reason: '', signs: [] },
      thumbnail: thumbnailOf(picture),
      image: new Uint8Array(784),
    };
    const heights = [1, 4, 5, MOST_CARDS, MOST_CARDS + 1].map(
      (count) => mistakesSheet(new Array<Mistake>(count).fill(mistake), 1000, 'a model').height,
    );
    expect([heights[0], heights[3]]).toEqual([heights[1], heights[4]]);
    expect(heights[2]).toBeGreaterThan(heights[1]!);
    const unread: Mistake = { ...mistake, read: undefined, thumbnail: undefined, image: undefined };
    expect(mistakesSheet([unread], 1, 'a model').width).toBeGreaterThan(500);
    expect(mistakesSheet([], 1, 'a model').height).toBeGreaterThan(50);
  });
});
