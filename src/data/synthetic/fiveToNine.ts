import { arc, at, corner, type Control } from './curve.js';
import type { Hand } from './hand.js';
import type { Variant } from './skeletons.js';

const maybeCorner = (hand: Hand, sharp: number, x: number, y: number): Control =>
  hand.chance(sharp) ? corner(x, y) : at(x, y);

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
      : [at(hand.between(-0.1, 0.08), hand.between(0.86, 0.94)), at(hand.between(-0.1, 0.15), hand.between(0.68, 0.82))]),
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
        [at(top, hand.bell(0, 0.02)), maybeCorner(hand, 0.7, left, waist), ...bellyOfFive(hand, left, waist)],
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
          maybeCorner(hand, 0.7, top, hand.bell(0.02, 0.02)),
          maybeCorner(hand, 0.6, left, waist),
          ...bellyOfFive(hand, left, waist),
        ],
      ];
    },
  },
];

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

function barOfSeven(hand: Hand, right: number): Control[] {
  const rise = hand.between(-0.04, hand.chance(0.3) ? 0.35 : 0.18);
  const wave = hand.bell(0.01, 0.04);
  const serif = hand.chance(0.4) ? [at(hand.bell(-0.02, 0.04), rise + hand.between(0.05, hand.chance(0.25) ? 0.35 : 0.2))] : [];
  const left = hand.bell(0, 0.02);
  return [
    ...serif,
    serif.length > 0 ? maybeCorner(hand, 0.6, left, rise) : at(left, rise),
    at(right * hand.between(0.4, 0.6), rise * 0.5 + wave),
    maybeCorner(hand, 0.7, right, hand.between(0, 0.08)),
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
        [
          at(middle - hand.between(0.1, 0.35), height + tilt),
          at(middle + hand.between(0.1, 0.4), height - tilt),
        ],
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

export const eight: readonly Variant[] = [
  {
    // One stroke in an S from the upper right, back up through the crossing; the top may stay open.
    share: 8,
    draw: (hand) => {
      const waist = hand.between(0.32, 0.62);
      const upper = hand.between(0.12, 0.4);
      const lower = hand.between(0.1, 0.4);
      const out = hand.between(0.4, 1.4);
      return [
        [
          at(0.4 + upper * out, hand.between(-0.02, 0.22)),
          at(0.4 + hand.bell(-0.02, 0.04), 0),
          at(0.4 - upper, waist * hand.between(0.35, 0.6)),
          at(0.4 + hand.bell(0, 0.04), waist),
          at(0.4 + lower, waist + (1 - waist) * hand.between(0.4, 0.6)),
          at(0.4 + hand.bell(-0.02, 0.04), 1),
          at(0.4 - lower, waist + (1 - waist) * hand.between(0.4, 0.65)),
          at(0.4 + hand.bell(0.02, 0.04), waist + hand.bell(0, 0.03)),
          at(0.4 + upper * hand.between(0.75, 1.1), waist * hand.between(0.3, 0.6)),
          at(0.4 + upper * hand.between(0.2, 1.2), hand.between(-0.06, 0.16)),
        ],
      ];
    },
  },
  {
    // An S, then a straight stroke from its end up to its beginning.
    share: 3,
    draw: (hand) => {
      const waist = hand.between(0.36, 0.56);
      const upper = hand.between(0.16, 0.36);
      const lower = hand.between(0.14, 0.34);
      return [
        [
          at(0.4 + upper * hand.between(0.7, 1.3), hand.between(-0.02, 0.2)),
          at(0.4 + hand.bell(-0.02, 0.04), 0),
          at(0.4 - upper, waist * hand.between(0.35, 0.6)),
          at(0.4 + hand.bell(0, 0.04), waist),
          at(0.4 + lower, waist + (1 - waist) * hand.between(0.4, 0.65)),
          at(0.4, 1),
          maybeCorner(hand, 0.2, 0.4 - lower * hand.between(0.6, 1.1), hand.between(0.82, 0.95)),
          at(0.4 + upper * hand.between(0.8, 1.6), hand.between(-0.08, 0.2)),
        ],
      ];
    },
  },
  {
    // Two rings.
    share: 1.5,
    draw: (hand) => {
      const waist = hand.between(0.38, 0.58);
      const top = hand.bell(150, 30);
      const bottom = hand.bell(0, 40);
      return [
        arc(at(0.4, waist / 2), hand.between(0.14, 0.34), waist / 2, top, top - 360 - hand.bell(0, 15)),
        arc(at(0.4 + hand.bell(0, 0.03), (1 + waist) / 2), hand.between(0.18, 0.38), (1 - waist) / 2, bottom, bottom + 360),
      ];
    },
  },
  {
    // Open at the top: down from the upper left, around the lower ring and up to the right.
    share: 0.8,
    draw: (hand) => {
      const waist = hand.between(0.4, 0.6);
      const upper = hand.between(0.15, 0.4);
      const lower = hand.between(0.12, 0.34);
      return [
        [
          ...(hand.chance(0.5) ? [at(0.4 - upper * hand.between(0, 0.8), hand.between(0, 0.08))] : []),
          at(0.4 - upper, waist * hand.between(0.25, 0.5)),
          at(0.4 + hand.bell(0, 0.04), waist),
          at(0.4 + lower, waist + (1 - waist) * hand.between(0.4, 0.65)),
          at(0.4 + hand.bell(-0.02, 0.04), 1),
          at(0.4 - lower, waist + (1 - waist) * hand.between(0.4, 0.65)),
          at(0.4 + hand.bell(0.02, 0.04), waist + hand.bell(0, 0.03)),
          at(0.4 + upper * hand.between(0.7, 1.5), hand.between(-0.05, 0.2)),
        ],
      ];
    },
  },
  {
    // Open at the bottom: up from the lower left, around the upper ring and down to the right.
    share: 0.5,
    draw: (hand) => {
      const waist = hand.between(0.45, 0.65);
      const upper = hand.between(0.14, 0.34);
      const lower = hand.between(0.15, 0.36);
      return [
        [
          ...(hand.chance(0.5) ? [at(0.4 - lower * hand.between(0, 0.6), hand.between(0.92, 1))] : []),
          at(0.4 - lower, waist + (1 - waist) * hand.between(0.5, 0.8)),
          at(0.4 + hand.bell(0, 0.04), waist),
          at(0.4 + upper, waist * hand.between(0.35, 0.6)),
          at(0.4 + hand.bell(0, 0.04), 0),
          at(0.4 - upper, waist * hand.between(0.35, 0.6)),
          at(0.4 + hand.bell(0, 0.04), waist + hand.bell(0, 0.03)),
          at(0.4 + lower * hand.between(0.6, 1.2), hand.between(0.85, 1.05)),
        ],
      ];
    },
  },
  {
    // From the crossing: up around the top, back through it and around the bottom.
    share: 1.5,
    draw: (hand) => {
      const waist = hand.between(0.38, 0.58);
      const upper = hand.between(0.14, 0.34);
      const lower = hand.between(0.16, 0.36);
      const side = hand.chance(0.6) ? 1 : -1;
      return [
        [
          at(0.4 + hand.bell(0, 0.05), waist + hand.bell(0, 0.04)),
          at(0.4 + side * upper, waist * hand.between(0.35, 0.6)),
          at(0.4 + hand.bell(0, 0.04), 0),
          at(0.4 - side * upper, waist * hand.between(0.35, 0.6)),
          at(0.4 + hand.bell(0, 0.04), waist),
          at(0.4 + side * lower, waist + (1 - waist) * hand.between(0.4, 0.6)),
          at(0.4 + hand.bell(0, 0.04), 1),
          at(0.4 - side * lower, waist + (1 - waist) * hand.between(0.4, 0.6)),
          at(0.4 + hand.bell(0, 0.08), waist + hand.bell(0, 0.05)),
        ],
      ];
    },
  },
];

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
          maybeCorner(hand, 0.7, right + hand.bell(0, 0.04), hand.between(-0.05, ring)),
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
          maybeCorner(hand, 0.7, right + hand.bell(0, 0.04), hand.between(-0.03, ring)),
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
