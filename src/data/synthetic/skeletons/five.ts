import { at, type Control } from '../curve.js';
import type { Hand } from '../hand.js';
import { turn, type Variant } from './variant.js';

function bellyOfFive(hand: Hand, left: number, waist: number): Control[] {
  const right = hand.between(0.42, 0.85);
  const bottom = right * hand.between(0.3, 0.6);
  const turn = waist + (1 - waist) * hand.between(0.3, 0.55);
  const end = hand.between(0, 1);
  return [
    at(left + (right - left) * 0.55, waist - hand.between(-0.02, 0.1)),
    at(right, turn),
    at(bottom, 1),
    ...(end < 0.6
      ? [at(hand.between(-0.2, 0.1), hand.between(0.82, 1))]
      : [
          at(hand.between(-0.1, 0.08), hand.between(0.86, 0.94)),
          at(hand.between(-0.1, 0.15), hand.between(0.68, 0.82)),
        ]),
  ];
}

export const five: readonly Variant[] = [
  {
    // The bar is a stroke of its own.
    share: 4,
    draw: (hand) => {
      const waist = hand.between(0.34, 0.54);
      const top = hand.between(0.08, 0.28);
      const left = top - hand.between(-0.04, 0.16);
      return [
        [at(top, hand.bell(0, 0.02)), turn(hand, 0.7, left, waist), ...bellyOfFive(hand, left, waist)],
        [at(top + hand.bell(0.02, 0.05), hand.bell(0, 0.04)), at(hand.between(0.45, 1.1), hand.bell(-0.04, 0.07))],
      ];
    },
  },
  {
    // One stroke, from the bar's right end.
    share: 5,
    draw: (hand) => {
      const waist = hand.between(0.34, 0.54);
      const top = hand.between(0.08, 0.28);
      const left = top - hand.between(-0.04, 0.16);
      return [
        [
          at(hand.between(0.45, 1.1), hand.bell(-0.02, 0.06)),
          turn(hand, 0.7, top, hand.bell(0.02, 0.02)),
          turn(hand, 0.6, left, waist),
          ...bellyOfFive(hand, left, waist),
        ],
      ];
    },
  },
];
