/// <reference lib="esnext.disposable" preserve="true" />
import type { Backend, Executable, ExecutableDescription } from '../engine/backend.js';
import {
  type EvaluationProgramOptions,
  evaluationProgram,
  type Loss,
  lossFrom,
  type Metric,
  metricsFrom,
  type Network,
  type Optimizer,
  optimizerFrom,
  predictionProgram,
  slotName,
  statisticsNames,
  statisticsProgram,
  type StatisticsProgramOptions,
  trainingProgram,
} from '../nn/index.js';
import { CifraError } from '../numeric/errors.js';
import { boolean, byDefault, type Kind, optional, readOptions, wholeNumber } from '../numeric/options.js';
import { formatShape, sizeOf, type Tensor } from '../numeric/tensor.js';
import type { ModelState } from './checkpoint.js';
import { averagedWeights, meanStatistics, type StatisticsBatches } from './averaging.js';
import { checkBatchSize, Examples, fillRandom, Images, type Targets } from './examples.js';
import type {
  CompileOptions,
  EvaluateOptions,
  Evaluation,
  ModelOptions,
  PredictOptions,
  UpdateBatchNormalizationOptions,
} from './modelOptions.js';
import { StateStore } from './stateStore.js';

export interface TrainingProgramKey extends StatisticsProgramOptions {
  readonly targets: NonNullable<EvaluationProgramOptions['targets']>;
}

interface Compiled {
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly metrics: readonly Metric[];
}

/** What nn looks at. */
const anything: Kind<{}> = { allowed: 'a name or a configuration', read: (value) => value ?? undefined };
const compileOptions = {
  optimizer: byDefault(anything, 'adam'),
  loss: optional(anything),
  metrics: optional(anything),
};

const anyNumber: Kind<number> = {
  allowed: 'a number',
  read: (value) => (typeof value === 'number' ? value : undefined),
};
const batchOptions = { batchSize: byDefault(anyNumber, 128) };

type ProgramKind = 'train' | 'statistics' | 'evaluate' | 'predict' | 'predictOne';

/** A network with weights, on a backend: all of `Model` but `fit`, which is a file of its own. */
export class ModelBase implements AsyncDisposable {
  readonly seed: number;
  /** Optimizer steps made so far. */
  steps = 0;
  /** Epochs trained so far: every one has shuffles and augmentation of its own. */
  epochs = 0;
  /** What training goes on from. */
  readonly #state: StateStore;
  /** Averaged or calibrated weights, which all but training sees, until training goes on. */
  #averaged: StateStore | undefined;
  readonly #executables = new Map<ProgramKind, { readonly key: string; readonly executable: Executable }>();
  readonly #makeBackend: () => Backend;
  #backend: Backend | undefined;
  #compiled: Compiled | undefined;

  constructor(
    readonly network: Network,
    makeBackend: () => Backend,
    { seed = 0 }: ModelOptions = {},
  ) {
    this.seed = seed;
    this.#makeBackend = makeBackend;
    this.#state = new StateStore(network.weightMakers(seed));
  }

