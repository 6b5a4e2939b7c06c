import { expect, it } from 'vitest';
import { normalizeDigit } from './normalize.js';
import { judge } from './judge.js';
import { inkOf, pictureOf } from './testing.js';

const SIDE = 280;
const inkAt = inkOf({ digit: 4, side: 140, pen: 16, left: 70, top: 60 });
const onPaper = (
  paper: (x: number, y: number) => readonly [number, number, number],
  ink: readonly [number, number, number] = [30, 40, 150],
) =>
  normalizeDigit(
    pictureOf(SIDE, SIDE, (x, y) => {
      const colours = paper(x, y).map((value, c) => value + (ink[c]! - value) * inkAt(x, y));
      return [colours[0]!, colours[1]!, colours[2]!, 255];
    }),
  ).geometry;

it('is nothing on paper, however coloured and lit', () => {
  expect(onPaper(() => [235, 230, 215]).hues).toBeLessThan(0.005);
  expect(onPaper((x) => [235, 180, 120].map((value) => value * (0.4 + (0.6 * x) / SIDE)) as never).hues).toBeLessThan(
    0.01,
  );
});

it('is little where a table of another colour shows beside the paper', () => {
  const geometry = onPaper((x) => (x < 50 ? [120, 70, 30] : [240, 240, 235]));
  expect(geometry.hues).toBeLessThan(0.05);
  expect(judge(geometry).status).toBe('ok');
});

it('is large where fields of many colours lie side by side', () => {
  const fields = [
    [200, 40, 40],
    [40, 160, 60],
    [50, 60, 200],
    [220, 200, 60],
  ] as const;
  const geometry = onPaper((x, y) => fields[(x < SIDE / 2 ? 0 : 1) + (y < SIDE / 2 ? 0 : 2)]!, [255, 255, 255]);
  expect(geometry.hues).toBeGreaterThan(0.3);
  expect(judge(geometry).status).toBe('not-a-digit');
});
