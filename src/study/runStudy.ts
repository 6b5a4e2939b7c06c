import { firstImages } from '../data/contents.js';
import type { Dataset } from '../data/dataset.js';
import type { Backend } from '../engine/backend.js';
import { CifraError } from '../numeric/errors.js';
import { rows } from '../numeric/tensor.js';
import { weightsSha256 } from '../runs/modelFile.js';
import type { Callback } from '../train/callbacks/callback.js';
import type { Model } from '../train/model.js';
import { inputsOf, recipeModel, runRecipe } from '../train/runRecipe.js';
import { findings } from './findings.js';
import type { Findings, ReadingResult, Study, TrainingResult, Variant } from './study.js';

export interface RunStudyOptions {
  readonly dataset: Dataset;
  /** Called for every training, which disposes of it. */
  readonly makeBackend: () => Backend;
  readonly seeds: readonly number[];
  /** Trainings that have ended before: they are not done again. */
  readonly results?: readonly TrainingResult[];
  readonly onTrainingBegin?: (variant: Variant, seed: number) => void;
  /** `share` of the training is done, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Called as each training has ended; the study waits for it. */
  readonly onTrainingEnd?: (result: TrainingResult) => void | Promise<void>;
  /** When aborted, the study ends after the step in progress and throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Steps whose losses make one point of the curve. */
const STEPS_PER_POINT = 10;
const STATISTICS_IMAGES = 2000;

/**
 * Trains every variant with every seed, all variants of a seed before the next, and says what comes of it.
 * @throws CifraError what the training throws; the signal's reason if it is aborted
 */
export async function runStudy(
  study: Study,
  options: RunStudyOptions,
): Promise<Findings & { readonly results: readonly TrainingResult[] }> {
  const { seeds, onTrainingBegin, onTrainingEnd } = options;
  const results = [...(options.results ?? [])];
  const isDone = (name: string, seed: number): boolean =>
    results.some((result) => result.variant === name && result.seed === seed);
  for (const seed of seeds) {
    for (const variant of study.variants) {
      if (isDone(variant.name, seed)) continue;
      onTrainingBegin?.(variant, seed);
      const result = await trainVariant(study, variant, seed, options);
      results.push(result);
      await onTrainingEnd?.(result);
    }
  }
  return { results, ...findings(study, results) };
}

async function trainVariant(
  study: Study,
  { name, recipe }: Variant,
  seed: number,
  { dataset, makeBackend, onProgress, signal }: RunStudyOptions,
): Promise<TrainingResult> {
  const started = performance.now();
  await using model = recipeModel(recipe, makeBackend, seed);
  const train = firstImages(dataset.train, study.trainImages);
  const watched = { ...dataset, train, test: firstImages(dataset.test, study.watchedImages) };
  const recorder = new Recorder(onProgress);
  await runRecipe(recipe, watched, { model, callbacks: [recorder], ...(signal && { signal }) });
  const weights = await weightsSha256(model.getWeights());
  const readings: Record<string, ReadingResult> = {};
  // Those that change the statistics come last.
  const inOrder = [...study.readings].sort((a, b) => Number(a.settled ?? false) - Number(b.settled ?? false));
  let isSettled = false;
  for (const { name: reading, settled, images } of inOrder) {
    signal?.throwIfAborted();
    if (settled && !isSettled && hasStatistics(model)) {
      const [x] = inputsOf(train, recipe);
      await model.updateBatchNormalization(rows(x, 0, Math.min(STATISTICS_IMAGES, train.labels.length)));
      isSettled = true;
    }
    readings[reading] = await read(model, inputsOf(images({ ...dataset, train }), recipe));
  }
  return {
    variant: name,
    seed,
    steps: model.steps,
    losses: recorder.losses,
    epochs: recorder.epochs,
    readings,
    imagesPerSecond: recorder.imagesPerSecond,
    seconds: Math.round(performance.now() - started) / 1000,
    weightsSha256: weights,
  };
}

function hasStatistics(model: Model): boolean {
  return model.network.layers.some(({ layer }) => layer.config.type === 'batchNormalization');
}

async function read(model: Model, [x, y]: ReturnType<typeof inputsOf>): Promise<ReadingResult> {
  const { accuracy, correct, count } = await model.evaluate(x, y);
  if (accuracy === undefined || correct === undefined) {
    throw new CifraError(
      'no-accuracy',
      'The recipes of a study must measure accuracy.',
      'Add "accuracy" to their metrics.',
    );
  }
  return { accuracy, errors: count - correct, count };
}

/** The curve of one training. */
class Recorder implements Callback {
  readonly losses: { step: number; loss: number }[] = [];
  readonly epochs: { step: number; accuracy: number }[] = [];
  #steps = 0;
  #stepsBefore = 0;
  /** Of the epoch, up to the last point: loss times images, and images. */
  #sum = 0;
  #images = 0;
  #speeds: number[] = [];

  constructor(private readonly onProgress: ((share: number) => void) | undefined) {}

  onBatchEnd: NonNullable<Callback['onBatchEnd']> = ({ epoch, step, steps, images, loss }, training) => {
    this.#steps = this.#stepsBefore + step;
    if (step % STEPS_PER_POINT === 0 || step === steps) {
      // The log has running means of the epoch.
      const since = (loss * images - this.#sum) / (images - this.#images);
      this.losses.push({ step: this.#steps, loss: since });
      this.#sum = loss * images;
      this.#images = images;
    }
    this.onProgress?.((epoch - 1 + step / steps) / training.epochs);
  };

  onEpochEnd: NonNullable<Callback['onEpochEnd']> = ({ valAccuracy, imagesPerSecond }) => {
    this.#stepsBefore = this.#steps;
    this.#sum = 0;
    this.#images = 0;
    this.#speeds.push(imagesPerSecond);
    if (valAccuracy !== undefined) this.epochs.push({ step: this.#steps, accuracy: valAccuracy });
  };

  get imagesPerSecond(): number {
    return Math.round(this.#speeds.reduce((sum, speed) => sum + speed, 0) / Math.max(1, this.#speeds.length));
  }
}
