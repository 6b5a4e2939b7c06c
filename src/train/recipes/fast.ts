import type { Recipe } from '../recipe.js';

/** As quick as 99% can be: the layers that cost most see small maps, and one cycle of a high learning rate. */
export const fast: Recipe = {
  name: 'fast',
  description: 'Above 99% in one epoch, a few seconds: a small network and one cycle of a high learning rate.',
  network: {
    type: 'sequential',
    version: 1,
    name: 'fast',
    layers: [
      { type: 'conv2d', filters: 24, kernelSize: 5, activation: 'relu', inputShape: [28, 28, 1] },
      { type: 'maxPooling2d', poolSize: 2 },
      { type: 'batchNormalization', momentum: 0.9 },
      { type: 'conv2d', filters: 32, kernelSize: 3, activation: 'relu' },
      { type: 'maxPooling2d', poolSize: 2 },
      { type: 'flatten' },
      { type: 'batchNormalization', momentum: 0.9 },
      { type: 'dense', units: 256, activation: 'relu' },
      { type: 'batchNormalization', momentum: 0.9 },
      { type: 'dense', units: 10, activation: 'softmax' },
    ],
  },
  optimizer: { type: 'adam', learningRate: { type: 'oneCycle', maxLearningRate: 0.01 }, beta1: 0.7, beta2: 0.9 },
  loss: { type: 'categoricalCrossentropy', labelSmoothing: 0.05 },
  metrics: ['accuracy'],
  phases: [{ epochs: 1, batchSize: 128 }],
  validation: { split: 0.1 },
};
