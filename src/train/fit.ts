import type { ImageDataGenerator } from '../augment/imageDataGenerator.js';
import { shuffleOrder } from '../data/shuffle.js';
import type { Executable } from '../engine/backend.js';
import type { Schedule, StatisticsProgramOptions } from '../nn/index.js';
import { CifraError } from '../numeric/errors.js';
import {
  boolean,
  byDefault,
  type Kind,
  number,
  optional,
  type OptionValues,
  readOptions,
  wholeNumber,
} from '../numeric/options.js';
import { rows as rowsOf, type Tensor } from '../numeric/tensor.js';
import { augmentationOf, augmentationWriter } from './augmentation.js';
import type { Callback, Training } from './callbacks/callback.js';
import type { BatchLog, EpochLog } from './logs.js';
import { epochBegin, type TrainingCheckpoint } from './checkpoint.js';
import { checkBatchSize, Examples, fillRandom, type Targets } from './examples.js';
import { History } from './history.js';
import type { ModelBase } from './modelBase.js';
import type { Evaluation } from './modelOptions.js';

export interface FitOptions {
  /** Images per step. Default 32, as Keras. */
  readonly batchSize?: number;
  /** Default 1. */
  readonly epochs?: number;
  /** Steps per epoch. Default: all images, the last batch as small as it is; fewer leave out the last batches. */
  readonly stepsPerEpoch?: number;
  /** Whether each epoch has an order of its own. Default true. */
  readonly shuffle?: boolean;
  /** Images and targets on which loss and metrics are computed after each epoch. */
  readonly validationData?: readonly [x: Tensor, y: Targets];
  /** Instead of validationData: the share of the images, the last ones, that is held out (Keras). */
  readonly validationSplit?: number;
  /**
   * How many training images batch normalization's statistics are computed from for averaged weights, the first of the
   * epoch's order, augmented as in the epoch. Only with an optimizer that has `useEma`. Default 10,000.
   */
  readonly statisticsImages?: number;
  /**
   * Where this call is part of a longer training: the steps before it and those of the whole, which a learning rate
   * without a length of its own spans. Default: this call is the whole training.
   */
  readonly part?: TrainingPart;
  /** Random changes of the images, new for every image and epoch. */
  readonly augmentation?: ImageDataGenerator;
  readonly callbacks?: readonly Callback[];
  /**
   * Goes on from where another call of `fit` was, with the same images and options and an equal model: the result is
   * that of a call that was never interrupted, to the bit.
   */
  readonly resume?: TrainingCheckpoint;
  /** When aborted, training ends after the step in progress and throws the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface TrainingPart {
  readonly stepsBefore: number;
  readonly totalSteps: number;
}

const LOWER_RATE = 'Lower the learning rate, or look at the data: values far outside 0 to 1 do this.';

type Pair = readonly [x: Tensor, y: Targets];

const STATISTICS_IMAGES = 10_000;

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
/** What TypeScript has checked, and JavaScript may still get wrong, is looked at only as far as its kind. */
function objectOf<T extends object>(allowed: string): Kind<T> {
  return { allowed, read: (value) => (isObject(value) ? (value as T) : undefined) };
}

const optionTable = {
  batchSize: byDefault(wholeNumber(1), 32),
  epochs: byDefault(wholeNumber(0), 1),
  stepsPerEpoch: optional(wholeNumber(1)),
  shuffle: byDefault(boolean, true),
  validationData: optional(objectOf<Pair>('a pair [x, y]')),
  validationSplit: optional(number({ above: 0, below: 1 })),
  statisticsImages: optional(wholeNumber(1)),
  part: optional(objectOf<TrainingPart>('{ stepsBefore, totalSteps }')),
  augmentation: optional(objectOf<ImageDataGenerator>('made by imageDataGenerator({ ... })')),
  callbacks: byDefault(objectOf<readonly Callback[]>('a list of callbacks'), []),
  resume: optional(objectOf<TrainingCheckpoint>('a checkpoint of a training')),
  signal: optional(objectOf<AbortSignal>('an AbortSignal')),
};

/** One call of `fit`. */
export class Fit {
  readonly #options: OptionValues<typeof optionTable>;
  readonly #examples: Examples;
  readonly #validation: Pair | undefined;
  readonly #steps: number;
  readonly #logs: EpochLog[] = [];
  /** The step of the optimizer at which the training began of which this is a part, or the whole. */
  #firstStep = 0;
  #schedule: Schedule | undefined;
  #progress = epochBegin(1);
  #stopped = false;
  #learningRate: number | undefined;
  /** When the epoch began, as `performance.now()` gives it; later, if it was interrupted or stood still. */
  #epochStarted = 0;

