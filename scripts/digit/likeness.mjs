// How near normalized pictures come to the digit that was drawn, without any network: a table by condition.
//   npm run build && nice node scripts/digit/likeness.mjs [--count 40] [--hands 900] [--only 'chalk|board'] [--sheet worst.png]
// Likeness is the cosine of the angle between the normalized picture and the same strokes normalized from black ink on
// white, by the likest of three pens and at the best shift by a pixel. Below 0.85 a part of the digit is missing or
// something else hangs on it.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { judge, normalizeDigit, syntheticStrokes } from 'cifra';
import { Random } from '../../dist/numeric/philox.js';
import { pens } from './conditions.mjs';
import * as scene from './scene.mjs';
import { sheetPng } from './sheet.mjs';
import { troubles } from './troubles.mjs';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '40' },
    hands: { type: 'string', default: '900' },
    only: { type: 'string', default: '.' },
    sheet: { type: 'string' },
  },
});
const LEAST = 0.85;
const PENS = [0.06, 0.1, 0.16];
const SHIFTS = [-29, -28, -27, -1, 0, 1, 27, 28, 29];
const count = Number(values.count);

const cosine = (a, b, shift) => {
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, i) => {
    const other = b[i + shift] ?? 0;
    ab += value * other;
    aa += value * value;
    bb += other * other;
  });
  return ab / Math.sqrt(aa * bb || 1);
};
const likeness = (image, strokes) =>
  Math.max(...PENS.flatMap((pen) => SHIFTS.map((shift) => cosine(image, clean(strokes, pen), shift))));

const cleanOnes = new WeakMap();
function clean(strokes, pen) {
  if (!cleanOnes.has(strokes)) cleanOnes.set(strokes, new Map());
  const known = cleanOnes.get(strokes);
  if (!known.has(pen)) {
    const sheet = scene.sheet(280, 280, [1, 1, 1]);
    scene.draw(sheet, scene.fromStrokes(strokes, 180, 180 * pen), 30, 30, [0, 0, 0]);
    known.set(pen, normalizeDigit(scene.toPicture(sheet)).image);
  }
  return known.get(pen);
}

const hands = Array.from({ length: count }, (_, index) => syntheticStrokes({ seed: Number(values.hands), index }));
const worst = [];
console.log(`${'pictures'.padEnd(32)} likeness, mean   lowest   below ${LEAST}   refused before any network`);
for (const [name, draw] of Object.entries({ ...pens, ...troubles })) {
  if (!new RegExp(values.only).test(name)) continue;
  const found = hands.map(({ strokes }, i) => {
    const picture = scene.toPicture(draw(strokes, new Random(6, 1100, i)));
    const digit = normalizeDigit(picture);
    const like = likeness(digit.image, strokes);
    const refused = judge(digit.geometry).status !== 'ok';
    if (like < LEAST || refused) worst.push([picture, ...digit.stages().map((stage) => stage.picture)]);
    return { like, refused };
  });
  const mean = found.reduce((sum, { like }) => sum + like, 0) / count;
  const lowest = Math.min(...found.map(({ like }) => like));
  const below = found.filter(({ like }) => like < LEAST).length;
  const refused = found.filter((each) => each.refused).length;
  const figures = [mean.toFixed(3).padStart(14), lowest.toFixed(3).padStart(8), String(below).padStart(12)];
  console.log(`${name.padEnd(32)} ${figures.join(' ')} ${String(refused).padStart(9)} of ${count}`);
}
if (values.sheet) writeFileSync(values.sheet, sheetPng(worst));
