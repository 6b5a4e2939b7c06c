import { arc, at, corner, type Control } from './curve.js';
import type { Hand } from './hand.js';
import type { Variant } from './skeletons.js';

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
      return [arc(at(0.5, 0.5), hand.between(0.25, 0.46), 0.5, start, start + 360 + hand.bell(4, 14), hand.bell(0, 0.1))];
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

function topOfTwo(hand: Hand, width: number): Control[] {
  const left = hand.between(-0.02, 0.16);
  const drop = hand.between(0.08, 0.4);
  const peak = width * hand.between(0.42, 0.62);
  const shoulder = at(width, hand.between(0.14, 0.32));
  const slope = at(width * hand.between(0.55, 0.85), hand.between(0.45, 0.62));
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
      const width = hand.between(0.42, 0.85);
      const radiusX = hand.between(0.06, 0.28);
      const radiusY = Math.min(hand.between(0.04, 0.2), radiusX * 1.3);
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
