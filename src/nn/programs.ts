import { ProgramBuilder } from '../engine/program/builder.js';
import type { Program, TensorSpec } from '../engine/program/types.js';
import { CifraError } from '../numeric/errors.js';
import { formatShape } from '../numeric/tensor.js';
import { augment, type Augmentation } from './augmentation.js';
import type { Loss, TargetKind } from './losses.js';
import type { Metric } from './metrics.js';
import type { Optimizer } from './optimizers.js';
import type { Network } from './sequential.js';
import { className } from './summary.js';

/**
 * A network as programs for a backend. All of them name their tensors alike, so that weights pass from one to another:
 *
 * | tensor | role | what |
 * |---|---|---|
 * | `images` [N, ...inputShape] | input | the rows of data, u8 or f32 |
 * | `labels` [N] or `targets` [N, classes] | input | the right answers: class numbers, or one-hot rows, f32 |
 * | `matrices` [N, 6] | input | augmentation: where each output pixel comes from (op warpAffine), f32 |
 * | `keys` [N, 4] | input | elastic distortion, noise: the images' random numbers (op randomUniform), u32 |
 * | `strokes` [N, 1] | input | by how many pixels strokes get wider (op changeStrokes), f32 |
 * | `sigmas` [N, 1] | input | blur: the standard deviation in pixels (op blur), f32 |
 * | `tones` [N, 3] | input | contrast and noise: gain, offset, deviation (op changeTone), f32 |
 * | `rectangles` [N, 4] | input | random erasing: top, left, bottom, right (op eraseRectangle), i32 |
 * | `random` [3] | input | for dropout: seed low, seed high, step, u32 |
 * | `scalars` | input | what the optimizer's `scalars` gives, f32 |
 * | `conv2d/kernel` and so on | state | the weights |
 * | `optimizer/m/conv2d/kernel` and so on | state | the optimizer's slots |
 * | `loss` [1] | output | the mean over the rows, and the penalties of regularizers |
 * | `correct` [1] and so on | output | the metrics' sums over the rows |
 * | `statistics/batch_normalization/moving_mean` and so on | output | of the batch: what a moving average is kept of |
 * | `probabilities` [N, classes] | output | of evaluation |
 * | `predictions` [N, ...outputShape] | output | of prediction: the network's output |
 */

/** How the images are given: their values are divided by `divisor` (default 1) before the first layer. */
export interface ImageFormat {
  readonly dtype: 'u8' | 'f32';
  readonly divisor?: number;
}

export interface PredictionProgramOptions {
  /** The most rows a run may have. */
  readonly capacity: number;
  readonly images: ImageFormat;
}

export interface EvaluationProgramOptions extends PredictionProgramOptions {
  readonly loss: Loss;
  readonly metrics: readonly Metric[];
  /** How the right answers are given. Default: as the loss expects. */
  readonly targets?: TargetKind;
}

/** How training sees the images. */
export interface StatisticsProgramOptions extends PredictionProgramOptions {
  /** What is done to the images, by inputs of their own. */
  readonly augmentation?: Augmentation;
}

export interface TrainingProgramOptions extends EvaluationProgramOptions, StatisticsProgramOptions {
  readonly optimizer: Optimizer;
  /** Whether the gradient of every trainable weight is an output, `gradient/conv2d/kernel`. Default false. */
  readonly exposeGradients?: boolean;
}

/** The state that holds a slot of an optimizer for a weight. */
export function slotName(slot: string, weight: string): string {
  return `optimizer/${slot}/${weight}`;
}

/**
 * One step of training: forward, backward, update. Outputs `loss` and the metrics', before the update and, as always in
 * training, with dropout and the batch's own statistics.
 * @throws CifraError `loss-activation`, `loss-shape` if the network and the loss do not fit, `shape-mismatch`
 */
