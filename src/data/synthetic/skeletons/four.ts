import { at, corner } from '../curve.js';
import type { Variant } from './variant.js';

export const four: readonly Variant[] = [
  {
    // Open: an angle, then the upright.
    share: 7,
    draw: (hand) => {
      const bar = hand.between(0.4, 0.65);
      const top = hand.between(0.45, 0.8);
      const left = hand.between(-0.02, 0.12);
      return [
        [
          at(left + hand.between(0, 0.28), hand.between(-0.04, 0.2)),
          hand.chance(0.5) ? corner(left, bar) : at(left, bar),
          at((left + top) / 2, bar + hand.bell(0, 0.025)),
          at(top + hand.between(-0.05, 0.35), bar + hand.bell(-0.03, 0.05)),
        ],
        [at(top + hand.bell(0, 0.04), hand.between(-0.08, 0.25)), at(top + hand.bell(-0.02, 0.05), 1)],
      ];
    },
  },
  {
    // Open and in one stroke: the cup runs up into the upright.
    share: 2,
    draw: (hand) => {
      const bar = hand.between(0.4, 0.6);
      const top = hand.between(0.45, 0.75);
      return [
        [
          at(hand.between(0, 0.22), hand.between(-0.04, 0.18)),
          at(0.02, bar * hand.between(0.7, 0.9)),
          at(0.2, bar),
          at(top * 0.8, bar * hand.between(0.75, 0.95)),
          corner(top, hand.between(-0.03, 0.2)),
          at(top + hand.bell(-0.02, 0.04), 1),
        ],
      ];
    },
  },
  {
    // Closed: a triangle and the upright.
    share: 1.5,
    draw: (hand) => {
      const bar = hand.between(0.45, 0.7);
      const top = hand.between(0.4, 0.7);
      return [
        [at(top, 0), corner(hand.bell(0, 0.03), bar), at(top + hand.between(0, 0.38), bar + hand.bell(-0.01, 0.04))],
        [at(top + hand.bell(0, 0.04), hand.between(-0.05, 0.1)), at(top + hand.bell(-0.02, 0.05), 1)],
      ];
    },
  },
];
