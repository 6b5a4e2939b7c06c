import type { Point } from './curve.js';
import type { Hand } from './hand.js';
import type { Writing } from './writing.js';

/** A place on the middle of a line of ink and half the line's width there. */
export interface InkPoint extends Point {
  readonly radius: number;
}

/** The width of MNIST's lines, of which the median is 2.3 px in a 20-px digit, in heights of a digit. */
const USUAL_WIDTH = 0.14;

/** The lines of ink that a pen of the hand's choosing leaves; now and then with a stray mark beside the digit. */
export function inkLines({ strokes, side }: Writing, hand: Hand): InkPoint[][] {
  const spread = hand.bell(0, 0.3);
  const radius = (USUAL_WIDTH * (1 + spread + 0.5 * spread * spread)) / side / 2;
  const wobble = hand.between(0, 0.15);
  const lines = hand.chance(0.02) ? [...strokes, strayMark(hand)] : strokes;
  return lines.map((line) => {
    let change = hand.bell(0, wobble);
    return line.map(({ x, y }) => {
      change = 0.8 * change + hand.bell(0, 0.6 * wobble);
      return { x, y, radius: radius * (1 + change) };
    });
  });
}

/** A dot or a short line to the left or right. */
function strayMark(hand: Hand): Point[] {
  const x = hand.chance(0.5) ? hand.between(-0.1, 0.15) : hand.between(0.85, 1.1);
  const y = hand.between(0, 1);
  const length = hand.between(0.01, hand.chance(0.3) ? 0.4 : 0.08);
  return [
    { x, y },
    { x: x + hand.bell(0, 0.04), y: y + length },
  ];
}