export function trainingProgram(network: Network, options: TrainingProgramOptions): Program {
  const { optimizer } = options;
  const writer = new Writer(network, options.capacity);
  const { builder, weights } = writer;
  const { loss } = writer.loss(writer.images(options.images, options.augmentation), true, options);

  const trainable = network.weights.filter((weight) => weight.trainable);
  const gradients = builder.gradients(
    loss,
    trainable.map(({ name }) => weights.get(name)!),
  );
  builder.labelled('loss', () => builder.emit('stopUnlessFinite', [loss], {}));
  for (const { weight, value, momentum, layer } of writer.movingAverages) {
    builder.labelled(layer, () => builder.emit('updateMovingAverage', [weights.get(weight)!, value], { momentum }));
  }
  const scalars = builder.input('scalars', [optimizer.scalarCount], 'f32', false);
  const slotsOf = trainable.map(({ name, shape }) =>
    optimizer.slots.map((slot) => builder.state(slotName(slot, name), shape)),
  );
  trainable.forEach(({ name, layer }, i) => {
    if (options.exposeGradients) builder.output(`gradient/${name}`, gradients[i]!);
    builder.labelled(layer, () => optimizer.update(builder, weights.get(name)!, gradients[i]!, slotsOf[i]!, scalars));
  });
  // After all updates, so that the threads wait for each other once and not at every weight.
  trainable.forEach(({ name, layer }, i) => {
    builder.labelled(layer, () => optimizer.average?.update(builder, weights.get(name)!, slotsOf[i]!));
  });
  return builder.build();
}

/** The weights that are moving averages of what training sees: batch normalization's statistics. */
export function statisticsNames(network: Network): string[] {
  const writer = new Writer(network, 1);
  writer.forward(writer.images({ dtype: 'f32' }), true, true);
  return writer.movingAverages.map(({ weight }) => weight);
}

/**
 * What training keeps moving averages of (mean and variance for batch normalization), of one batch and without an
 * average: outputs `statistics/` and the weight's name. Forward as in training, with dropout; nothing is changed.
 */
export function statisticsProgram(network: Network, options: StatisticsProgramOptions): Program {
  const writer = new Writer(network, options.capacity);
  writer.forward(writer.images(options.images, options.augmentation), true, true);
  for (const { weight, value } of writer.movingAverages) writer.builder.output(statisticsOutput(weight), value);
  return writer.builder.build();
}

/** The output of `statisticsProgram` for a weight. */
export function statisticsOutput(weight: string): string {
  return `statistics/${weight}`;
}

/**
 * Loss, metrics and probabilities, as the network is after training: no dropout, moving averages.
 * @throws CifraError `loss-activation`, `loss-shape` if the network and the loss do not fit, `shape-mismatch`
 */
export function evaluationProgram(network: Network, options: EvaluationProgramOptions): Program {
  const writer = new Writer(network, options.capacity);
  const { probabilities } = writer.loss(writer.images(options.images), false, options);
  writer.builder.output('probabilities', probabilities);
  return writer.builder.build();
}

/**
 * The network's output alone, `predictions`: probabilities if it ends in softmax, otherwise what the last layer gives.
 * `logits`: without that softmax.
 */
export function predictionProgram(
  network: Network,
  options: PredictionProgramOptions & { readonly logits?: boolean },
): Program {
  const writer = new Writer(network, options.capacity);
  writer.builder.output('predictions', writer.forward(writer.images(options.images), false, options.logits ?? false));
  return writer.builder.build();
}

interface MovingAverage {
  /** The weight that holds it. */
  readonly weight: string;
  readonly value: TensorSpec;
  readonly momentum: number;
  readonly layer: string;
}

/** What the programs have in common. */
class Writer {
  readonly builder: ProgramBuilder;
  /** The states of the weights, by name. */
  readonly weights: ReadonlyMap<string, TensorSpec>;
  /** What the layers want moving averages of. */
  readonly movingAverages: MovingAverage[] = [];
  #randomWords: TensorSpec | undefined;
  #randomStreams = 0;

  constructor(
    readonly network: Network,
    capacity: number,
  ) {
    const builder = new ProgramBuilder(capacity);
    this.builder = builder;
    this.weights = new Map(network.weights.map(({ name, shape }) => [name, builder.state(name, shape)]));
  }

  /** The images as the first layer takes them. */
  images({ dtype, divisor = 1 }: ImageFormat, augmentation?: Augmentation): TensorSpec {
    const { builder, network } = this;
    const images = builder.input('images', network.inputShape, dtype, true);
    return builder.labelled('images', () => {
      if (augmentation) return augment(builder, images, divisor, augmentation);
      return dtype === 'f32' && divisor === 1 ? images : builder.emit('rescale', [images], { divisor })[0]!;
    });
  }

