import { at, corner, type Control } from '../curve.js';
import type { Hand } from '../hand.js';
import { turn, type Variant } from './variant.js';

function barOfSeven(hand: Hand, right: number): Control[] {
  const rise = hand.between(-0.04, hand.chance(0.3) ? 0.35 : 0.18);
  const wave = hand.bell(0.01, 0.04);
  const serif = hand.chance(0.4)
    ? [at(hand.bell(-0.02, 0.04), rise + hand.between(0.05, hand.chance(0.25) ? 0.35 : 0.2))]
    : [];
  const left = hand.bell(0, 0.02);
  return [
    ...serif,
    serif.length > 0 ? turn(hand, 0.6, left, rise) : at(left, rise),
    at(right * hand.between(0.4, 0.6), rise * 0.5 + wave),
    turn(hand, 0.7, right, hand.between(0, 0.08)),
  ];
}

function stemOfSeven(hand: Hand, right: number, foot: number): Control[] {
  const bow = hand.bell(0.01, 0.06);
  return [at(right + (foot - right) * 0.5 + bow, 0.5), at(foot, 1)];
}

export const seven: readonly Variant[] = [
  {
    share: 8,
    draw: (hand) => {
      const right = hand.between(0.45, 0.85);
      const foot = right - hand.between(0, 0.5);
      return [[...barOfSeven(hand, right), ...stemOfSeven(hand, right, foot)]];
    },
  },
  {
    // With a bar across the stem.
    share: 2,
    draw: (hand) => {
      const right = hand.between(0.45, 0.85);
      const foot = right - hand.between(0, 0.4);
      const middle = (right + foot) / 2;
      const tilt = hand.bell(0.02, 0.05);
      const height = hand.between(0.36, 0.6);
      return [
        [...barOfSeven(hand, right), ...stemOfSeven(hand, right, foot)],
        [at(middle - hand.between(0.1, 0.35), height + tilt), at(middle + hand.between(0.1, 0.4), height - tilt)],
      ];
    },
  },
  {
    // The bar sags before it rises to a sharp corner.
    share: 0.8,
    draw: (hand) => {
      const right = hand.between(0.5, 0.9);
      const left = hand.between(0, 0.2);
      const foot = right - hand.between(0.1, 0.55);
      return [
        [
          ...(hand.chance(0.3) ? [at(-0.02, left + hand.between(0.05, 0.2))] : []),
          at(0, left),
          at(right * hand.between(0.2, 0.45), left + hand.between(0.05, 0.18)),
          corner(right, hand.between(-0.08, 0.08)),
          ...stemOfSeven(hand, right, foot),
        ],
      ];
    },
  },
  {
    // The bar runs into the stem without any corner.
    share: 1,
    draw: (hand) => {
      const right = hand.between(0.4, 0.85);
      return [
        [
          at(hand.bell(0, 0.03), hand.between(0.02, 0.3)),
          at(right * 0.5, hand.between(-0.04, 0.06)),
          at(right, hand.between(0.12, 0.28)),
          at(right * hand.between(0.6, 1), 0.6),
          at(right * hand.between(0.1, 0.8), 1),
        ],
      ];
    },
  },
];
