import type { Mask, Plane } from './picture.js';

export interface Ruling {
  /** The mask without the lines of the paper. */
  readonly left: Mask;
  /** How many lines were found. */
  readonly lines: number;
}

export function eraseRuling(inked: Mask, _ink: Plane): Ruling {
  return { left: inked, lines: 0 };
}
