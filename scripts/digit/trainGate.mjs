// Trains the network that says whether a sign is a digit at all, on MNIST's training images and on made signs.
//   npm run build && nice node scripts/digit/trainGate.mjs gate.safetensors [--data-dir DIR] [--seed 1] [--epochs 6]
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as cifra from 'cifra';
import { Random } from '../../dist/numeric/philox.js';
import { letterImage, strokesImage, tangleImage, turnedImage } from './nonDigits.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'data-dir': { type: 'string' },
    seed: { type: 'string', default: '1' },
    epochs: { type: 'string', default: '6' },
    threads: { type: 'string', default: '1' },
  },
});
const [file] = positionals;
if (!file) throw new Error('Usage: node scripts/digit/trainGate.mjs gate.safetensors');
if (values['data-dir']) process.env.CIFRA_DATA_DIR = values['data-dir'];
const seed = Number(values.seed);
// Numbers of their own, beside the library's streams.
const STREAM = 1000;
const DIGITS = { mnist: 24_000, synthetic: 4_000 };
const OTHERS = { letters: 20_000, tangles: 3_000, turned: 4_000 };

const { dataset } = await cifra.resolveDataset('mnist');
const { train } = dataset;
// The images held out for the limits are those that recipes with a split of 1/6 hold out, at seed 1.
const known = cifra.splitIndices(train.labels, { validation: 1 / 6, seed: 1, stratified: true }).train;
const order = new Random(seed, STREAM).permutation(known.length);
const image = (i) => train.images.data.subarray(known[i] * 784, (known[i] + 1) * 784);

const images = [];
const labels = [];
const add = (pixels, label) => {
  images.push(pixels);
  labels.push(label);
};
for (let i = 0; i < DIGITS.mnist; i++) add(image(order[i]), 1);
for (let i = 0; i < DIGITS.synthetic; i++) {
  add(strokesImage(cifra.syntheticStrokes({ seed: seed + 1, index: i }).strokes, new Random(seed, STREAM + 1, i)), 1);
}
for (let i = 0; i < OTHERS.letters; i++) add(letterImage(new Random(seed, STREAM + 2, i)), 0);
for (let i = 0; i < OTHERS.tangles; i++) add(tangleImage(new Random(seed, STREAM + 3, i)), 0);
for (let i = 0, made = 0; made < OTHERS.turned; i++) {
  const turned = turnedImage(image(order[i]), train.labels[known[order[i]]], new Random(seed, STREAM + 4, i));
  if (turned) made = add(turned, 0) ?? made + 1;
}
console.log(`${images.length} images, ${labels.filter((label) => label === 1).length} of them digits`);

const pixels = new Uint8Array(images.length * 784);
images.forEach((each, i) => pixels.set(each, i * 784));
const x = cifra.normalize(cifra.tensor(pixels, [images.length, 28, 28, 1]));
const y = cifra.oneHot(Uint8Array.from(labels), 2);
const conv = (filters, more = {}) =>
  cifra.conv2d({ filters, kernelSize: 3, activation: 'relu', padding: 'same', ...more });
const model = cifra.sequential(
  [
    conv(12, { inputShape: [28, 28, 1] }),
    cifra.batchNormalization(),
    cifra.maxPooling2d({ poolSize: 2 }),
    conv(24),
    cifra.batchNormalization(),
    cifra.maxPooling2d({ poolSize: 2 }),
    conv(32),
    cifra.batchNormalization(),
    cifra.maxPooling2d({ poolSize: 2 }),
    cifra.flatten(),
    cifra.dense({ units: 48, activation: 'relu' }),
    cifra.dropout({ rate: 0.2 }),
    cifra.dense({ units: 2, activation: 'softmax' }),
  ],
  { seed, threads: Number(values.threads) },
);
const learningRate = cifra.oneCycle({ maxLearningRate: 0.01 });
model.compile({ optimizer: cifra.adam({ learningRate }), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
const augmentation = cifra.imageDataGenerator({
  rotationRange: 10,
  widthShiftRange: 0.05,
  heightShiftRange: 0.05,
  shearRange: 8,
  zoomRange: 0.1,
  elastic: { alpha: 20 },
});
await model.fit(x, y, {
  epochs: Number(values.epochs),
  batchSize: 128,
  augmentation,
  callbacks: [{ onEpochEnd: (log) => console.log(JSON.stringify(log)) }],
});
writeFileSync(file, cifra.modelToBytes(model));
await model.dispose();
