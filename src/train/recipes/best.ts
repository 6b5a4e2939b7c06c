import type { Recipe } from '../recipe.js';

/** For digits that people write and photograph: `better`, wider, on digits that bend, with strokes of many widths. */
export const best: Recipe = {
  name: 'best',
  description:
    'The most accuracy, for digits from pen, screen and camera too: wider than "better", digits that bend and have strokes of many widths, the last epochs closer to MNIST itself, calibrated on held-out images.',
  network: {
    type: 'sequential',
    version: 1,
    name: 'best',
    layers: [
      { type: 'conv2d', filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] },
      { type: 'batchNormalization', momentum: 0.9 },
      { type: 'conv2d', filters: 32, kernelSize: 3, activation: 'relu' },
      { type: 'batchNormalization', momentum: 0.9 },
      { type: 'maxPooling2d', poolSize: 2 },
      { type: 'dropout', rate: 0.2 },
      { type: 'conv2d', filters: 64, kernelSize: 3, activation: 'relu' },
      { type: 'batchNormalization', momentum: 0.9 },
      { type: 'conv2d', filters: 64, kernelSize: 3, activation: 'relu' },
      { type: 'batchNormalization', momentum: 0.9 },
      { type: 'maxPooling2d', poolSize: 2 },
      { type: 'dropout', rate: 0.2 },
      { type: 'flatten' },
      { type: 'dense', units: 128, activation: 'relu' },
      { type: 'batchNormalization', momentum: 0.9 },
      { type: 'dropout', rate: 0.2 },
      { type: 'dense', units: 10, activation: 'softmax' },
    ],
  },
  optimizer: {
    type: 'adam',
    learningRate: { type: 'oneCycle', maxLearningRate: 0.01 },
    useEma: true,
    emaMomentum: 0.998,
  },
  loss: { type: 'categoricalCrossentropy', labelSmoothing: 0.05 },
  metrics: ['accuracy'],
  phases: [
    {
      epochs: 22,
      batchSize: 256,
      augmentation: {
        rotationRange: 10,
        widthShiftRange: 0.08,
        heightShiftRange: 0.08,
        shearRange: 10,
        zoomRange: 0.1,
        fillMode: 'constant',
        elastic: { alpha: 10, sigma: 4 },
        strokes: { thinner: 0.6, thicker: 1.5, probability: 0.3 },
        contrast: { gain: [0.85, 1.1], offset: [0, 0] },
        noise: { deviation: [0, 0.04] },
        erasing: { probability: 0.1, area: [0.01, 0.04] },
      },
    },
    {
      epochs: 4,
      batchSize: 256,
      augmentation: {
        rotationRange: 6,
        widthShiftRange: 0.05,
        heightShiftRange: 0.05,
        shearRange: 6,
        zoomRange: 0.06,
        fillMode: 'constant',
      },
    },
  ],
  validation: { split: 0.1 },
  calibration: 'temperature',
};
