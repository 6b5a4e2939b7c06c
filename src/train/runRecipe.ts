import { imageDataGenerator } from '../augment/imageDataGenerator.js';
import { type Dataset, type LabelledImages } from '../data/dataset.js';
import { normalize } from '../data/normalize.js';
import { oneHot } from '../data/oneHot.js';
import { splitTrain } from '../data/split.js';
import type { Backend } from '../engine/backend.js';
import { lossFrom, metricsFrom, Network, optimizerFrom } from '../nn/index.js';
import { CifraError } from '../numeric/errors.js';
import type { Tensor } from '../numeric/tensor.js';
import type { Callback, Training } from './callbacks/callback.js';
import type { EpochLog } from './logs.js';
import type { Targets } from './examples.js';
import type { TrainingCheckpoint } from './checkpoint.js';
import { calibrateTemperature, type TemperatureCalibration } from './calibration.js';
import { History } from './history.js';
import { Model } from './model.js';
import { epochsOf, type Phase, type Recipe, stepsPerEpoch } from './recipe.js';

/** A phase as it begins. */
export interface PhaseBegin {
  readonly phase: Phase;
  /** From 1. */
  readonly number: number;
  /** Of all epochs, from 1. */
  readonly firstEpoch: number;
}

export interface RunRecipeOptions {
  /** Made by `recipeModel`, or at least compiled. */
  readonly model: Model;
  /** Told of the epochs of all phases as of one training: they are counted on from phase to phase. */
  readonly callbacks?: readonly Callback[];
  /** Called before the calibration at the end, where the recipe has one, with the number of held-out images. */
  readonly onCalibrationBegin?: (images: number) => void;
  /** Called before each phase; the training waits for it. */
  readonly onPhaseBegin?: (begin: PhaseBegin) => void | Promise<void>;
  /** Goes on from where another run of the same recipe on the same data was: to the same bits. */
  readonly resume?: TrainingCheckpoint | undefined;
  /** When aborted, training ends after the step in progress and throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Every epoch, numbered from 1 over all phases, and what calibration came to, where the recipe has one. */
export class RecipeHistory extends History {
  constructor(
    epochs: readonly EpochLog[],
    readonly calibration: TemperatureCalibration | undefined,
  ) {
    super(epochs);
  }
}

/** The images that a recipe trains and validates on, and the right answers. */
export interface RecipeData {
  readonly train: LabelledImages;
  readonly validation: LabelledImages;
}

/** The recipe's network with its first weights, compiled. */
export function recipeModel(recipe: Recipe, makeBackend: () => Backend, seed: number): Model {
  const model = new Model(Network.fromConfig(recipe.network), makeBackend, { seed });
  model.compile({
    optimizer: optimizerFrom(recipe.optimizer),
    loss: lossFrom(recipe.loss),
    metrics: metricsFrom(recipe.metrics ?? ['accuracy']),
  });
  return model;
}

/** Which images a recipe trains and validates on: as it says, held-out ones by the seed and evenly over the classes. */
export function recipeData({ validation }: Recipe, dataset: Dataset, seed: number): RecipeData {
  if (validation === 'test') return { train: dataset.train, validation: dataset.test };
  return splitTrain(dataset.train, { validation: validation.split, seed, stratified: true });
}

/** Labelled images as a model's loss takes them: values from 0 to 1, and one-hot rows or class numbers. */
export function inputsOf({ images, labels }: LabelledImages, recipe: Pick<Recipe, 'loss'>): [Tensor, Targets] {
  return [normalize(images), lossFrom(recipe.loss).targets === 'categorical' ? oneHot(labels) : labels];
}

/**
 * Trains a model by a recipe, phase by phase, from the model's seed, and calibrates it, where the recipe says so.
 * @throws CifraError what `Model.fit` throws; the signal's reason if it is aborted
 */
export async function runRecipe(recipe: Recipe, dataset: Dataset, options: RunRecipeOptions): Promise<RecipeHistory> {
  const { model, callbacks = [], onPhaseBegin, onCalibrationBegin, resume, signal } = options;
  if (resume && (resume.phase < 1 || resume.phase > recipe.phases.length)) {
    throw new CifraError(
      'recipe-phase',
      `The checkpoint is of phase ${resume.phase}, and the recipe "${recipe.name}" has ${recipe.phases.length}.`,
      'Give the recipe that the interrupted run had.',
    );
  }
  const data = recipeData(recipe, dataset, model.seed);
  const [x, y] = inputsOf(data.train, recipe);
  const validationData = inputsOf(data.validation, recipe);
  const whole = new WholeTraining(epochsOf(recipe), callbacks, resume);
  const stepsOf = (phase: Phase): number => phase.epochs * stepsPerEpoch(phase, data.train.labels.length);
  const totalSteps = recipe.phases.reduce((sum, phase) => sum + stepsOf(phase), 0);
  let begun = false;
  let before = 0;
  let stepsBefore = 0;
  for (const [i, phase] of recipe.phases.entries()) {
    const number = i + 1;
    const first = before;
    const part = { stepsBefore, totalSteps };
    before += phase.epochs;
    stepsBefore += stepsOf(phase);
    if (resume && number < resume.phase) continue;
    await onPhaseBegin?.({ phase, number, firstEpoch: whole.epochs.length + 1 });
    const { epochs, batchSize, augmentation } = phase;
    await model.fit(x, y, {
      epochs,
      batchSize,
      stepsPerEpoch: stepsPerEpoch(phase, data.train.labels.length),
      part,
      validationData,
      ...(recipe.statisticsImages !== undefined && { statisticsImages: recipe.statisticsImages }),
      ...(augmentation && { augmentation: imageDataGenerator(augmentation) }),
      callbacks: [whole.phase(number, first, !begun)],
      ...(number === resume?.phase && { resume: { ...resume, history: [] } }),
      ...(signal && { signal }),
    });
    begun = true;
    if (whole.stopped) break;
  }
  const { labels } = data.validation;
  if (recipe.calibration) onCalibrationBegin?.(labels.length);
  const calibration = recipe.calibration && (await calibrateTemperature(model, validationData[0], labels));
  await whole.end();
  return new RecipeHistory(whole.epochs, calibration);
}

/** Makes several calls of `fit` one training in the eyes of callbacks. */
class WholeTraining {
  readonly epochs: EpochLog[];
  stopped = false;
  #learningRate: number | undefined;
  #training: Training | undefined;

