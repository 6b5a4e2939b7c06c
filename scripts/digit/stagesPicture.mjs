// Draws docs/images/digit-stages.png: the steps from made pictures to a network's input.
//   npm run build && node scripts/digit/stagesPicture.mjs
import { writeFileSync } from 'node:fs';
import { normalizeDigit, syntheticStrokes } from 'cifra';
import { Random } from '../../dist/numeric/philox.js';
import { pens } from './conditions.mjs';
import { toPicture } from './scene.mjs';
import { sheetPng } from './sheet.mjs';
import { troubles } from './troubles.mjs';

const HANDS = 77;
const rows = [
  [pens['ruled, in shadow'], 7],
  [troubles['smeared board'], 9],
  [troubles['in a printed box'], 2],
];
const pictures = rows.map(([draw, index]) => {
  const { strokes } = syntheticStrokes({ seed: HANDS, index });
  const { stages } = normalizeDigit(toPicture(draw(strokes, new Random(6, 1100, index))));
  return stages().map(({ picture }) => picture);
});
writeFileSync(new URL('../../docs/images/digit-stages.png', import.meta.url), sheetPng(pictures, 130));
