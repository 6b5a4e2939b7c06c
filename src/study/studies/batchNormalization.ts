import { firstImages } from '../../data/contents.js';
import type { Dataset } from '../../data/dataset.js';
import { mean } from '../../numeric/statistics.js';
import { isObject } from '../../runs/json.js';
import { type Recipe, recipeFrom } from '../../train/recipe.js';
import { seed } from '../../train/recipes/seed.js';
import type { Contrast, Study, TrainingResult, Variant } from '../study.js';
import type { StudySize } from './size.js';

/** Adam's default, which the notebook takes, and ten times as much. */
const RATES = [0.001, 0.01] as const;
const TARGET_LOSS = 0.1;
const BATCH = 64;
/** So many points of the curve, of ten steps each: the loss of a few batches says more of them than of the network. */
const SMOOTHED = 5;

/** The notebook's network with its batch normalization and without, at two learning rates. */
export function batchNormalizationStudy({ trainImages, epochs, testImages, watchedImages }: StudySize): Study {
  const variants = RATES.flatMap((rate): Variant[] => [
    { name: `with-${rate}`, label: `with, rate ${rate}`, recipe: recipe(true, rate, epochs) },
    { name: `without-${rate}`, label: `without, rate ${rate}`, recipe: recipe(false, rate, epochs) },
  ]);
  const contrasts = RATES.map((rate): Contrast => ({
    name: `rate-${rate}`,
    label: `at learning rate ${rate}`,
    variant: `with-${rate}`,
    baseline: `without-${rate}`,
  }));
  const test = { images: (dataset: Dataset) => firstImages(dataset.test, testImages) };
  return {
    name: 'batch-normalization',
    title: 'Batch normalization',
    question: 'Does batch normalization shorten training?',
    variants,
    readings: [
      { name: 'test', label: 'test images', ...test },
      { name: 'settled', label: 'test images, statistics computed anew', settled: true, ...test },
    ],
    outcomes: [
      {
        name: 'steps',
        label: `steps to training loss ${TARGET_LOSS}`,
        unit: 'steps',
        better: 'lower',
        says: {
          helps: 'Batch normalization shortens training, counted in steps to the same training loss',
          hurts: 'Batch normalization lengthens training, counted in steps to the same training loss',
          'no difference found': 'No difference found in the steps to the same training loss',
        },
        of: stepsToLoss,
      },
      {
        name: 'seconds',
        label: `seconds to training loss ${TARGET_LOSS}`,
        unit: 'seconds',
        better: 'lower',
        of: (result) => (stepsToLoss(result) * BATCH) / result.imagesPerSecond,
      },
      {
        name: 'first-epoch',
        label: 'test accuracy, epoch 1',
        picture: 'moving-averages',
        unit: 'share',
        better: 'higher',
        of: ({ epochs: [first] }) => first?.accuracy ?? 0,
      },
      {
        name: 'test',
        label: 'test accuracy, at the end',
        picture: 'moving-averages',
        unit: 'share',
        better: 'higher',
        says: {
          helps:
            'At the end of this short training it reads the test images better with its moving averages as they are',
          hurts:
            'At the end of this short training it reads the test images worse with its moving averages as they are',
          'no difference found':
            'No difference found at the end of this short training, with its moving averages as they are',
        },
        of: ({ readings }) => readings['test']!.accuracy,
      },
      {
        name: 'settled',
        label: 'the end, statistics anew',
        unit: 'share',
        better: 'higher',
        says: {
          helps: 'And it reads them better with its statistics computed anew',
          hurts: 'And it reads them worse with its statistics computed anew',
          'no difference found': 'And no difference was found with its statistics computed anew',
        },
        of: ({ readings }) => readings['settled']!.accuracy,
      },
    ],
    contrasts,
    trainImages,
    watchedImages,
  };
}

/**
 * After how many steps the loss, as the mean of the last 50, is first as low as the target. All steps, where it never is:
 * the difference is then too small rather than too large.
 */
function stepsToLoss({ losses, steps }: TrainingResult): number {
  const reached = losses.find((_, i) => {
    const last = losses.slice(Math.max(0, i - SMOOTHED + 1), i + 1);
    return last.length === SMOOTHED && mean(last.map(({ loss }) => loss)) <= TARGET_LOSS;
  });
  return reached?.step ?? steps;
}

function recipe(isNormalized: boolean, learningRate: number, epochs: number): Recipe {
  const { layers } = seed.network;
  const kept = (Array.isArray(layers) ? (layers as readonly unknown[]) : []).filter(
    (layer) => isNormalized || !isObject(layer) || layer['type'] !== 'batchNormalization',
  );
  return recipeFrom({
    ...seed,
    name: isNormalized ? 'with' : 'without',
    description: '',
    network: { ...seed.network, layers: kept },
    optimizer: { type: 'adam', learningRate },
    phases: [{ epochs, batchSize: BATCH, dropLast: true }],
  });
}
