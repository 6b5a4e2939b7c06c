// How digits of all kinds are read and what is refused: a table by condition and by source.
//   npm run build && nice node scripts/digit/measure.mjs MODEL [--gate GATE] [--data-dir DIR] [--real DIR]
//     [--count 100] [--photos DIR] [--mnist 2000] [--test] [--only 'pens|letters'] [--out measured.json] [--sheet mistakes.png]
// MNIST's images are those that recipes with a split of 1/6 hold out at seed 1, or with --test the test images. --real is a
// folder with pictures and labels.csv (file, label, source, ...), --photos one with photographs that show no digit: each is
// looked at whole and in eight parts, every other part without its colours. What --out writes, setLimits.mjs reads.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as cifra from 'cifra';
import { judge, normalizeDigit } from '../../dist/digit/index.js';
import { Random } from '../../dist/numeric/philox.js';
import { decodePicture } from '../../dist/pictures/index.js';
import { pens, roundTrips } from './conditions.mjs';
import { throughExif } from './exif.mjs';
import { drawLetters } from './letters.mjs';
import * as nothing from './nothing.mjs';
import { toPicture } from './scene.mjs';
import { sheetPng } from './sheet.mjs';
import { troubles } from './troubles.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    gate: { type: 'string' },
    'data-dir': { type: 'string' },
    real: { type: 'string' },
    photos: { type: 'string' },
    count: { type: 'string', default: '100' },
    mnist: { type: 'string', default: '2000' },
    test: { type: 'boolean', default: false },
    only: { type: 'string', default: '.' },
    out: { type: 'string' },
    sheet: { type: 'string' },
  },
});
const [modelFile] = positionals;
if (!modelFile) throw new Error('Usage: node scripts/digit/measure.mjs MODEL');
if (values['data-dir']) process.env.CIFRA_DATA_DIR = values['data-dir'];
const model = cifra.modelFromBytes(readFileSync(modelFile), { threads: 1 });
const gate = values.gate && cifra.modelFromBytes(readFileSync(values.gate), { threads: 1 });

const { dataset } = await cifra.resolveDataset('mnist');
const digits = values.test
  ? dataset.test
  : cifra.splitTrain(dataset.train, { validation: 1 / 6, seed: 1, stratified: true }).validation;
const image = (i) => digits.images.data.subarray(i * 784, (i + 1) * 784);

/** Yields { set, group, label, picture }; label -1 for what is no digit. */
async function* everything() {
  const wanted = new RegExp(values.only);
  const count = Number(values.count);
  const seeds = { roundTrips: 5, pens: 6, nothing: 7, photos: 8 };
  if (wanted.test('mnist')) {
    for (let i = 0; i < Number(values.mnist); i++) {
      yield { set: 'mnist', group: 'as it is', label: digits.labels[i], picture: greyPicture(image(i)) };
    }
  }
  if (wanted.test('roundTrips')) {
    for (const [group, draw] of Object.entries(roundTrips)) {
      for (let i = 0; i < count; i++) {
        const picture = draw(image(i), new Random(seeds.roundTrips, 1100, i));
        yield { set: 'round trip', group, label: digits.labels[i], picture };
      }
    }
    for (let i = 0; i < count; i++) {
      const picture = roundTrips['medium, anywhere'](image(i), new Random(seeds.roundTrips, 1100, i));
      const turned = await throughExif(toPicture(picture), [3, 6, 8][i % 3]);
      yield { set: 'round trip', group: 'rotated by Exif', label: digits.labels[i], picture: turned };
    }
  }
  if (wanted.test('pens')) {
    const hands = 77;
    const { images, labels } = cifra.syntheticDigits({ count, seed: hands });
    for (let i = 0; i < count; i++) {
      const picture = greyPicture(images.data.subarray(i * 784, (i + 1) * 784));
      yield { set: 'pen', group: 'none: 28 x 28', label: labels[i], picture };
    }
    for (const [set, conditions] of Object.entries({ pen: pens, trouble: troubles })) {
      for (const [group, draw] of Object.entries(conditions)) {
        for (let i = 0; i < count; i++) {
          const { strokes, digit } = cifra.syntheticStrokes({ seed: hands, index: i });
          yield { set, group, label: digit, picture: draw(strokes, new Random(seeds.pens, 1100, i)) };
        }
      }
    }
  }
  if (wanted.test('nothing')) {
    for (const [kind, conditions] of Object.entries(nothing)) {
      for (const [name, draw] of Object.entries(conditions)) {
        for (let i = 0; i < count; i++) {
          const picture = draw(new Random(seeds.nothing, 1100, i));
          yield { set: 'nothing', group: `${kind}: ${name}`, label: -1, picture };
        }
      }
    }
  }
  if (wanted.test('letters')) {
    for (const { letter, font, style, ...picture } of await drawLetters()) {
      yield { set: 'letters', group: font, label: -1, name: `${letter} ${style}`, picture };
    }
  }
  if (wanted.test('photos') && values.photos) {
    for (const [i, name] of readdirSync(values.photos).sort().entries()) {
      const photo = await decodePicture(readFileSync(join(values.photos, name)), name);
      yield { set: 'photos', group: 'whole', label: -1, name, picture: photo };
      const random = new Random(seeds.photos, 1100, i);
      for (let k = 0; k < 8; k++) {
        const part = partOf(photo, random);
        if (k % 2 === 0) yield { set: 'photos', group: 'part', label: -1, name, picture: part };
        else yield { set: 'photos', group: 'part, grey', label: -1, name, picture: withoutColour(part) };
      }
    }
  }
  if (wanted.test('real') && values.real) {
    const lines = readFileSync(join(values.real, 'labels.csv'), 'utf8').trim().split('\n').slice(1);
    const rows = lines.map((line) => /^([^,]*),(\d),([^,]*)/.exec(line));
    for (const [, name, label, group] of rows) {
      const picture = await decodePicture(readFileSync(join(values.real, name)), name);
      yield { set: 'real', group, label: Number(label), name, picture };
    }
  }
}

