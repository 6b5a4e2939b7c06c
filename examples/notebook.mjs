// @ts-check
// The whole notebook, in ten steps from the files of MNIST to a prediction, on Node 20.19 or newer:
//   npm run build && node examples/notebook.mjs         on MNIST, or on synthetic digits where it cannot be had
//   npm run build && node examples/notebook.mjs 6000    a trial on 6,000 synthetic digits

// 1. Import
import { batchNormalization, conv2d, dense, dropout, flatten, maxPooling2d, sequential } from 'cifra';
import { imageDataGenerator, normalize, oneHot, resolveDataset, rows } from 'cifra';

const limit = Number(process.argv[2]) || undefined; // 2. Load
const { dataset, notice } = await resolveDataset(limit ? 'synthetic' : 'auto', { limit });
const { train, test } = dataset;
console.log(notice ?? `${train.labels.length} training images: ${dataset.source}`);
const [x, testX] = [normalize(train.images), normalize(test.images)]; // 3. Normalize
const [y, testY] = [oneHot(train.labels), oneHot(test.labels)]; // 4. One-hot encode
const layers = [
  conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }), // 5. The network
  batchNormalization(),
  conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
  maxPooling2d({ poolSize: 2 }),
  batchNormalization(),
  conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
  batchNormalization(),
  conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
  maxPooling2d({ poolSize: 2 }),
  flatten(),
  batchNormalization(),
  dense({ units: 512, activation: 'relu' }),
  batchNormalization(),
  dropout({ rate: 0.2 }),
  dense({ units: 10, activation: 'softmax' }),
];
const model = sequential(layers, { seed: 1 });
console.log(model.summary());
model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] }); // 6. Compile, and fit
/** @type {import('cifra').FitOptions} */
const always = { validationData: [testX, testY], callbacks: [{ onEpochEnd: (log) => console.log(log) }] };
await model.fit(x, y, { epochs: 3, batchSize: 128, ...always });
const ranges = { rotationRange: 7, widthShiftRange: 0.05, shearRange: 0.2, heightShiftRange: 0.07, zoomRange: 0.05 };
const augmentation = imageDataGenerator(ranges); // 7. Augment
const stepsPerEpoch = Math.floor(train.labels.length / 64);
await model.fit(x, y, { epochs: 5, batchSize: 64, stepsPerEpoch, augmentation, ...always }); // 8. Fit again
console.log(await model.evaluate(testX, testY)); // 9. Evaluate
const index = Math.min(1200, train.labels.length - 1); // 10. Predict
const image = rows(x, index, index + 1);
const shades = Array.from(image.data, (ink, i) => ' ░▒▓█'[Math.ceil(ink / 64)] + (i % 28 === 27 ? '\n' : ''));
console.log(`${shades.join('')}This is a ${(await model.predictClass(image))[0]}.`);
await model.dispose();
