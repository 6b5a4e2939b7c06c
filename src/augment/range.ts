import type { Kind } from '../numeric/options.js';

/** What is drawn evenly from low to high; equal numbers for one that is always the same. */
export type DrawnFrom = readonly [low: number, high: number];

/** Two numbers of a kind, low <= high. */
export function range(limits: Kind<number>, allowed: string): Kind<DrawnFrom> {
  return {
    allowed,
    read(value) {
      const numbers: readonly unknown[] = Array.isArray(value) ? value : [];
      const [low, high] = numbers.map((each) => limits.read(each));
      return low !== undefined && high !== undefined && low <= high && numbers.length === 2 ? [low, high] : undefined;
    },
  };
}
