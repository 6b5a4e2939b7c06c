import { at, corner, type Control } from '../curve.js';
import type { Hand } from '../hand.js';

/** One way in which people write a digit. */
export interface Variant {
  /** How common it is among the variants of its digit. */
  readonly share: number;
  /** The control points of its strokes, about one unit high, with proportions of the hand's choosing. */
  readonly draw: (hand: Hand) => Control[][];
}

/** A control point that is a corner with probability `sharp`, else part of a smooth curve. */
export function turn(hand: Hand, sharp: number, x: number, y: number): Control {
  return hand.chance(sharp) ? corner(x, y) : at(x, y);
}
