import { describe, expect, it } from 'vitest';
import { judge } from './judge.js';
import { normalizeDigit } from './normalize.js';
import { drawn, inkOf, likeness, noisy, pictureOf } from './testing.js';

const WIDTH = 400;
const HEIGHT = 300;
const drawing = { digit: 5, side: 90, pen: 8, left: 120, top: 100 };
const inkAt = inkOf(drawing);
const plain = normalizeDigit(drawn(WIDTH, HEIGHT, drawing)).image;

/** A white sheet on a grained table: which pixels are the sheet's, and how light the table is. */
function onTable(isSheet: (x: number, y: number) => boolean, table = 60) {
  const noise = noisy(3);
  return pictureOf(WIDTH, HEIGHT, (x, y) => {
    // Two waves, for the grain.
    const grain = 12 * Math.sin(x / 5 + 3 * Math.sin(y / 40)) + 8 * Math.cos(y / 7);
    const paper = isSheet(x, y) ? 238 : table + grain;
    const value = noise(paper + (25 - paper) * inkAt(x, y));
    return [value, 0.75 * value + 0.25 * (isSheet(x, y) ? value : 20), value, 255];
  });
}

describe('a sheet on a grained table', () => {
  it.each([
    ['in the middle', (x: number, y: number) => x > 70 && x < 300 && y > 60 && y < 250],
    ['in a corner', (x: number, y: number) => x < 300 && y < 250],
    ['askew', (x: number, y: number) => Math.abs(x - 165 + 0.1 * y) < 110 && Math.abs(y - 145 - 0.1 * x) < 100],
  ])('%s: what is written on it is read', (_, isSheet) => {
    const { image, signs, geometry } = normalizeDigit(onTable(isSheet));
    expect(likeness(image, plain)).toBeGreaterThan(0.95);
    expect(signs.length).toBe(1);
    expect(judge(geometry).status).toBe('ok');
  });
});
