import type { Point } from './clip.js';

/** The share of a curve that is its beginning. */
const BEGINNING = 0.2;
/** Room below the lowest value that is shown, in parts of the range. */
const ROOM = 0.15;
/** Scales end at whole multiples of one of these. */
const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1];

/**
 * A scale for accuracies on which later epochs can be told apart, where the first ones lie far below: from just below the
 * lowest value after the first fifth of the epochs to just above the highest. Undefined where all values fit well.
 */
export function laterDomain(
  series: readonly { readonly points: readonly Point[] }[],
): readonly [number, number] | undefined {
  const later: number[] = [];
  const all: number[] = [];
  for (const { points } of series) {
    const [first, last] = [points[0]?.x ?? 0, points.at(-1)?.x ?? 0];
    for (const { x, y } of points) {
      all.push(y);
      if (x > first + BEGINNING * (last - first)) later.push(y);
    }
  }
  if (later.length === 0) return undefined;
  const [low, high] = [Math.min(...later), Math.max(...later)];
  const range = high - low;
  if (range === 0 || low - Math.min(...all) <= range) return undefined;
  const step = STEPS.find((size) => size >= range / 4) ?? 0.2;
  const from = Math.floor((low - ROOM * range) / step) * step;
  const to = Math.min(1, Math.ceil((high + ROOM * range) / step) * step);
  return [rounded(from), rounded(to)];
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
