import { type Control } from './curve.js';
import type { Hand } from './hand.js';
import { zero, one, two, three, four } from './zeroToFour.js';
import { five, six, seven, eight, nine } from './fiveToNine.js';

/** One way to write a digit: draws its strokes with proportions of the hand's choosing. */
export interface Variant {
  /** How common it is among the digit's variants. */
  readonly share: number;
  readonly draw: (hand: Hand) => Control[][];
}

const skeletons: readonly (readonly Variant[])[] = [zero, one, two, three, four, five, six, seven, eight, nine];

/** The strokes of a digit 0 to 9 in one of its variants, about one unit high, before any jitter. */
export function skeleton(digit: number, hand: Hand): Control[][] {
  const variants = skeletons[digit]!;
  let total = 0;
  for (const variant of variants) total += variant.share;
  let pick = hand.between(0, total);
  for (const variant of variants) {
    pick -= variant.share;
    if (pick < 0) return variant.draw(hand);
  }
  return variants[0]!.draw(hand);
}
