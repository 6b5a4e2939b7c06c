import type { Control } from '../curve.js';
import type { Hand } from '../hand.js';
import { eight } from './eight.js';
import { five } from './five.js';
import { four } from './four.js';
import { nine } from './nine.js';
import { one } from './one.js';
import { seven } from './seven.js';
import { six } from './six.js';
import { three } from './three.js';
import { two } from './two.js';
import type { Variant } from './variant.js';
import { zero } from './zero.js';

const variants: readonly (readonly Variant[])[] = [zero, one, two, three, four, five, six, seven, eight, nine];

/** The strokes of a digit 0 to 9 in one of its variants, as neat as the hand means them: before any jitter. */
export function skeleton(digit: number, hand: Hand): Control[][] {
  const choices = variants[digit]!;
  const total = choices.reduce((sum, { share }) => sum + share, 0);
  let pick = hand.between(0, total);
  const chosen = choices.find(({ share }) => (pick -= share) < 0);
  return (chosen ?? choices[0]!).draw(hand);
}
