import { type Axis, axisFor } from '../../../src/charts/axis.js';
import type { Point } from '../../../src/charts/clip.js';
import { widest } from '../../../src/charts/textWidth.js';
import { log } from '../../../src/numeric/exactMath.js';

/** Where things are in a line chart, in its own units: a sixteenth of the page's letter size. */

const FONT = 12;
export const HEIGHT = 216;
const TOP = 26;
const BOTTOM = 40;

export interface Frame {
  readonly width: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly toX: (value: number) => number;
  readonly toY: (value: number) => number;
}

export interface FrameOptions {
  readonly width: number;
  readonly x: readonly [from: number, to: number];
  /** All that must have room. */
  readonly ys: readonly number[];
  readonly log?: boolean | undefined;
  readonly percent?: boolean | undefined;
  readonly domain?: readonly [from: number, to: number] | undefined;
  /** What stands at the right, beside the ends of the lines. */
  readonly names: readonly string[];
}

export function frameOf({ width, x: [from, to], ys, names, ...scale }: FrameOptions): Frame {
  const y = axisFor(ys, { ...scale, steps: 4 });
  const left = widest(y.ticks.map(y.format)) + 10;
  const right = width - (names.length > 0 ? 1.12 * widest(names, FONT) + 14 : 12);
  const [top, bottom] = [TOP, HEIGHT - BOTTOM];
  const x = axisFor([from, to], {
    domain: [from, to],
    whole: true,
    steps: Math.max(2, Math.min(8, Math.floor((right - left) / 44))),
  });
  const place = y.log ? log : (value: number): number => value;
  const [low, high] = [place(y.from), place(y.to)];
  return {
    ...{ width, left, right, top, bottom, x, y },
    toX: (value) => left + ((value - x.from) / (x.to - x.from || 1)) * (right - left),
    toY: (value) => bottom - ((place(value) - low) / (high - low)) * (bottom - top),
  };
}

/** A line through points; one that is no number is a gap. */
export function pathOf(points: readonly Point[], { toX, toY }: Frame): string {
  let path = '';
  let pen = 'M';
  for (const { x, y } of points) {
    if (Number.isNaN(y)) pen = 'M';
    else {
      path += `${pen}${toX(x).toFixed(1)} ${toY(y).toFixed(1)}`;
      pen = 'L';
    }
  }
  return path;
}

/** One path for all dots: each a line of no length with round ends. */
export function dotsOf(points: readonly Point[], { toX, toY }: Frame): string {
  return points.map(({ x, y }) => `M${toX(x).toFixed(1)} ${toY(y).toFixed(1)}h0`).join('');
}

/** Heights of names beside the ends of their lines, moved apart so that each can be read. */
export function apart(heights: readonly number[], gap = FONT + 3): number[] {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a]! - heights[b]!);
  const placed = [...heights];
  for (let k = 1; k < order.length; k++) {
    const [above, below] = [order[k - 1]!, order[k]!];
    const short = gap - (placed[below]! - placed[above]!);
    if (short <= 0) continue;
    placed[above]! -= short / 2;
    placed[below]! += short / 2;
  }
  return placed;
}
