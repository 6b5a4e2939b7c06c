// @ts-check
// Two callbacks of your own: a line of progress, and Keras's ReduceLROnPlateau in fifteen lines.
//   npm run build && node examples/own-callback.mjs         on MNIST, or on synthetic digits where it cannot be had
//   npm run build && node examples/own-callback.mjs 6000    a trial on 6,000 synthetic digits

import { conv2d, dense, flatten, maxPooling2d, normalize, resolveDataset, sequential } from 'cifra';

/**
 * Redraws one line after every step, and ends it with the epoch.
 * @returns {import('cifra').Callback}
 */
function progress() {
  return {
    onBatchEnd({ epoch, step, steps, loss, imagesPerSecond }) {
      const done = Math.round((20 * step) / steps);
      const bar = '█'.repeat(done) + '·'.repeat(20 - done);
      process.stdout.write(`\r${epoch} ${bar} loss ${loss.toFixed(4)}, ${imagesPerSecond.toFixed(0)} images/s `);
    },
    onEpochEnd({ valLoss, learningRate }) {
      process.stdout.write(`validation loss ${valLoss?.toFixed(4)}, learning rate ${learningRate}\n`);
    },
  };
}

/**
 * Multiplies the learning rate by `factor` when the validation loss has not improved for `patience` epochs.
 * @param {{ factor: number, patience: number }} options
 * @returns {import('cifra').Callback}
 */
function reduceOnPlateau({ factor, patience }) {
  let best = Infinity;
  let waited = 0;
  return {
    onEpochEnd({ valLoss = Infinity }, training) {
      waited = valLoss < best ? 0 : waited + 1;
      best = Math.min(best, valLoss);
      if (waited < patience) return;
      training.setLearningRate(training.learningRate * factor);
      waited = 0;
    },
  };
}

const limit = Number(process.argv[2]) || undefined;
const { dataset, notice } = await resolveDataset(limit ? 'synthetic' : 'auto', { limit });
console.log(notice ?? dataset.source);

const model = sequential(
  [
    conv2d({ filters: 8, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
    maxPooling2d(),
    flatten(),
    dense({ units: 10, activation: 'softmax' }),
  ],
  { seed: 1 },
);
model.compile({ optimizer: { type: 'adam', learningRate: 0.01 }, loss: 'sparseCategoricalCrossentropy' });
await model.fit(normalize(dataset.train.images), dataset.train.labels, {
  epochs: 8,
  batchSize: 128,
  validationSplit: 0.1,
  callbacks: [progress(), reduceOnPlateau({ factor: 0.5, patience: 1 })],
});
await model.dispose();
