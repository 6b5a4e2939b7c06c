import { firstImages } from '../../data/contents.js';
import type { Dataset } from '../../data/dataset.js';
import { isObject } from '../../runs/json.js';
import { type Recipe, recipeFrom } from '../../train/recipe.js';
import { seed } from '../../train/recipes/seed.js';
import type { Contrast, Study, TrainingResult, Variant } from '../study.js';
import type { StudySize } from './size.js';

/** Adam's default, which the notebook takes, and ten times as much. */
const RATES = [0.001, 0.01] as const;
const TARGET_LOSS = 0.1;

/** The notebook's network with its batch normalization and without, at two learning rates. */
export function batchNormalizationStudy({ trainImages, epochs, testImages, watchedImages }: StudySize): Study {
  const variants = RATES.flatMap((rate): Variant[] => [
    { name: `with-${rate}`, label: `with, rate ${rate}`, recipe: recipe(true, rate, epochs) },
    { name: `without-${rate}`, label: `without, rate ${rate}`, recipe: recipe(false, rate, epochs) },
  ]);
  const contrasts = RATES.map(
    (rate): Contrast => ({
      name: `rate-${rate}`,
      label: `at learning rate ${rate}`,
      variant: `with-${rate}`,
      baseline: `without-${rate}`,
    }),
  );
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
        name: 'steps-to-loss',
        label: `steps to a training loss of ${TARGET_LOSS}`,
        unit: 'steps',
        better: 'lower',
        main: true,
        of: stepsToLoss,
      },
      {
        name: 'first-epoch',
        label: 'test accuracy after epoch 1',
        unit: 'share',
        better: 'higher',
        of: ({ epochs: [first] }) => first?.accuracy ?? 0,
      },
      {
        name: 'test',
        label: 'test accuracy at the end',
        unit: 'share',
        better: 'higher',
        main: true,
        of: ({ readings }) => readings['test']!.accuracy,
      },
      {
        name: 'settled',
        label: 'the same, statistics computed anew',
        unit: 'share',
        better: 'higher',
        of: ({ readings }) => readings['settled']!.accuracy,
      },
    ],
    contrasts,
    trainImages,
    watchedImages,
  };
}

/** All steps, where the loss is never that low: the difference is then too small rather than too large. */
function stepsToLoss({ losses, steps }: TrainingResult): number {
  return losses.find(({ loss }) => loss <= TARGET_LOSS)?.step ?? steps;
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
    phases: [{ epochs, batchSize: 64, dropLast: true }],
  });
}
