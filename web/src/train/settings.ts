import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { MOST_EPOCHS } from '../../../src/train/limits.js';
import type { Recipe } from '../../../src/train/recipe.js';
import { recipes } from '../../../src/train/recipes/index.js';
import { type Codec, oneOf, urlSignal } from '../app/url.js';
import type { TrainingPlan } from './trainerApi.js';
import { grouped } from './words.js';

/** What the next run shall be: all of it in the URL. */

export const recipeName = urlSignal('recipe', 'fast', oneOf('fast', 'better', 'best', 'seed'));
export const dataset = urlSignal('data', 'synthetic', oneOf('synthetic', 'mnist', 'fashion-mnist'));
export const augmentation = urlSignal('augment', 'yes', oneOf('yes', 'no'));
export const numerics = urlSignal('numerics', 'strict', oneOf('strict', 'relaxed'));

/** As many as the datasets have. */
export const ALL_IMAGES = 60_000;
const LEAST_IMAGES = 500;
/** A one-epoch recipe on few images would be over before anything is seen. */
const TRIAL_EPOCHS = 5;

export interface NumberSetting {
  /** Undefined: as the recipe has it. */
  readonly value: Signal<number | undefined>;
  /** As it stands in the field, sensible or not. */
  readonly text: Signal<string>;
  /** What is wrong with the text. */
  readonly problem: ReadonlySignal<string | undefined>;
  readonly write: (text: string) => void;
}

interface NumberOptions {
  readonly initial?: number;
  readonly read: (value: number) => boolean;
  readonly allowed: string;
}

export const seed = numberSetting('seed', {
  initial: 1,
  read: (value) => Number.isInteger(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER,
  allowed: `a whole number from 0 to ${grouped(Number.MAX_SAFE_INTEGER)}`,
});
export const images = numberSetting('images', {
  initial: 5000,
  read: (value) => Number.isInteger(value) && value >= LEAST_IMAGES && value <= ALL_IMAGES,
  allowed: `a whole number from ${LEAST_IMAGES} to ${grouped(ALL_IMAGES)}`,
});
export const epochs = numberSetting('epochs', {
  read: (value) => Number.isInteger(value) && value >= 1 && value <= MOST_EPOCHS,
  allowed: `a whole number from 1 to ${grouped(MOST_EPOCHS)}`,
});
export const learningRate = numberSetting('rate', {
  read: (value) => value > 0 && value <= 10,
  allowed: 'a number above 0, up to 10, such as 0.001',
});

export const recipe = computed<Recipe>(() => recipes[recipeName.value]!);
export const epochsOfRecipe = computed(() => recipe.value.phases.reduce((sum, phase) => sum + phase.epochs, 0));
/** Where the field says nothing. */
export const usualEpochs = computed(() =>
  epochsOfRecipe.value === 1 && images.value.value! < ALL_IMAGES ? TRIAL_EPOCHS : epochsOfRecipe.value,
);
export const augments = computed(() => recipe.value.phases.some((phase) => phase.augmentation !== undefined));

/** Whether every field says something sensible. */
export const sensible = computed(() => ![seed, images, epochs, learningRate].some(({ problem }) => problem.value));

/** Whether something is set that most people leave alone. */
export const special = computed(
  () =>
    seed.value.value !== 1 ||
    epochs.value.value !== undefined ||
    learningRate.value.value !== undefined ||
    augmentation.value === 'no' ||
    numerics.value === 'relaxed',
);

export function plan(): TrainingPlan {
  const ofEpochs = epochs.value.value ?? usualEpochs.value;
  return {
    recipe: recipeName.value,
    seed: seed.value.value!,
    dataset: dataset.value,
    limit: images.value.value === ALL_IMAGES ? undefined : images.value.value,
    epochs: ofEpochs === epochsOfRecipe.value ? undefined : ofEpochs,
    learningRate: learningRate.value.value,
    augmentation: augmentation.value === 'yes',
    numerics: numerics.value,
  };
}

function numberSetting(name: string, { initial, read, allowed }: NumberOptions): NumberSetting {
  const codec: Codec<number | undefined> = {
    parse(text) {
      const value = Number(text);
      return text.trim() !== '' && read(value) ? value : undefined;
    },
    format: (value) => (value === undefined ? '' : String(value)),
  };
  const value = urlSignal(name, initial, codec);
  const text = signal(codec.format(value.peek()));
  const optional = initial === undefined;
  const sense = (given: string): boolean => codec.parse(given) !== undefined || (optional && given.trim() === '');
  effect(() => {
    const now = value.value;
    if (codec.parse(text.peek()) !== now) text.value = codec.format(now);
  });
  return {
    value,
    text,
    problem: computed(() => (sense(text.value) ? undefined : `This must be ${allowed}.`)),
    write(given) {
      text.value = given;
      if (sense(given)) value.value = codec.parse(given);
    },
  };
}
