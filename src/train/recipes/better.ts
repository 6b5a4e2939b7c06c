import type { Recipe } from '../recipe.js';

/** The most accuracy for some minutes: pairs of 3x3 convolutions, strong affine maps, averaged weights. */
export const better: Recipe = {
  name: 'better',
  description:
    'Above 99.5% in minutes: normalization after every layer, rotated, shifted, sheared and zoomed digits, one cycle of a high learning rate, averaged weights.',
  network: {
    type: 'sequential',
    version: 1,
    name: 'better',
    layers: [
      { type: 'conv2d', filters: 16, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] },
      { type: 'batchNormalization', momentum: 0.9 },
      { type: 'conv2d', filters: 16, kernelSize: 3, activation: 'relu' },
      { type: 'batchNormalization', momentum: 0.9 },
      { type: 'maxPooling2d', poolSize: 2 },
      { type: 'dropout', rate: 0.2 },
      { type: 'conv2d', filters: 48, kernelSize: 3, activation: 'relu' },
      { type: 'batchNormalization', momentum: 0.9 },
      { type: 'conv2d', filters: 48, kernelSize: 3, activation: 'relu' },
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
    emaMomentum: 0.995,
  },
  loss: { type: 'categoricalCrossentropy', labelSmoothing: 0.05 },
  metrics: ['accuracy'],
  phases: [
    {
      epochs: 14,
      batchSize: 256,
      augmentation: {
        rotationRange: 10,
        widthShiftRange: 0.08,
        heightShiftRange: 0.08,
        shearRange: 10,
        zoomRange: 0.1,
        fillMode: 'constant',
      },
    },
  ],
  validation: { split: 0.1 },
};
