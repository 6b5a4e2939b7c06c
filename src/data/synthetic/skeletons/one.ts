import { at, corner, type Control } from '../curve.js';
import type { Hand } from '../hand.js';
import type { Variant } from './variant.js';

const stemOfOne = (hand: Hand): Control[] => [at(0.5 + hand.bell(0, 0.03), 0.5), at(0.5, 1)];

export const one: readonly Variant[] = [
  {
    // A bare line.
    share: 14,
    draw: (hand) => [[at(0.5, 0), ...stemOfOne(hand)]],
  },
  {
    // With a flag.
    share: 2,
    draw: (hand) => [
      [at(0.5 - hand.between(0.05, 0.32), hand.between(0.06, 0.34)), corner(0.5, 0), ...stemOfOne(hand)],
    ],
  },
  {
    // With a flag and a foot.
    share: 1.6,
    draw: (hand) => {
      const foot = hand.between(0.15, 0.45);
      const tilt = hand.bell(0, 0.03);
      return [
        [at(0.5 - hand.between(0.05, 0.35), hand.between(0.04, 0.3)), corner(0.5, 0), ...stemOfOne(hand)],
        [at(0.5 - foot, 1 + tilt), at(0.5 + foot * hand.between(0.6, 1.2), 1 - tilt)],
      ];
    },
  },
];
