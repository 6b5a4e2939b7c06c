import type { Recipe } from '../recipe.js';

/** The original Keras notebook: network, optimizer and both trainings, validation on the test images included. */
export const seed: Recipe = {
  name: 'seed',
  description:
    'The original notebook: 3 epochs at batch 128, then 5 augmented epochs at batch 64 (937 full batches each, with 60,000 images). Its validation is on the test images, as in the notebook: choosing an epoch by it would inflate the result.',
  network: {
    type: 'sequential',
    version: 1,
    name: 'seed',
    layers: [
      { type: 'conv2d', filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] },
      { type: 'batchNormalization' },
      { type: 'conv2d', filters: 32, kernelSize: 3, activation: 'relu' },
      { type: 'maxPooling2d', poolSize: 2 },
      { type: 'batchNormalization' },
      { type: 'conv2d', filters: 64, kernelSize: 3, activation: 'relu' },
      { type: 'batchNormalization' },
      { type: 'conv2d', filters: 64, kernelSize: 3, activation: 'relu' },
      { type: 'maxPooling2d', poolSize: 2 },
      { type: 'flatten' },
      { type: 'batchNormalization' },
      { type: 'dense', units: 512, activation: 'relu' },
      { type: 'batchNormalization' },
      { type: 'dropout', rate: 0.2 },
      { type: 'dense', units: 10, activation: 'softmax' },
    ],
  },
  optimizer: 'adam',
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
  phases: [
    { epochs: 3, batchSize: 128 },
    {
      epochs: 5,
      batchSize: 64,
      dropLast: true,
      augmentation: {
        rotationRange: 7,
        widthShiftRange: 0.05,
        shearRange: 0.2,
        heightShiftRange: 0.07,
        zoomRange: 0.05,
      },
    },
  ],
  validation: 'test',
};