  get backend(): Backend {
    return (this.#backend ??= this.#makeBackend());
  }

  /** The table Keras prints, with multiply-adds. */
  summary(): string {
    return this.network.summary();
  }

  /**
   * Chooses optimizer (default adam), loss and metrics. Weights stay (averaged ones, where `fit` has left them in the
   * model), optimizer state starts anew.
   * @throws CifraError `unknown-option`, and `option-value` for an unknown name
   */
  compile(options: CompileOptions): void {
    const given = readOptions('compile', options, compileOptions);
    this.#compiled = {
      optimizer: optimizerFrom(given.optimizer),
      loss: lossFrom(given.loss),
      metrics: metricsFrom(given.metrics),
    };
    if (this.#averaged) this.setWeights(this.getWeights());
    this.#state.keepOnly(new Set(this.network.weights.map(({ name }) => name)));
    this.steps = 0;
    this.#drop('train');
    this.#drop('evaluate');
  }

  /** @throws CifraError `not-compiled` */
  get compiled(): Compiled {
    if (!this.#compiled) {
      throw new CifraError(
        'not-compiled',
        'The model has no optimizer and loss yet.',
        "Call model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] }) first.",
      );
    }
    return this.#compiled;
  }

  /** Loss and metrics over all images, as the network is after training. */
  async evaluate(x: Tensor, y: Targets, options: EvaluateOptions = {}): Promise<Evaluation> {
    const { batchSize, withProbabilities } = readOptions('evaluate', options, {
      ...batchOptions,
      withProbabilities: byDefault(boolean, false),
    });
    const examples = new Examples(x, y, this.network);
    if (examples.count === 0) {
      throw new CifraError('no-images', 'evaluate was given no images.', 'Give at least one image.');
    }
    const executable = await this.#evaluationExecutable(examples, checkBatchSize(batchSize));
    this.#shown.lend(executable);
    const { metrics } = this.compiled;
    const sums = metrics.map(() => 0);
    const classes = this.network.outputShape.at(-1)!;
    const probabilities = withProbabilities ? new Float32Array(examples.count * classes) : undefined;
    let loss = 0;
    for (let start = 0; start < examples.count; start += batchSize) {
      const rows = Math.min(batchSize, examples.count - start);
      examples.fill(executable, undefined, start, rows);
      await executable.run(rows);
      loss += executable.readOutput('loss')[0]! * rows;
      metrics.forEach(({ output }, i) => (sums[i]! += executable.readOutput(output)[0]!));
      probabilities?.set(executable.readOutput('probabilities', rows), start * classes);
    }
    const count = examples.count;
    const at = metrics.findIndex(({ config }) => config.type === 'accuracy');
    const accuracy = at < 0 ? {} : { accuracy: sums[at]! / count, correct: sums[at]! };
    return {
      loss: loss / count,
      ...accuracy,
      count,
      ...(probabilities && { probabilities: { data: probabilities, shape: [count, classes] } }),
    };
  }

  /** The network's output for every image: probabilities `[N, classes]` after a softmax, or its logits. */
  async predict(x: Tensor, options: PredictOptions = {}): Promise<Tensor<Float32Array>> {
    const { batchSize, logits } = readOptions('predict', options, {
      ...batchOptions,
      logits: byDefault(boolean, false),
    });
    const images = new Images(x, this.network);
    // Single images are common enough to have a program of their own.
    const [kind, capacity] =
      images.count === 1 ? (['predictOne', 1] as const) : (['predict', checkBatchSize(batchSize)] as const);
    const format = { capacity, images: images.format, ...(logits && { logits }) };
    const executable = await this.#executable(kind, format, () => predictionProgram(this.network, format));
    this.#shown.lend(executable);
    const width = sizeOf(this.network.outputShape);
    const data = new Float32Array(images.count * width);
    for (let start = 0; start < images.count; start += capacity) {
      const rows = Math.min(capacity, images.count - start);
      images.fill(executable, undefined, start, rows);
      await executable.run(rows);
      data.set(executable.readOutput('predictions', rows), start * width);
    }
    return { data, shape: [images.count, ...this.network.outputShape] };
  }

  /** The class of every image: where its largest probability is. */
  async predictClass(x: Tensor, options: PredictOptions = {}): Promise<Uint8Array> {
    const { data, shape } = await this.predict(x, options);
    const classes = shape.at(-1)!;
    return Uint8Array.from({ length: shape[0]! }, (_, row) =>
      largest(data.subarray(row * classes, (row + 1) * classes)),
    );
  }

  /**
   * A copy of every weight, moving statistics included, by name in the order of the layers. With averaged weights in the
   * model (see `useEma` and `fit`), these.
   */
  getWeights(): Map<string, Float32Array> {
    return new Map(this.network.weights.map(({ name }) => [name, this.#shown.get(name)!]));
  }

  /**
   * Puts some weights into the model, such as calibrated ones, until training goes on, which does so from the weights as
   * they were.
   */
  showWeights(weights: ReadonlyMap<string, Float32Array>): void {
    const shown = new StateStore();
    for (const [name, values] of this.getWeights()) shown.set(name, weights.get(name) ?? values);
    this.#averaged = shown;
  }

  /**
   * Training goes on from these, too.
   * @throws CifraError `weights` if a name or a size is not one of this network's, or one is missing
   */
  setWeights(weights: ReadonlyMap<string, Float32Array>): void {
    const expected = new Map(this.network.weights.map(({ name, shape }) => [name, shape]));
    for (const [name, shape] of expected) {
      const given = weights.get(name);
      if (given?.length !== sizeOf(shape)) {
        throw new CifraError(
          'weights',
          `The network's weight "${name}" has shape ${formatShape(shape)}, but ${given ? `${given.length} values were given` : 'none was given'}.`,
          'Give the weights of a network with the same layers and names.',
        );
      }
    }
    for (const name of weights.keys()) {
      if (!expected.has(name)) throw new CifraError('weights', `The network has no weight "${name}".`);
    }
    for (const [name, values] of weights) this.#state.set(name, values);
    this.#averaged = undefined;
  }

  /**
   * Computes batch normalization's moving statistics anew, as means over batches of the images (PyTorch's update_bn):
   * for weights that no training has moved them along with, such as averaged ones. Each batch goes through the network
   * as in training: normalized by its own mean and variance, with dropout; a smaller last batch counts by its images. No
   * other weight changes, and equal seeds, steps and images give equal bits.
   * @throws CifraError `no-images`, `batch-size`, and what is wrong with the images
   */
  async updateBatchNormalization(x: Tensor, options: UpdateBatchNormalizationOptions = {}): Promise<void> {
    const { batchSize, images: most } = readOptions('updateBatchNormalization', options, {
      ...batchOptions,
      images: optional(wholeNumber(1)),
    });
    const images = new Images(x, this.network);
    const total = Math.min(images.count, most ?? images.count);
    if (total === 0) {
      throw new CifraError('no-images', 'updateBatchNormalization was given no images.', 'Give at least one image.');
    }
    await this.#recomputeStatistics(this.#shown, {
      program: { capacity: checkBatchSize(batchSize), images: images.format },
      count: Math.ceil(total / batchSize),
      fill(executable, batch) {
        const start = batch * batchSize;
        const rows = Math.min(batchSize, total - start);
        images.fill(executable, undefined, start, rows);
        return rows;
      },
    });
  }

  /** Whether the weights are averaged ones, see `showAverages`. */
  get showsAverages(): boolean {
    return this.#averaged !== undefined;
  }

  /**
   * Puts the averaged weights into the model, with statistics of batch normalization from `batches`, until training goes
   * on, which does so from the weights as they were. Only after a step with an optimizer that keeps averages.
   */
  async showAverages(batches: StatisticsBatches): Promise<void> {
    const { optimizer } = this.compiled;
    const averaged = new StateStore();
    const weights = averagedWeights(this.network, optimizer, this.steps, (name) => this.#state.get(name)!);
    for (const [name, values] of weights) averaged.set(name, values);
    await this.#recomputeStatistics(averaged, batches);
    this.#averaged = averaged;
  }

  async #recomputeStatistics(state: StateStore, batches: StatisticsBatches): Promise<void> {
    if (statisticsNames(this.network).length === 0) return;
    const { program } = batches;
    const executable = await this.#executable('statistics', program, () => statisticsProgram(this.network, program));
    state.lend(executable);
    const statistics = await meanStatistics(this.network, executable, batches, (batch) =>
      fillRandom(executable, this.seed, this.steps + batch),
    );
    for (const [name, values] of statistics) state.set(name, values);
  }

  get #shown(): StateStore {
    return this.#averaged ?? this.#state;
  }

  /** All that training goes on from, as copies: never averaged weights, but what they are averages of. See `restoreState`. */
  captureState(): ModelState {
    const { steps, epochs } = this;
    return { steps, epochs, tensors: this.#state.all() };
  }

  /**
   * Puts the model back where it was when `state` was captured, of this or an equal model with an equal optimizer.
   * @throws CifraError `model-state` if a tensor is not one of this model's, has another size or is missing
   */
  restoreState({ steps, epochs, tensors }: ModelState): void {
    const sizes = this.#stateSizes();
    const wrong = (problem: string): CifraError =>
      new CifraError(
        'model-state',
        `This state cannot be restored: ${problem}.`,
        'Give the state of a model with the same layers and the same optimizer.',
      );
    for (const [name, values] of tensors) {
      const size = sizes.get(name);
      if (size === undefined) throw wrong(`the model has no tensor "${name}"`);
      if (size !== values.length)
        throw wrong(`"${name}" has ${size} values in the model and ${values.length} in the state`);
    }
    const isComplete = steps === 0 ? this.network.weights.map(({ name }) => name) : sizes.keys();
    for (const name of isComplete) if (!tensors.has(name)) throw wrong(`it lacks "${name}"`);
    this.#state.keepOnly(new Set());
    for (const [name, values] of tensors) this.#state.set(name, values);
    this.#averaged = undefined;
    this.steps = steps;
    this.epochs = epochs;
  }

  /** Of every weight and of the optimizer's slots. */
  #stateSizes(): Map<string, number> {
    const { optimizer } = this.compiled;
    return new Map(
      this.network.weights.flatMap(({ name, shape, trainable }) => [
        [name, sizeOf(shape)],
        ...(trainable ? optimizer.slots.map((slot): [string, number] => [slotName(slot, name), sizeOf(shape)]) : []),
      ]),
    );
  }

  /** Compiles the training program for a batch size now and says what came out: kernels, memory, multiply-adds. */
  async describeTraining(x: Tensor, y: Targets, batchSize: number): Promise<ExecutableDescription> {
    const examples = new Examples(x, y, this.network);
    const key = { capacity: batchSize, images: examples.images.format, targets: examples.targetKind };
    return (await this.trainingExecutable(key)).description;
  }

  /** The program for a kind of training step. */
  trainingExecutable(program: TrainingProgramKey): Promise<Executable> {
    const { optimizer, loss, metrics } = this.compiled;
    return this.#executable('train', program, () =>
      trainingProgram(this.network, { ...program, optimizer, loss, metrics }),
    );
  }