function greyPicture(pixels) {
  const data = new Uint8Array(4 * pixels.length).fill(255);
  pixels.forEach((value, i) => data.fill(value, 4 * i, 4 * i + 3));
  return { width: 28, height: 28, data };
}

/** A rectangle of any place and shape near a square, a sixth of the photo's shorter side or larger. */
function partOf({ width, height, data }, random) {
  const side = Math.min(width, height) * random.uniform(1 / 6, 1);
  const shape = random.uniform(0.75, 1);
  const sides = [Math.round(side), Math.round(side * shape)];
  const [w, h] = random.uniform() < 0.5 ? sides : sides.reverse();
  const [left, top] = [random.below(width - w + 1), random.below(height - h + 1)];
  const part = new Uint8Array(w * h * 4);
  for (let y = 0; y < h; y++) {
    const from = ((top + y) * width + left) * 4;
    part.set(data.subarray(from, from + w * 4), y * w * 4);
  }
  return { width: w, height: h, data: part };
}

function withoutColour({ width, height, data }) {
  const grey = Uint8Array.from(data);
  for (let i = 0; i < grey.length; i += 4) {
    grey.fill(Math.round(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]), i, i + 3);
  }
  return { width, height, data: grey };
}

const measured = [];
const mistakes = [];
const perGroup = new Map();
const BATCH = 50;
let batch = [];
for await (const item of everything()) {
  batch.push(item);
  if (batch.length === BATCH) await measureBatch();
}
await measureBatch();
report();
if (values.out) writeFileSync(values.out, JSON.stringify(measured));
if (values.sheet) writeFileSync(values.sheet, sheetPng(mistakes));
await model.dispose();
if (gate) await gate.dispose();

async function measureBatch() {
  const seen = batch.map(({ set, group, label, name, picture: made }) => {
    const picture = made.data instanceof Float32Array ? toPicture(made) : made;
    const begun = process.cpuUsage();
    const digit = normalizeDigit(picture);
    const used = process.cpuUsage(begun);
    return { set, group, label, name, picture, digit, milliseconds: (used.user + used.system) / 1000 };
  });
  batch = [];
  if (seen.length === 0) return;
  const pixels = new Uint8Array(seen.length * 784);
  seen.forEach(({ digit }, i) => pixels.set(digit.image, i * 784));
  const input = cifra.normalize(cifra.tensor(pixels, [seen.length, 28, 28, 1]));
  const read = await model.predict(input);
  const asked = gate ? await gate.predict(input) : undefined;
  seen.forEach(({ picture, digit, ...rest }, i) => {
    const probabilities = [...read.data.subarray(i * 10, i * 10 + 10)];
    const digitness = asked?.data[i * 2 + 1];
    const predicted = probabilities.indexOf(Math.max(...probabilities));
    const { geometry } = digit;
    const { status, reason } = judge(geometry, { probabilities, digitness });
    measured.push({ ...rest, geometry, probabilities, digitness, predicted, status, reason });
    const wrong = rest.label < 0 ? status === 'ok' : predicted !== rest.label;
    const key = `${rest.set} ${rest.group}`;
    if (!wrong || !values.sheet || (perGroup.get(key) ?? 0) >= 4) return;
    perGroup.set(key, (perGroup.get(key) ?? 0) + 1);
    mistakes.push([picture, ...digit.stages().map((stage) => stage.picture)]);
    console.log(
      `row ${mistakes.length}: ${key} ${rest.name ?? ''} ${rest.label} read as ${predicted}, ${status} ${reason}`,
    );
  });
}

function report() {
  const groups = new Map();
  for (const item of measured) {
    for (const key of [`${item.set}: ${item.group}`, `${item.set}, all`]) {
      groups.set(key, [...(groups.get(key) ?? []), item]);
    }
  }
  const percent = (part, all) => ((100 * part) / all).toFixed(1).padStart(7);
  console.log(`${'pictures'.padEnd(62)}   count  right% refused%  answered right%      ms`);
  for (const [key, items] of groups) {
    const right = items.filter(({ label, predicted }) => label === predicted);
    const answered = items.filter(({ status }) => status === 'ok');
    const both = right.filter(({ status }) => status === 'ok');
    const time = items.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / items.length;
    const known = items[0].label >= 0;
    const figures = [
      String(items.length).padStart(8),
      known ? percent(right.length, items.length) : '       ',
      percent(items.length - answered.length, items.length),
      known ? percent(both.length, items.length).padStart(12) : ' '.repeat(12),
      time.toFixed(1).padStart(12),
    ];
    console.log(key.padEnd(62) + figures.join(' '));
  }
  const sources = [...groups].filter(([key]) => key.startsWith('real: ')).map(([, items]) => items);
  if (sources.length > 0) {
    const share = (items) => items.filter(({ label, predicted }) => label === predicted).length / items.length;
    const macro = sources.reduce((sum, items) => sum + share(items), 0) / sources.length;
    console.log(`real, macro average by source: ${(100 * macro).toFixed(2)}`);
  }
}