  /** All layers. `logits`: without the softmax at the end, if there is one. */
  forward(images: TensorSpec, training: boolean, logits: boolean): TensorSpec {
    const { builder, network, weights } = this;
    let x = images;
    for (const placed of network.layers) {
      const { name, layer } = placed;
      const leaveOut = logits && network.endsInSoftmax && placed === network.lastLayer;
      x = builder.labelled(name, () => {
        const y = layer.apply({
          builder,
          input: x,
          training,
          weight: (weight) => weights.get(`${name}/${weight}`)!,
          random: () => this.#random(),
          movingAverage: (weight, value, momentum) =>
            void this.movingAverages.push({ weight: `${name}/${weight}`, value, momentum, layer: name }),
        });
        return layer.activation && !leaveOut ? layer.activation.apply(builder, y) : y;
      });
    }
    return x;
  }

  /** Forward, and the outputs `loss` and the metrics'. */
  loss(images: TensorSpec, training: boolean, options: EvaluationProgramOptions) {
    const { builder, network } = this;
    checkLoss(network, options.loss);
    const logits = this.forward(images, training, !options.loss.fromLogits);
    const targets = this.#targets(options.targets ?? options.loss.targets);
    const { rows, probabilities } = builder.labelled('loss', () => options.loss.apply(builder, logits, targets));
    let loss = builder.labelled('loss', () => builder.emit('meanRows', [rows], {})[0]!);
    for (const { name, layer, trainable, regularizer } of network.weights) {
      if (!regularizer || !trainable) continue;
      const penalty = builder.labelled(layer, () => regularizer.penalty(builder, this.weights.get(name)!));
      loss = builder.labelled('loss', () => builder.emit('add', [loss, penalty], {})[0]!);
    }
    builder.output('loss', loss);
    for (const metric of options.metrics) {
      const sum = builder.labelled(metric.output, () => metric.sum(builder, probabilities, targets));
      builder.output(metric.output, sum);
    }
    return { loss, probabilities };
  }

  /** The right answers as rows [N, classes]. */
  #targets(kind: TargetKind): TensorSpec {
    const { builder } = this;
    const classes = this.network.outputShape[0]!;
    if (kind === 'categorical') return builder.input('targets', [classes], 'f32', true);
    const labels = builder.input('labels', [], classes <= 256 ? 'u8' : 'i32', true);
    return builder.labelled('labels', () => builder.emit('oneHot', [labels], { classes })[0]!);
  }

  #random() {
    this.#randomWords ??= this.builder.input('random', [3], 'u32', false);
    return { words: this.#randomWords, stream: this.#randomStreams++ };
  }
}

/** @throws CifraError `loss-activation`, `loss-shape` */
function checkLoss(network: Network, loss: Loss): void {
  const { name, layer } = network.lastLayer;
  const last = `the last layer, "${name}" (${className(layer.type)}),`;
  const what = `The loss ${loss.config.type}`;
  if (network.outputShape.length !== 1 || network.outputShape[0]! < 2) {
    throw new CifraError(
      'loss-shape',
      `${what} needs one number for each of two or more classes, but ${last} gives ${formatShape(network.outputShape)}.`,
      "End with dense({ units: 10, activation: 'softmax' }), after flatten() or globalAveragePooling2d().",
    );
  }
  if (loss.fromLogits && network.endsInSoftmax) {
    throw new CifraError(
      'loss-activation',
      `${what} was told that it gets logits (fromLogits), but ${last} ends in softmax.`,
      'Leave out either fromLogits: true or the softmax; the result is the same.',
    );
  }
  if (!loss.fromLogits && !network.endsInSoftmax) {
    const activation = layer.activation ? `the activation ${layer.activation.config.type}` : 'no activation';
    throw new CifraError(
      'loss-activation',
      `${what} needs probabilities, but ${last} has ${activation}.`,
      `Write activation: 'softmax' there, or ${loss.config.type}({ fromLogits: true }) for the loss.`,
    );
  }
}
