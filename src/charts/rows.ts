import type { Axis } from './axis.js';

/** A scale for rows from top to bottom, the first at 0, each a step high. */
export function rowsAxis(count: number): Axis {
  return { from: count - 0.5, to: -0.5, log: false, ticks: [], format: () => '' };
}
