import { imageDataGenerator, type ImageDataGeneratorOptions } from '../augment/imageDataGenerator.js';
import { type Config, lossFrom, metricsFrom, Network, optimizerFrom } from '../nn/index.js';
import {
  boolean,
  byDefault,
  type Kind,
  listOf,
  number,
  optional,
  readOption,
  readOptions,
  required,
  wholeNumber,
} from '../numeric/options.js';
import { CifraError } from '../numeric/errors.js';
import { checkCalibrated } from './calibration.js';
import { LARGEST_BATCH, MOST_EPOCHS } from './limits.js';

/** A whole training as JSON: the network, how it learns, in which phases, and on what it is validated. */
export interface Recipe {
  readonly name: string;
  /** What it is, for people. */
  readonly description?: string;
  /** As `Network.toConfig` writes it; options of layers that are left out have their defaults. */
  readonly network: Config;
  readonly optimizer: string | Config;
  readonly loss: string | Config;
  /** Default: accuracy. */
  readonly metrics?: readonly (string | Config)[];
  /**
   * With an optimizer that has `useEma`: how many training images batch normalization's statistics are computed from for
   * averaged weights. Default 10,000.
   */
  readonly statisticsImages?: number;
  /** Trainings one after the other: the optimizer goes on where it was. */
  readonly phases: readonly Phase[];
  /**
   * The images on which loss and accuracy are computed after each epoch: the test images, which must then not be used
   * to choose anything, or a share of the training images that is held out, between 0 and 1.
   */
  readonly validation: 'test' | { readonly split: number };
  /**
   * What is done to the probabilities after the last phase, with the images that are held out: the logits are divided by
   * the temperature that makes the labels most likely. Default: nothing.
   */
  readonly calibration?: 'temperature' | { readonly type: 'temperature' };
}

export interface Phase {
  readonly epochs: number;
  /** Images per step. */
  readonly batchSize: number;
  /** Random maps of the images, new ones in every epoch: ImageDataGenerator's options. Default: none. */
  readonly augmentation?: ImageDataGeneratorOptions;
  /** Whether an epoch leaves out its last batch where that is smaller than the others. Default false. */
  readonly dropLast?: boolean;
}

/** What a user may change of a recipe without writing one. */
export interface RecipeChanges {
  /** All epochs together: the phases are cut short in their order, or the last one goes on longer. */
  readonly epochs?: number | undefined;
  /** Of every phase. */
  readonly batchSize?: number | undefined;
  /** The same throughout, instead of the optimizer's own or its schedule. */
  readonly learningRate?: number | undefined;
}

/**
 * A recipe from JSON, checked and with every default written out.
 * @param place what messages call it: `The recipe recipe.json`
 * @throws CifraError `unknown-option`, `missing-option`, `option-value`, `augmentation-option`, `network-config` and
 *   what the network's layers throw, each naming the place
 */
export function recipeFrom(given: unknown, place = 'The recipe'): Recipe {
  const values = readOptions(place, given as object, {
    name: required(text),
    description: byDefault(anyText, ''),
    network: required(object('a network, as toConfig() writes it: { "type": "sequential", "layers": [...] }')),
    optimizer: required(anything),
    loss: required(anything),
    metrics: byDefault(anything, ['accuracy']),
    statisticsImages: optional(wholeNumber(1)),
    phases: required(phaseList),
    validation: required(validationKind),
    calibration: optional(calibrationKind),
  });
  const { name, description, statisticsImages, phases, validation, calibration } = values;
  const optimizer = optimizerFrom(values.optimizer, place);
  if (statisticsImages !== undefined && !optimizer.average) {
    throw new CifraError(
      'option-value',
      `${place}: the option "statisticsImages" is for averaged weights, and the optimizer ${optimizer.config.type} keeps none.`,
      'Give the optimizer "useEma": true, or leave statisticsImages out.',
    );
  }
  const metrics = metricsFrom(values.metrics, place);
  const network = inside(place, () => Network.fromConfig(values.network));
  if (calibration) {
    if (validation === 'test') {
      throw new CifraError(
        'option-value',
        `${place}: the option "calibration" needs images that are held out, and validation is on the test images.`,
        'Give validation a share of the training images, such as { "split": 0.1 }, or leave calibration out.',
      );
    }
    inside(place, () => checkCalibrated(network));
  }
  return {
    name,
    description,
    network: network.toConfig(),
    optimizer: optimizer.config,
    loss: lossFrom(values.loss, place).config,
    metrics: metrics.map(({ config }) => config),
    ...(statisticsImages !== undefined && { statisticsImages }),
    phases: phases.map((phase, i) => phaseFrom(phase, `${place}, phase ${i + 1}`)),
    validation,
    ...(calibration && { calibration }),
  };
}

