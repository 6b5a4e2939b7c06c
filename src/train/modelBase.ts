/// <reference lib="esnext.disposable" preserve="true" />
import type { Backend, Executable, ExecutableDescription } from '../engine/backend.js';
import {
  type Augmentation,
  type EvaluationProgramOptions,
  evaluationProgram,
  type Loss,
  type LossLike,
  lossFrom,
  type Metric,
  type MetricLike,
  metricsFrom,
  type Network,
  type Optimizer,
  type OptimizerLike,
  optimizerFrom,
  predictionProgram,
  slotName,
  trainingProgram,
} from '../nn/index.js';
import { CifraError } from '../numeric/errors.js';
import { boolean, byDefault, type Kind, optional, readOptions } from '../numeric/options.js';
import { formatShape, sizeOf, type Tensor } from '../numeric/tensor.js';
import type { ModelState } from './checkpoint.js';
import { checkBatchSize, Examples, Images, type Targets } from './examples.js';
import { StateStore } from './stateStore.js';

export interface ModelOptions {
  /** Decides initial weights, shuffles, dropout and augmentation: equal seeds give equal weights. Default 0. */
  readonly seed?: number | undefined;
}

export interface CompileOptions {
  readonly optimizer?: OptimizerLike;
  readonly loss: LossLike;
  readonly metrics?: readonly MetricLike[];
}

export interface BatchOptions {
  /** How many images go through the network at once; the result does not depend on it. Default 128. */
  readonly batchSize?: number;
}

export interface EvaluateOptions extends BatchOptions {
  /** Whether to give the probabilities too. Default false. */
  readonly withProbabilities?: boolean;
}

export interface Evaluation {
  readonly loss: number;
  /** The share of images read right. Only with the metric accuracy. */
  readonly accuracy?: number;
  /** How many were read right. Only with the metric accuracy. */
  readonly correct?: number;
  readonly count: number;
  /** Of every image, [count, classes]. Only where they were asked for. */
  readonly probabilities?: Tensor<Float32Array>;
}

export interface TrainingProgramKey {
  readonly capacity: number;
  readonly images: EvaluationProgramOptions['images'];
  readonly targets: NonNullable<EvaluationProgramOptions['targets']>;
  readonly augmentation?: Augmentation;
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

type ProgramKind = 'train' | 'evaluate' | 'predict' | 'predictOne';

/** A network with weights, on a backend: all of `Model` but `fit`, which is a file of its own. */
export class ModelBase implements AsyncDisposable {
  readonly seed: number;
  /** Optimizer steps made so far. */
  steps = 0;
  /** Epochs trained so far: every one has shuffles and augmentation of its own. */
  epochs = 0;
  readonly #state: StateStore;
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
   * Chooses optimizer (default adam), loss and metrics. Weights stay, optimizer state starts anew.
   * @throws CifraError `unknown-option`, and `option-value` for an unknown name
   */
  compile(options: CompileOptions): void {
    const given = readOptions('compile', options, compileOptions);
    this.#compiled = {
      optimizer: optimizerFrom(given.optimizer),
      loss: lossFrom(given.loss),
      metrics: metricsFrom(given.metrics),
    };
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
    this.#state.lend(executable);
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

  /** The network's output for every image: probabilities `[N, classes]` after a softmax. */
  async predict(x: Tensor, options: BatchOptions = {}): Promise<Tensor<Float32Array>> {
    const { batchSize } = readOptions('predict', options, batchOptions);
    const images = new Images(x, this.network);
    // Single images are common enough to have a program of their own.
    const [kind, capacity] =
      images.count === 1 ? (['predictOne', 1] as const) : (['predict', checkBatchSize(batchSize)] as const);
    const format = { capacity, images: images.format };
    const executable = await this.#executable(kind, format, () => predictionProgram(this.network, format));
    this.#state.lend(executable);
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
  async predictClass(x: Tensor, options: BatchOptions = {}): Promise<Uint8Array> {
    const { data, shape } = await this.predict(x, options);
    const classes = shape.at(-1)!;
    return Uint8Array.from({ length: shape[0]! }, (_, row) =>
      largest(data.subarray(row * classes, (row + 1) * classes)),
    );
  }

  /** A copy of every weight, moving statistics included, by name in the order of the layers. */
  getWeights(): Map<string, Float32Array> {
    return new Map(this.network.weights.map(({ name }) => [name, this.#state.get(name)!]));
  }

  /** @throws CifraError `weights` if a name or a size is not one of this network's, or one is missing */
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
  }

  /** All that training goes on from, as copies. See `restoreState`. */
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
