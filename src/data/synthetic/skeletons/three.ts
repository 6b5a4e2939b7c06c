import { at, corner, type Control } from '../curve.js';
import type { Hand } from '../hand.js';
import type { Variant } from './variant.js';

function waistOfThree(hand: Hand, notch: number, waist: number): Control[] {
  const style = hand.between(0, 1);
  if (style < 0.5) return [corner(notch, waist)];
  if (style < 0.75) return [at(notch, waist)];
  const size = hand.between(0.02, 0.06);
  return [
    at(notch + 2 * size, waist + size),
    at(notch - size, waist + size * 0.7),
    at(notch, waist - size),
    at(notch + 2 * size, waist - size * 0.4),
  ];
}

function lowerThree(hand: Hand, waist: number): Control[] {
  const right = hand.between(0.45, 0.85);
  const bottom = right * hand.between(0.3, 0.6);
  const turn = waist + (1 - waist) * hand.between(0.35, 0.6);
  const end = hand.chance(0.7)
    ? [at(hand.between(-0.15, 0.12), hand.between(0.72, 0.97))]
    : [at(hand.between(-0.35, 0), hand.between(0.88, 1.05))];
  if (hand.chance(0.15)) return [at(right * 0.85, turn), at(hand.between(0, 0.25), hand.between(0.94, 1))];
  return [at(right, turn), at(bottom, 1), ...end];
}

export const three: readonly Variant[] = [
  {
    // Two bowls.
    share: 8,
    draw: (hand) => {
      const waist = hand.between(0.34, 0.56);
      const upper = hand.between(0.42, 0.8);
      return [
        [
          at(hand.between(-0.08, 0.2), hand.between(0.04, 0.36)),
          at(upper * hand.between(0.45, 0.65), 0),
          at(upper, waist * hand.between(0.35, 0.6)),
          ...waistOfThree(hand, hand.between(0.08, 0.45), waist),
          ...lowerThree(hand, waist),
        ],
      ];
    },
  },
  {
    // A flat or rising top and a diagonal.
    share: 2,
    draw: (hand) => {
      const waist = hand.between(0.3, 0.5);
      const right = hand.between(0.5, 0.85);
      const top = hand.bell(-0.02, 0.06);
      return [
        [
          at(hand.between(-0.05, 0.18), hand.between(0, 0.14)),
          hand.chance(0.6) ? corner(right, top) : at(right, top + 0.06),
          corner(hand.between(0.15, 0.42), waist),
          ...lowerThree(hand, waist),
        ],
      ];
    },
  },
];
