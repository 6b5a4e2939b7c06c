import { arc, at } from '../curve.js';
import { turn, type Variant } from './variant.js';

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
          turn(hand, 0.2, 0.4 - lower * hand.between(0.6, 1.1), hand.between(0.82, 0.95)),
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
        arc(
          at(0.4 + hand.bell(0, 0.03), (1 + waist) / 2),
          hand.between(0.18, 0.38),
          (1 - waist) / 2,
          bottom,
          bottom + 360,
        ),
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
