import { arc, at, type Control } from '../curve.js';
import type { Hand } from '../hand.js';
import { turn, type Variant } from './variant.js';

function ringOfNine(hand: Hand, width: number, ring: number): Control[] {
  const start = hand.bell(55, 25);
  return arc(at(0.4, ring), width, ring, start, start - hand.between(255, 350), hand.bell(-0.03, 0.08));
}

export const nine: readonly Variant[] = [
  {
    // A ring, then a straight or bent tail.
    share: 7,
    draw: (hand) => {
      const ring = hand.between(0.17, 0.34);
      const width = hand.between(0.16, 0.4);
      const right = 0.4 + width;
      return [
        [
          ...ringOfNine(hand, width, ring),
          turn(hand, 0.7, right + hand.bell(0, 0.04), hand.between(-0.05, ring)),
          at(right + hand.bell(-0.04, 0.06), 0.6),
          at(right + hand.bell(-0.08, 0.12), 1),
        ],
      ];
    },
  },
  {
    // The tail curls to the left.
    share: 2,
    draw: (hand) => {
      const ring = hand.between(0.17, 0.32);
      const width = hand.between(0.16, 0.38);
      const right = 0.4 + width;
      return [
        [
          ...ringOfNine(hand, width, ring),
          turn(hand, 0.7, right + hand.bell(0, 0.04), hand.between(-0.03, ring)),
          at(right + hand.bell(-0.02, 0.04), 0.7),
          at(right - hand.between(0.1, 0.35), 1),
          at(hand.between(-0.1, 0.3), hand.between(0.84, 1)),
        ],
      ];
    },
  },
  {
    // The ring is closed first; the tail is a stroke of its own, or flows out of the ring's right side.
    share: 2,
    draw: (hand) => {
      const ring = hand.between(0.17, 0.3);
      const width = hand.between(0.16, 0.36);
      const right = 0.4 + width;
      const start = hand.bell(40, 40);
      return [
        arc(at(0.4, ring), width, ring, start, start - 360 - hand.bell(0, 15), hand.bell(0, 0.06)),
        [
          at(right + hand.bell(0, 0.03), hand.between(-0.08, ring)),
          at(right + hand.bell(-0.03, 0.05), 0.6),
          at(right + hand.bell(-0.08, 0.1), 1),
        ],
      ];
    },
  },
  {
    // Clockwise: down the left side, around the bottom of the ring, over the top and down.
    share: 1,
    draw: (hand) => {
      const ring = hand.between(0.17, 0.3);
      const width = hand.between(0.16, 0.36);
      return [
        [
          ...arc(at(0.4, ring), width, ring, hand.between(100, 150), 450),
          at(0.4 + width * hand.between(0.6, 1), 0.65),
          at(0.4 + hand.bell(0, 0.15), 1),
        ],
      ];
    },
  },
];
