import { arc, at } from '../curve.js';
import type { Variant } from './variant.js';

export const zero: readonly Variant[] = [
  {
    // A ring, counter-clockwise from the top; the ends overlap, meet or leave a gap.
    share: 10,
    draw: (hand) => {
      const start = hand.bell(10, 35);
      const width = hand.between(0.22, 0.48);
      return [arc(at(0.5, 0.5), width, 0.5, start, start - 360 - hand.bell(2, 22), hand.bell(-0.04, 0.12))];
    },
  },
  {
    // Clockwise.
    share: 1,
    draw: (hand) => {
      const start = hand.bell(-20, 60);
      return [
        arc(at(0.5, 0.5), hand.between(0.25, 0.46), 0.5, start, start + 360 + hand.bell(4, 14), hand.bell(0, 0.1)),
      ];
    },
  },
  {
    // Ended with a flick across the top.
    share: 2,
    draw: (hand) => {
      const start = hand.bell(0, 25);
      const ring = arc(at(0.45, 0.5), hand.between(0.24, 0.42), 0.5, start, start - 350, hand.bell(-0.1, 0.08));
      return [[...ring, at(hand.between(0.45, 0.85), hand.between(-0.08, 0.2))]];
    },
  },
  {
    // Begun with a small tail inside or outside the ring.
    share: 1,
    draw: (hand) => {
      const start = hand.bell(10, 20);
      const ring = arc(at(0.45, 0.5), hand.between(0.24, 0.42), 0.5, start, start - 360, hand.bell(0, 0.06));
      return [[at(hand.between(0.3, 0.75), hand.between(-0.1, 0.25)), ...ring]];
    },
  },
  {
    // With a slash.
    share: 0.4,
    draw: (hand) => {
      const start = hand.bell(10, 20);
      const width = hand.between(0.28, 0.46);
      const reach = hand.between(0.5, 1.2);
      const rise = hand.between(0.2, 0.45) * reach;
      return [
        arc(at(0.5, 0.5), width, 0.5, start, start - 360 - hand.bell(2, 10), hand.bell(0, 0.05)),
        [at(0.5 - width * reach, 0.5 + rise), at(0.5 + width * reach, 0.5 - rise)],
      ];
    },
  },
];
