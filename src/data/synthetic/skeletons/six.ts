import { at } from '../curve.js';
import type { Variant } from './variant.js';

export const six: readonly Variant[] = [
  {
    // A curved stem that runs into the loop.
    share: 6,
    draw: (hand) => {
      const loop = hand.between(0.3, 0.6);
      const right = hand.between(0.42, 0.8);
      const top = hand.between(0.15, 0.88);
      return [
        [
          ...(hand.chance(0.2) ? [at(top + hand.between(0, 0.15), hand.between(0.02, 0.14))] : []),
          at(top, 0),
          at(top * hand.between(0.3, 0.5), 0.33),
          at(0, 0.7),
          at(right * hand.between(0.35, 0.5), 1),
          at(right, 1 - loop * hand.between(0.4, 0.6)),
          at(right * hand.between(0.45, 0.65), 1 - loop),
          at(hand.between(-0.15, 0.3), 1 - loop * hand.between(0.2, 0.75)),
        ],
      ];
    },
  },
  {
    // A straight stem, a tight turn and a loop on its right, as in a b.
    share: 3,
    draw: (hand) => {
      const loop = hand.between(0.25, 0.55);
      const right = hand.between(0.4, 0.8);
      const top = hand.between(0, 0.35);
      const foot = hand.between(0.84, 0.96);
      return [
        [
          at(top, 0),
          at(top * 0.4 - hand.between(0, 0.05), 0.5),
          at(hand.bell(0.02, 0.03), foot),
          at(right * hand.between(0.4, 0.55), 1),
          at(right, 1 - loop * hand.between(0.4, 0.6)),
          at(right * hand.between(0.5, 0.65), 1 - loop),
          at(hand.between(-0.15, 0.3), 1 - loop * hand.between(0.2, 0.7)),
        ],
      ];
    },
  },
  {
    // The loop is small and rolls inwards; the bowl is left open.
    share: 1.5,
    draw: (hand) => {
      const loop = hand.between(0.25, 0.45);
      const right = hand.between(0.55, 0.9);
      const top = hand.between(0.1, 0.6);
      return [
        [
          at(top, 0),
          at(top * 0.3, 0.35),
          at(0, 0.72),
          at(right * 0.5, 1),
          at(right, 1 - loop * 0.5),
          at(right * 0.75, 1 - loop),
          at(right * hand.between(0.3, 0.55), 1 - loop * 0.75),
          at(right * hand.between(0.3, 0.6), 1 - loop * hand.between(0.05, 0.45)),
        ],
      ];
    },
  },
];