/** The recipe with a user's changes. */
export function changeRecipe(recipe: Recipe, { epochs, batchSize, learningRate }: RecipeChanges): Recipe {
  const phases = epochs === undefined ? recipe.phases : withEpochs(recipe.phases, epochs);
  return {
    ...recipe,
    phases: batchSize === undefined ? phases : phases.map((phase) => ({ ...phase, batchSize })),
    optimizer:
      learningRate === undefined ? recipe.optimizer : { ...optimizerFrom(recipe.optimizer).config, learningRate },
  };
}

/** The number of epochs of all phases. */
export function epochsOf({ phases }: Recipe): number {
  return phases.reduce((sum, phase) => sum + phase.epochs, 0);
}

/** How many of `count` images an epoch of this phase trains on. */
export function imagesPerEpoch({ batchSize, dropLast }: Phase, count: number): number {
  return dropLast && count >= batchSize ? count - (count % batchSize) : count;
}

/** How many steps an epoch of this phase has, on `count` images. */
export function stepsPerEpoch(phase: Phase, count: number): number {
  return Math.ceil(imagesPerEpoch(phase, count) / phase.batchSize);
}

function withEpochs(phases: readonly Phase[], total: number): Phase[] {
  let left = total;
  return phases.flatMap((phase, i) => {
    const epochs = i === phases.length - 1 ? left : Math.min(phase.epochs, left);
    left -= epochs;
    return epochs > 0 ? [{ ...phase, epochs }] : [];
  });
}

function phaseFrom(given: object, place: string): Phase {
  const values = readOptions(place, given, {
    epochs: required(wholeNumberTo(MOST_EPOCHS)),
    batchSize: required(wholeNumberTo(LARGEST_BATCH)),
    augmentation: optional(object('ImageDataGenerator\'s options, such as { "rotationRange": 7 }')),
    dropLast: byDefault(boolean, false),
  });
  const { epochs, batchSize, augmentation, dropLast } = values;
  return {
    epochs,
    batchSize,
    ...(augmentation && { augmentation: inside(place, () => imageDataGenerator(augmentation)).options }),
    ...(dropLast && { dropLast }),
  };
}

/** Errors of `body` also name the place. */
function inside<T>(place: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof CifraError)) throw error;
    const message = error.remedy === undefined ? error.message : error.message.slice(0, -error.remedy.length).trimEnd();
    throw new CifraError(error.code, `${place}: ${message}`, error.remedy, { cause: error });
  }
}

// ---------------------------------------------------------------------------------------------------------- kinds

const text: Kind<string> = {
  allowed: 'a text that is not empty',
  read: (value) => (typeof value === 'string' && value !== '' ? value : undefined),
};

const anyText: Kind<string> = {
  allowed: 'a text',
  read: (value) => (typeof value === 'string' ? value : undefined),
};

/** What is checked by those who know. */
const anything: Kind<{}> = { allowed: 'a name or a configuration', read: (value) => value ?? undefined };

function object(allowed: string): Kind<object> {
  return {
    allowed,
    read: (value) => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined),
  };
}

function wholeNumberTo(most: number): Kind<number> {
  const { read } = wholeNumber(1);
  return {
    allowed: `a whole number from 1 to ${most}`,
    read(value) {
      const whole = read(value);
      return whole !== undefined && whole <= most ? whole : undefined;
    },
  };
}

const phases = listOf(object('a phase'), 'phases, such as [{ "epochs": 3, "batchSize": 128 }]');
const phaseList: Kind<readonly object[]> = {
  ...phases,
  allowed: `${phases.allowed}, at least one`,
  read(value) {
    const list = phases.read(value);
    return list?.length === 0 ? undefined : list;
  },
};

const validationKind: Kind<Recipe['validation']> = {
  allowed: '"test", or { "split": a share between 0 and 1 }',
  read(value) {
    if (value === 'test') return value;
    if (typeof value !== 'object' || value === null || !('split' in value) || Object.keys(value).length > 1) {
      return undefined;
    }
    const split = readOption('validation', 'split', required(number({ above: 0, below: 1 })), value.split);
    return { split };
  },
};

const calibrationKind: Kind<{ readonly type: 'temperature' }> = {
  allowed: '"temperature"',
  names: ['temperature'],
  read(value) {
    const { type, ...rest }: { type?: unknown } =
      typeof value === 'object' && value !== null && 'type' in value ? value : { type: value };
    return type === 'temperature' && Object.keys(rest).length === 0 ? { type } : undefined;
  },
};
