import { arc, at, corner, type Control } from '../curve.js';
import type { Hand } from '../hand.js';
import type { Variant } from './variant.js';

function topOfTwo(hand: Hand, width: number): Control[] {
  const stub = hand.chance(0.2);
  const left = stub ? width * hand.between(0.2, 0.6) : hand.between(-0.02, 0.16);
  const drop = stub ? hand.between(0.02, 0.12) : hand.between(0.08, 0.4);
  const peak = Math.max(left + 0.05, width * hand.between(0.42, 0.62));
  const shoulder = at(width, hand.between(0.14, 0.32));
  const slope = at(width * hand.between(0.55, 0.95), hand.between(0.42, 0.62));
  const rise = drop > 0.2 ? [at(left + (peak - left) * 0.3, hand.between(0.02, 0.1))] : [];
  const curl = hand.chance(0.2) ? [at(left + hand.between(0.05, 0.2), drop + hand.between(0.0, 0.12))] : [];
  return [...curl, at(left, drop), ...rise, at(peak, 0), shoulder, slope];
}

export const two: readonly Variant[] = [
  {
    // A sharp corner, then a flat, wavy or falling base.
    share: 5,
    draw: (hand) => {
      const width = hand.between(0.42, 0.85);
      const left = hand.between(-0.15, 0.15);
      const low = hand.between(0.85, 1);
      const end = hand.between(0.45, 1.1);
      const fall = hand.bell(0.02, 0.07);
      return [
        [
          ...topOfTwo(hand, width),
          corner(left, low),
          at((left + end) / 2, low + fall * 0.5 - hand.bell(0.015, 0.04)),
          at(end, low + fall),
        ],
      ];
    },
  },
  {
    // A loop at the lower left, from a mere bead to half the width; the tail leaves from the loop's top.
    share: 8,
    draw: (hand) => {
      const width = hand.between(0.3, 0.85);
      const radiusX = hand.between(0.06, 0.28);
      const radiusY = Math.min(hand.between(0.03, 0.25), radiusX * 1.4);
      const low = hand.between(0.88, 1);
      const left = hand.between(-0.1, 0.1);
      const leave = hand.between(370, 410);
      const end = low + hand.between(-0.15, 0.16);
      return [
        [
          ...topOfTwo(hand, width),
          ...arc(at(left + radiusX, low - radiusY), radiusX, radiusY, hand.between(130, 190), leave),
          at(left + 2 * radiusX + hand.between(0.1, 0.25), (low + end) / 2 - radiusY * hand.between(-0.1, 0.9)),
          at(left + 2 * radiusX + hand.between(0.3, 0.75), end),
        ],
      ];
    },
  },
  {
    // Angular, like a Z.
    share: 0.6,
    draw: (hand) => {
      const width = hand.between(0.5, 0.9);
      return [
        [
          at(hand.between(-0.05, 0.1), hand.between(0.02, 0.15)),
          at(width * 0.5, hand.between(-0.03, 0.04)),
          hand.chance(0.5) ? corner(width, hand.between(0, 0.12)) : at(width, hand.between(0.05, 0.15)),
          corner(hand.between(-0.05, 0.15), 0.95),
          at(hand.between(0.6, 1.05), 0.95 + hand.bell(0, 0.05)),
        ],
      ];
    },
  },
];