  /** One step: the program starts from the model's newest state, and what it makes of it is the newest then. */
  async runTraining(executable: Executable, rows: number): Promise<void> {
    this.#averaged = undefined;
    this.#state.lend(executable);
    await executable.run(rows);
    this.#state.changedBy(executable);
  }

  async dispose(): Promise<void> {
    for (const kind of this.#executables.keys()) this.#drop(kind);
    await this.#backend?.dispose();
    this.#backend = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  #evaluationExecutable(examples: Examples, batchSize: number): Promise<Executable> {
    const { loss, metrics } = this.compiled;
    const options = { capacity: batchSize, images: examples.images.format, targets: examples.targetKind };
    return this.#executable('evaluate', options, () => evaluationProgram(this.network, { ...options, loss, metrics }));
  }

  /** The program of a kind with these options. Of every kind the last one is kept. */
  async #executable(
    kind: ProgramKind,
    options: object,
    program: () => Parameters<Backend['compile']>[0],
  ): Promise<Executable> {
    const key = JSON.stringify(options);
    const kept = this.#executables.get(kind);
    if (kept?.key === key) return kept.executable;
    this.#drop(kind);
    const executable = await this.backend.compile(program());
    this.#executables.set(kind, { key, executable });
    return executable;
  }

  #drop(kind: ProgramKind): void {
    const kept = this.#executables.get(kind);
    if (!kept) return;
    this.#state.release(kept.executable);
    this.#executables.delete(kind);
    kept.executable.dispose();
  }
}

function largest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
