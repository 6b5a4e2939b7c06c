import { syntheticDigits } from '../../data/synthetic/index.js';
import type { Limit } from '../../data/contents.js';
import type { Backend } from '../../engine/backend.js';
import { Network } from '../../nn/index.js';
import { epochsOf, imagesPerEpoch, type Recipe } from '../../train/recipe.js';
import { inputsOf, recipeModel } from '../../train/runRecipe.js';

/** How fast this machine is with a recipe's network, in images per second. */
export interface Speed {
  readonly training: number;
  readonly inference: number;
}

/** Images that the measurement goes through; the recipe's batches divide them. */
const IMAGES = 128;
/** Long enough for the processor's clock to settle, in seconds. */
const TRAINING_SECONDS = 1;
const INFERENCE_SECONDS = 0.4;

/** A short measurement with whole steps on synthetic digits, by a model of its own. */
export async function measureSpeed(recipe: Recipe, makeBackend: () => Backend): Promise<Speed> {
  await using model = recipeModel(recipe, makeBackend, 0);
  const [x, y] = inputsOf(syntheticDigits({ count: IMAGES, seed: 0 }), recipe);
  const { batchSize } = recipe.phases[0]!;
  return {
    training: await rateOf(() => model.fit(x, y, { batchSize }), TRAINING_SECONDS),
    inference: await rateOf(() => model.predict(x, { batchSize }), INFERENCE_SECONDS),
  };
}

async function rateOf(work: () => Promise<unknown>, seconds: number): Promise<number> {
  // Compiles, and is not counted.
  await work();
  const begun = performance.now();
  let runs = 0;
  let elapsed = 0;
  while (runs < 2 || elapsed < seconds) {
    await work();
    runs++;
    elapsed = (performance.now() - begun) / 1000;
  }
  return (runs * IMAGES) / elapsed;
}

/** Augmented steps take so much longer per image than plain ones, about. */
const AUGMENTED_COST = 1.1;
/** After the epochs' validations, the test images are read for the loss and for the confusion matrix. */
const TEST_PASSES = 2;

/** How long the recipe will take, in seconds. */
export function estimateSeconds(recipe: Recipe, speed: Speed, trainCount: number, testCount: number): number {
  const training = recipe.phases.reduce((sum, phase) => {
    const images = phase.epochs * imagesPerEpoch(phase, trainCount);
    return sum + (images * (phase.augmentation ? AUGMENTED_COST : 1)) / speed.training;
  }, 0);
  return training + ((epochsOf(recipe) + TEST_PASSES) * testCount) / speed.inference;
}

export const QUICK_BATCH = 32;
export const QUICK_MOMENTUM = 0.9;

/**
 * The recipe with one epoch of each phase, for few images. Smaller batches make more steps of them, and batch
 * normalization averages over fewer steps: with Keras's momentum, 0.99, its moving averages would still be near their
 * first values after a few hundred steps, and validation no better than guessing.
 */
export function quickRecipe(recipe: Recipe): Recipe {
  const network = Network.fromConfig(recipe.network);
  const layers = network.layers.map(({ name, layer }) => ({
    ...layer.config,
    name,
    ...(layer.type === 'batchNormalization' && { momentum: QUICK_MOMENTUM }),
  }));
  return {
    ...recipe,
    name: `${recipe.name}-quick`,
    network: { ...network.toConfig(), layers },
    phases: recipe.phases.map((phase) => ({ ...phase, epochs: 1, batchSize: QUICK_BATCH })),
  };
}

const TRAIN_COUNTS = [1000, 2000, 3000, 5000, 8000, 12_000, 16_000, 24_000, 36_000, 60_000];
const TEST_COUNTS = [1000, 2000, 5000, 10_000];
/** What is left of a minute after start, data and pictures, in seconds. */
const QUICK_TRAINING = 35;
const QUICK_TESTS = 12;

/** How many images make the quick recipe take about a minute on this machine: round numbers, so that they repeat. */
export function quickLimit(recipe: Recipe, speed: Speed): Exclude<Limit, number> {
  const largest = (counts: readonly number[], seconds: number, cost: (count: number) => number): number =>
    counts.filter((count) => cost(count) <= seconds).at(-1) ?? counts[0]!;
  return {
    train: largest(TRAIN_COUNTS, QUICK_TRAINING, (count) => estimateSeconds(recipe, speed, count, 0)),
    test: largest(TEST_COUNTS, QUICK_TESTS, (count) => estimateSeconds(recipe, speed, 0, count)),
  };
}