  constructor(
    private readonly model: ModelBase,
    x: Tensor,
    y: Targets,
    options: FitOptions,
  ) {
    this.#options = readOptions('fit', options, optionTable);
    const [training, validation] = splitValidation(x, y, this.#options);
    this.#examples = new Examples(training[0], training[1], model.network);
    this.#validation = validation;
    if (validation) new Examples(validation[0], validation[1], model.network);
    checkBatchSize(this.#options.batchSize);
    if (this.#options.statisticsImages !== undefined && !model.compiled.optimizer.average) {
      throw optionError('has statisticsImages without averaged weights', 'Give the optimizer useEma: true.');
    }
    if (this.#examples.count === 0) throw optionError('was given no images', 'Give at least one image.');
    const all = Math.ceil(this.#examples.count / this.#options.batchSize);
    this.#steps = this.#options.stepsPerEpoch ?? all;
    if (this.#steps > all) {
      throw optionError(`has stepsPerEpoch ${this.#steps}`, `Give at most ${all}: one pass over the images.`);
    }
  }

  async run(): Promise<History> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    const executable = await this.model.trainingExecutable({ ...this.#program, targets: this.#examples.targetKind });
    this.#resume();
    this.#beginSchedule();
    const training = this.#training();
    const logs = this.#logs;
    for (const callback of this.#options.callbacks) await callback.onTrainBegin?.(training);
    while (this.#progress.epoch <= this.#options.epochs && !this.#stopped) {
      for (const callback of this.#options.callbacks) await callback.onEpochBegin?.(this.#progress.epoch, training);
      const log = await this.#epoch(executable, training);
      logs.push(log);
      this.#progress = epochBegin(log.epoch + 1);
      for (const callback of this.#options.callbacks) await callback.onEpochEnd?.(log, training);
    }
    if (logs.length > 0 || this.#options.resume) await this.#showAverages(this.model.epochs - 1);
    for (const callback of this.#options.callbacks) await callback.onTrainEnd?.(logs, training);
    return new History(logs);
  }

  #resume(): void {
    const { resume } = this.#options;
    if (!resume) return;
    const { epoch, step } = resume.progress;
    if (epoch < 1 || epoch > this.#options.epochs + 1 || step < 0 || step > this.#steps) {
      throw optionError(
        `was given a checkpoint at step ${step} of epoch ${epoch}, and has ${this.#options.epochs} epochs of ${this.#steps} steps`,
        'Give the images and options that the interrupted training had.',
      );
    }
    this.model.restoreState(resume.model);
    this.#progress = resume.progress;
    this.#learningRate = resume.learningRate;
    this.#logs.push(...resume.history);
  }

  async #epoch(executable: Executable, training: Training): Promise<EpochLog> {
    const { model } = this;
    const examples = this.#examples;
    const { metrics } = model.compiled;
    const { signal } = this.#options;
    const order = this.#order(model.epochs);
    const { epoch, step: before } = this.#progress;
    let { images, lossSum, correct } = this.#progress;
    this.#epochStarted = performance.now() - this.#progress.seconds * 1000;
    // Where the clock is coarse, as in a page, no time at all may seem to have passed.
    const secondsNow = () => Math.max((performance.now() - this.#epochStarted) / 1000, 1e-6);
    const hasAccuracy = metrics.some(({ config }) => config.type === 'accuracy');
    const means = () => ({ loss: lossSum / images, ...(hasAccuracy && { accuracy: correct / images }) });
    for (let step = before + 1; step <= this.#steps; step++) {
      const start = (step - 1) * this.#options.batchSize;
      const rows = Math.min(this.#options.batchSize, examples.count - start);
      examples.fill(executable, order, start, rows);
      this.#fillAugmentation(executable, order, start, rows, model.epochs);
      fillRandom(executable, model.seed, model.steps);
      executable.input('scalars').set(model.compiled.optimizer.scalars(model.steps, training.learningRate));
      await model.runTraining(executable, rows);
      const loss = executable.readOutput('loss')[0]!;
      if (!Number.isFinite(loss)) throw await this.#explain(executable, rows, loss, epoch, step);
      model.steps++;
      images += rows;
      lossSum += loss * rows;
      if (hasAccuracy) correct += executable.readOutput('correct')[0]!;
      const seconds = secondsNow();
      this.#progress = { epoch, step, images, lossSum, correct, seconds };
      const batch: BatchLog = {
        epoch,
        step,
        steps: this.#steps,
        images,
        ...means(),
        imagesPerSecond: images / seconds,
      };
      for (const callback of this.#options.callbacks) await callback.onBatchEnd?.(batch, training);
      signal?.throwIfAborted();
    }
    const imagesPerSecond = images / this.#progress.seconds;
    this.#checkWeights(epoch);
    model.epochs++;
    const learningRate = training.learningRate;
    if (this.#validation) await this.#showAverages(model.epochs - 1);
    const validation =
      this.#validation && (await model.evaluate(...this.#validation, { batchSize: this.#options.batchSize }));
    return {
      epoch,
      ...means(),
      ...validationLog(validation),
      learningRate,
      imagesPerSecond,
      seconds: secondsNow(),
    };
  }

  /** What the program of a step has in common with that of the statistics. */
  get #program(): StatisticsProgramOptions {
    const { batchSize, augmentation } = this.#options;
    return {
      capacity: batchSize,
      images: this.#examples.images.format,
      ...(augmentation && { augmentation: augmentationOf(augmentation) }),
    };
  }

  /**
   * Puts averaged weights into the model, if the optimizer keeps any and they are not there already, with statistics from
   * what the first steps of an epoch have seen.
   * @param epoch of the model, from 0
   */
  async #showAverages(epoch: number): Promise<void> {
    const { model } = this;
    if (!model.compiled.optimizer.average || model.steps === 0 || model.showsAverages) return;
    const { batchSize, statisticsImages = STATISTICS_IMAGES } = this.#options;
    const examples = this.#examples;
    const total = Math.min(statisticsImages, examples.count, this.#steps * batchSize);
    const order = this.#order(epoch);
    await model.showAverages({
      program: this.#program,
      count: Math.ceil(total / batchSize),
      fill: (executable, batch) => {
        const start = batch * batchSize;
        const rows = Math.min(batchSize, total - start);
        examples.images.fill(executable, order, start, rows);
        this.#fillAugmentation(executable, order, start, rows, epoch);
        return rows;
      },
    });
  }

  #order(epoch: number): Uint32Array | undefined {
    return this.#options.shuffle ? shuffleOrder(this.#examples.count, this.model.seed, epoch) : undefined;
  }

  /** Tells a schedule without a length of its own how long the training is. */
  #beginSchedule(): void {
    const { epoch, step } = this.#progress;
    const stepsHere = this.#options.epochs * this.#steps;
    const { stepsBefore, totalSteps } = this.#options.part ?? { stepsBefore: 0, totalSteps: stepsHere };
    const { learningRate } = this.model.compiled.optimizer;
    if (!learningRate.over) return;
    this.#schedule = learningRate.over(Math.max(1, totalSteps));
    this.#firstStep = this.model.steps - ((epoch - 1) * this.#steps + step) - stepsBefore;
  }

  #fillAugmentation(
    executable: Executable,
    order: Uint32Array | undefined,
    start: number,
    rows: number,
    epoch: number,
  ): void {
    const { augmentation } = this.#options;
    if (!augmentation) return;
    const write = augmentationWriter(executable, augmentation);
    const [height, width] = this.model.network.inputShape as [number, number];
    const { seed } = this.model;
    for (let row = 0; row < rows; row++) {
      const image = order ? order[start + row]! : start + row;
      write(row, { seed, epoch, image, height, width });
    }
  }

  async #explain(executable: Executable, rows: number, loss: number, epoch: number, step: number): Promise<CifraError> {
    const found = await executable.findNonFinite(rows);
    const where = !found
      ? 'No tensor holds it any more'
      : found.op
        ? `It comes from layer "${found.label}" (op ${found.op})`
        : found.tensor.role === 'input'
          ? `It is in the input "${found.label}"`
          : `It is in the state "${found.label}": the update of the step before, or setWeights, left it so`;
    return new CifraError(
      'non-finite',
      `The loss became ${loss} at step ${step} of epoch ${epoch} (${this.model.steps} steps in all). ${where}.`,
      found?.tensor.role === 'input' ? 'Look at the images and targets: they must be finite numbers.' : LOWER_RATE,
    );
  }

  /** Weights that the last update broke would be met by the next step; after an epoch there may be none. */
  #checkWeights(epoch: number): void {
    for (const [name, values] of this.model.getWeights()) {
      if (values.every(Number.isFinite)) continue;
      throw new CifraError(
        'non-finite',
        `The weight "${name}" is no longer finite after step ${this.#steps} of epoch ${epoch} (${this.model.steps} steps in all).`,
        LOWER_RATE,
      );
    }
  }

  #scheduledRate(): number {
    const { learningRate } = this.model.compiled.optimizer;
    return (this.#schedule ?? learningRate).at(this.model.steps - this.#firstStep);
  }

  #training(): Training {
    const rate = () => this.#learningRate ?? this.#scheduledRate();
    return {
      model: this.model,
      epochs: this.#options.epochs,
      stop: () => void (this.#stopped = true),
      setLearningRate: (learningRate) => {
        if (!(learningRate >= 0 && learningRate < Infinity)) {
          throw new CifraError(
            'learning-rate',
            `setLearningRate takes a number >= 0, and was given ${learningRate} in epoch ${this.#progress.epoch}.`,
            'Look at the callback that sets it.',
          );
        }
        this.#learningRate = learningRate;
      },
      get learningRate() {
        return rate();
      },
      leaveOut: (seconds) => void (this.#epochStarted += seconds * 1000),
      checkpoint: () => ({
        phase: 1,
        progress: this.#progress,
        ...(this.#learningRate !== undefined && { learningRate: this.#learningRate }),
        history: [...this.#logs],
        model: this.model.captureState(),
      }),
    };
  }
}

function validationLog(evaluation: Evaluation | undefined): Partial<Pick<EpochLog, 'valLoss' | 'valAccuracy'>> {
  if (!evaluation) return {};
  const { loss, accuracy } = evaluation;
  return { valLoss: loss, ...(accuracy !== undefined && { valAccuracy: accuracy }) };
}

/** The last share of the images, before any shuffle, is for validation (Keras). */
function splitValidation(
  x: Tensor,
  y: Targets,
  { validationSplit, validationData }: OptionValues<typeof optionTable>,
): [training: Pair, validation: Pair | undefined] {
  if (validationSplit === undefined) return [[x, y], validationData];
  if (validationData) throw optionError('has validationData and validationSplit', 'Give one of the two.');
  const count = x.shape[0] ?? 0;
  const kept = Math.floor(count * (1 - validationSplit));
  const targets: Tensor = y instanceof Uint8Array ? { data: y, shape: [y.length] } : y;
  return [
    [rowsOf(x, 0, kept), rowsOf(targets, 0, kept)],
    [rowsOf(x, kept, count), rowsOf(targets, kept, count)],
  ];
}

function optionError(what: string, remedy: string): CifraError {
  return new CifraError('fit-option', `fit ${what}.`, remedy);
}
