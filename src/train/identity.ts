import type { Dataset, DatasetName } from '../data/dataset.js';
import { syntheticDataset } from '../data/syntheticDataset.js';
import type { Backend } from '../engine/backend.js';
import { weightsSha256 } from '../runs/modelFile.js';
import { identityHashes } from './identityHashes.js';
import { changeRecipe, type Recipe } from './recipe.js';
import { better } from './recipes/better.js';
import { fast } from './recipes/fast.js';
import { seed } from './recipes/seed.js';
import { recipeModel, runRecipe } from './runRecipe.js';

/**
 * Trainings whose last weights are known to the bit, so that any machine, any number of threads, any Node and any browser
 * can be held against them. They hold for strict numerics and this version of the engine.
 */
export interface IdentityTraining {
  readonly recipe: Recipe;
  readonly seed: number;
  readonly dataset: DatasetName;
  /** Its first so many training images, and as many test images. */
  readonly limit: number;
  /** `weightsSha256` of the last weights. */
  readonly expected: string;
}

/**
 * Small and quick, with every kind of layer and nearly every kernel: Winograd's three sizes of tiles, other windows,
 * strides, paddings and counts of channels that fill no tile, a last batch of three images, all that augmentation does,
 * averaged weights with statistics computed anew.
 */
const small: Recipe = {
  name: 'identity',
  network: {
    type: 'sequential',
    version: 1,
    name: 'identity',
    layers: [
      { type: 'conv2d', filters: 8, kernelSize: 5, activation: 'relu', inputShape: [28, 28, 1] },
      { type: 'batchNormalization' },
      { type: 'conv2d', filters: 16, kernelSize: 3, padding: 'same', useBias: false },
      { type: 'batchNormalization' },
      { type: 'activation', activation: 'relu' },
      { type: 'maxPooling2d', poolSize: 2 },
      { type: 'conv2d', filters: 16, kernelSize: 3, activation: 'elu' },
      { type: 'batchNormalization', trainable: false },
      { type: 'conv2d', filters: 16, kernelSize: 3, activation: 'leakyRelu', kernelRegularizer: 'l2' },
      { type: 'averagePooling2d', poolSize: 3, strides: 2, padding: 'same' },
      { type: 'conv2d', filters: 9, kernelSize: 3, strides: 2, padding: 'same', activation: 'softplus' },
      { type: 'flatten' },
      { type: 'dense', units: 21, activation: 'tanh' },
      { type: 'batchNormalization' },
      { type: 'dropout', rate: 0.25 },
      { type: 'dense', units: 13, activation: 'sigmoid' },
      { type: 'dense', units: 11, activation: 'softmax' },
      { type: 'dense', units: 10, activation: 'softmax' },
    ],
  },
  optimizer: { type: 'adam', learningRate: { type: 'oneCycle', maxLearningRate: 0.01 }, useEma: true },
  loss: 'sparseCategoricalCrossentropy',
  phases: [
    { epochs: 2, batchSize: 32 },
    {
      epochs: 2,
      batchSize: 20,
      dropLast: true,
      augmentation: {
        rotationRange: 15,
        widthShiftRange: 0.1,
        heightShiftRange: 3,
        shearRange: 5,
        zoomRange: 0.1,
        horizontalFlip: true,
        fillMode: 'reflect',
      },
    },
    {
      epochs: 1,
      batchSize: 32,
      augmentation: {
        rotationRange: 10,
        fillMode: 'constant',
        elastic: { alpha: 34 },
        strokes: { thinner: 0.8, thicker: 3 },
        blur: { sigma: [0, 1], probability: 0.5 },
        contrast: { gain: [0.7, 1.3], offset: [-0.1, 0.1] },
        noise: { deviation: [0, 0.1], probability: 0.5 },
        erasing: { probability: 0.5 },
      },
    },
  ],
  validation: 'test',
};

/** The notebook's training, one epoch of each phase on few images. */
const shortSeed: Recipe = { ...seed, phases: seed.phases.map((phase) => ({ ...phase, epochs: 1 })) };

export const identityTrainings = {
  /** 163 = 5 x 32 + 3 images. */
  small: { recipe: small, seed: 7, dataset: 'synthetic', limit: 163, expected: identityHashes.small },
  seed: { recipe: shortSeed, seed: 1, dataset: 'synthetic', limit: 1280, expected: identityHashes.seed },
  fast: { recipe: fast, seed: 1, dataset: 'synthetic', limit: 1280, expected: identityHashes.fast },
  better: {
    recipe: changeRecipe(better, { epochs: 2 }),
    seed: 1,
    dataset: 'synthetic',
    limit: 1280,
    expected: identityHashes.better,
  },
  mnist: { recipe: shortSeed, seed: 1, dataset: 'mnist', limit: 1280, expected: identityHashes.mnist },
} as const satisfies Record<string, IdentityTraining>;

/**
 * Trains, and gives `weightsSha256` of the last weights: `expected`, or something is not as it was.
 * @param dataset what the training names, with its limit; the synthetic digits are made here
 */
export async function trainForIdentity(
  { recipe, seed, limit }: IdentityTraining,
  makeBackend: () => Backend,
  dataset?: Dataset,
): Promise<string> {
  await using model = recipeModel(recipe, makeBackend, seed);
  await runRecipe(recipe, dataset ?? (await syntheticDataset({ limit })), { model });
  return await weightsSha256(model.getWeights());
}
