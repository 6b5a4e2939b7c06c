// @ts-check
// Charts of one small training on synthetic digits, in one picture:
//   npm run build && node examples/charts.mjs charts.svg         3,000 images, as the guide shows it
//   npm run build && node examples/charts.mjs charts.svg 200     a trial

import { writeFileSync } from 'node:fs';
import { conv2d, dense, flatten, maxPooling2d, normalize, oneHot, resolveDataset, sequential } from 'cifra';
import { chartSheet, classesChart, curvesChart, networkChart } from 'cifra/charts';

const [file = 'charts.svg', limit = '3000'] = process.argv.slice(2);
const { dataset } = await resolveDataset('synthetic', { limit: Number(limit) });
const [x, testX] = [dataset.train, dataset.test].map(({ images }) => normalize(images));
const [y, testY] = [dataset.train, dataset.test].map(({ labels }) => oneHot(labels));
const layers = [
  conv2d({ filters: 8, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
  maxPooling2d({ poolSize: 2 }),
  conv2d({ filters: 16, kernelSize: 3, activation: 'relu' }),
  maxPooling2d({ poolSize: 2 }),
  flatten(),
  dense({ units: 10, activation: 'softmax' }),
];
const model = sequential(layers, { seed: 1 });
model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
const { epochs } = await model.fit(x, y, { epochs: 8, batchSize: 32, validationData: [testX, testY] });

/** @param {'loss' | 'valLoss'} figure */
const points = (figure) => epochs.map((log) => ({ x: log.epoch, y: log[figure] ?? 0 }));
const loss = curvesChart({
  title: 'Loss by epoch',
  series: [
    { name: 'training', points: points('loss'), dashed: true },
    { name: 'validation', points: points('valLoss') },
  ],
  x: { label: 'epoch' },
  y: { label: 'loss' },
  width: 520,
});

const read = await model.predictClass(testX);
const labels = [...dataset.test.labels];
const share = (/** @type {number[]} */ of, /** @type {number} */ digit, /** @type {ArrayLike<number>} */ other) =>
  of.filter((i) => other[i] === digit).length / of.length;
const classes = dataset.classNames.map((name, digit) => {
  const [its, taken] = [labels, [...read]].map((list) => list.flatMap((one, i) => (one === digit ? [i] : [])));
  const precision = taken?.length ? { precision: share(taken, digit, labels) } : {};
  return { name, recall: its?.length ? share(its, digit, read) : 0, count: its?.length ?? 0, ...precision };
});

const svg = chartSheet({
  title: `A small network on ${dataset.train.labels.length} synthetic digits`,
  charts: [
    { heading: 'Loss', svg: loss },
    { heading: 'Classes', svg: classesChart({ classes, width: 520 }) },
    { heading: 'The network', svg: networkChart({ layers: model.network.summaryData().layers, width: 520 }) },
  ],
  columns: 2,
});
writeFileSync(file, svg);
console.log(`Drawn into ${file}`);
await model.dispose();