  constructor(
    private readonly total: number,
    private readonly callbacks: readonly Callback[],
    resume: TrainingCheckpoint | undefined,
  ) {
    this.epochs = [...(resume?.history ?? [])];
    this.#learningRate = resume?.learningRate;
  }

  /** The callback that `fit` gets for a phase, before which there were so many epochs. */
  phase(number: number, before: number, isFirst: boolean): Callback {
    const tell = async (event: (callback: Callback, training: Training) => void | Promise<void>): Promise<void> => {
      for (const callback of this.callbacks) await event(callback, this.#training!);
    };
    return {
      onTrainBegin: async (inner) => {
        this.#training = this.#wrap(inner, number);
        if (this.#learningRate !== undefined) inner.setLearningRate(this.#learningRate);
        if (isFirst) await tell((callback, training) => callback.onTrainBegin?.(training));
      },
      onEpochBegin: (epoch) => tell((callback, training) => callback.onEpochBegin?.(before + epoch, training)),
      onBatchEnd: (log) =>
        tell((callback, training) => callback.onBatchEnd?.({ ...log, epoch: before + log.epoch }, training)),
      onEpochEnd: async (log) => {
        const numbered = { ...log, epoch: before + log.epoch };
        this.epochs.push(numbered);
        await tell((callback, training) => callback.onEpochEnd?.(numbered, training));
      },
    };
  }

  async end(): Promise<void> {
    const training = this.#training;
    if (training) for (const callback of this.callbacks) await callback.onTrainEnd?.(this.epochs, training);
  }

  #wrap(inner: Training, phase: number): Training {
    return {
      model: inner.model,
      epochs: this.total,
      stop: () => {
        this.stopped = true;
        inner.stop();
      },
      setLearningRate: (rate) => {
        this.#learningRate = rate;
        inner.setLearningRate(rate);
      },
      get learningRate() {
        return inner.learningRate;
      },
      leaveOut: (seconds) => inner.leaveOut(seconds),
      checkpoint: () => ({ ...inner.checkpoint(), phase, history: [...this.epochs] }),
    };
  }
}
