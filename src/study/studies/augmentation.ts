import { firstImages } from '../../data/contents.js';
import type { Dataset } from '../../data/dataset.js';
import { isObject } from '../../runs/json.js';
import { type Recipe, recipeFrom } from '../../train/recipe.js';
import { seed } from '../../train/recipes/seed.js';
import { moved } from '../move.js';
import type { Outcome, Study } from '../study.js';
import type { StudySize } from './size.js';

/** The notebook's network with its augmentation and without, for equally many steps. */
export function augmentationStudy({ trainImages, epochs, testImages, watchedImages }: StudySize): Study {
  const test = (dataset: Dataset) => firstImages(dataset.test, testImages);
  const ofReading = (name: string) => ({
    name,
    unit: 'share' as const,
    better: 'higher' as const,
    of: (({ readings }) => readings[name]!.accuracy) satisfies Outcome['of'],
  });
  return {
    name: 'augmentation',
    title: 'Augmentation',
    question: 'Does augmentation reduce overfitting, and does it help on digits that lie otherwise?',
    variants: [
      { name: 'with', label: 'augmented', recipe: recipe(true, epochs) },
      { name: 'without', label: 'plain', recipe: recipe(false, epochs) },
    ],
    readings: [
      { name: 'train', label: 'training images as they are', images: ({ train }) => firstImages(train, testImages) },
      { name: 'test', label: 'test images', images: test },
      {
        name: 'shifted',
        label: 'test images shifted by up to 3 pixels',
        images: once((dataset) => moved(test(dataset), { widthShiftRange: 4, heightShiftRange: 4 })),
      },
      {
        name: 'rotated',
        label: 'test images rotated by up to 25 degrees',
        images: once((dataset) => moved(test(dataset), { rotationRange: 25 })),
      },
    ],
    outcomes: [
      {
        name: 'gap',
        label: 'training less test accuracy',
        unit: 'share',
        better: 'lower',
        says: {
          helps: 'Augmentation reduces overfitting, the accuracy on training images less that on test images',
          hurts: 'Augmentation increases overfitting, the accuracy on training images less that on test images',
          'no difference found':
            'No difference found in overfitting, the accuracy on training images less that on test images',
        },
        of: ({ readings }) => readings['train']!.accuracy - readings['test']!.accuracy,
      },
      { ...ofReading('test'), label: 'test images', says: says('the test images') },
      {
        ...ofReading('shifted'),
        label: 'shifted, up to 3 pixels',
        says: says('test images shifted by up to 3 pixels'),
      },
      {
        ...ofReading('rotated'),
        label: 'rotated, up to 25 degrees',
        says: says('test images rotated by up to 25 degrees'),
      },
    ],
    contrasts: [{ name: 'augmentation', label: '', variant: 'with', baseline: 'without' }],
    trainImages,
    watchedImages,
  };
}

function recipe(isAugmented: boolean, epochs: number): Recipe {
  const augmentation = seed.phases.find((phase) => phase.augmentation)!.augmentation!;
  const layers: readonly unknown[] = Array.isArray(seed.network['layers']) ? seed.network['layers'] : [];
  return recipeFrom({
    ...seed,
    // With the notebook's 0.99, the moving averages lag hundreds of steps behind, and would decide in so short a training.
    network: {
      ...seed.network,
      layers: layers.map((layer) =>
        isObject(layer) && layer['type'] === 'batchNormalization' ? { ...layer, momentum: 0.9 } : layer,
      ),
    },
    name: isAugmented ? 'augmented' : 'plain',
    description: '',
    // To 0 in the end: at a constant rate, chance decides how good the last step's network is.
    optimizer: { type: 'adam', learningRate: { type: 'cosineDecay', initialLearningRate: 0.001 } },
    phases: [{ epochs, batchSize: 128, dropLast: true, ...(isAugmented && { augmentation }) }],
  });
}

function says(images: string): Outcome['says'] & {} {
  return {
    helps: `It reads ${images} better`,
    hurts: `It reads ${images} worse`,
    'no difference found': `No difference found on ${images}`,
  };
}

/** Moving images takes time, and all trainings read the same. */
function once<T extends object, R>(make: (from: T) => R): (from: T) => R {
  let last: { readonly test: unknown; readonly made: R } | undefined;
  return (from) => {
    const test = (from as { readonly test?: unknown }).test;
    if (last?.test !== test) last = { test, made: make(from) };
    return last!.made;
  };
}
