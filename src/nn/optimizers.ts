import type { ProgramBuilder } from '../engine/program/builder.js';
import type { TensorSpec } from '../engine/program/types.js';
import { CifraError } from '../numeric/errors.js';
import { pow } from '../numeric/exactMath.js';
import { type Configured, configOf, family, type Like } from './config.js';
import {
  boolean,
  byDefault,
  number,
  type OptionValues,
  readOption,
  readOptions,
  required,
} from '../numeric/options.js';
import { constantRate, type LearningRateLike, learningRateKind, type Schedule } from './schedules.js';

/** How gradients change weights. https://keras.io/api/optimizers/ */
export interface Optimizer extends Configured {
  readonly learningRate: Schedule;
  /** What is kept for every trainable weight from step to step, of the weight's shape and zero at first: names. */
  readonly slots: readonly string[];
  /** How many numbers `scalars` gives. */
  readonly scalarCount: number;
  /**
   * The numbers the update needs besides gradients and slots: the program's input `scalars`.
   * @param step the number of the step; the first is 0
   * @param learningRate default: what the schedule says
   * @throws CifraError `learning-rate` unless that is a number >= 0
   */
  scalars(step: number, learningRate?: number): number[];
  /** Only with the option `useEma`: a moving average of every trainable weight, in the last slot. */
  readonly average?: WeightAverage;
  /** Adds the op that updates a weight and its slots in place. */
  update(
    builder: ProgramBuilder,
    weight: TensorSpec,
    gradient: TensorSpec,
    slots: readonly TensorSpec[],
    scalars: TensorSpec,
  ): void;
}

/**
 * The moving average of every trainable weight, taken in after each step: average = emaMomentum average +
 * (1 - emaMomentum) weight. It begins at zero, and what is lacking is made up for when it is read: of t steps, the
 * weights after step i count (1 - emaMomentum) emaMomentum^(t - i) / (1 - emaMomentum^t). After one step it is the weight
 * itself, as in Keras; later Keras gives the first step's weights the share emaMomentum^(t - 1), which in a short training
 * is large, and this does not.
 */
export interface WeightAverage {
  /** Adds the op that takes the weight into the average, in place, after all weights have their updates. */
  update(builder: ProgramBuilder, weight: TensorSpec, slots: readonly TensorSpec[]): void;
  /** The averaged weight, from the values of the slot `average` after so many steps, >= 1. */
  value(average: Float32Array, steps: number): Float32Array;
}

export interface EmaOptions {
  /**
   * Whether a moving average of the weights is kept, which `fit` validates and ends with. Default false.
   */
  readonly useEma?: boolean;
  /** How much of the average stays at each step, from 0 to below 1. Default 0.99. */
  readonly emaMomentum?: number;
}

const AVERAGE = 'average';
const emaOptions = {
  useEma: byDefault(boolean, false),
  emaMomentum: byDefault(number({ from: 0, below: 1 }), 0.99),
};

/** The slots' names with that of the average, and the average itself, if it is wanted. */
function withAverage(
  own: readonly string[],
  { useEma, emaMomentum }: OptionValues<typeof emaOptions>,
): Pick<Optimizer, 'slots' | 'average'> {
  if (!useEma) return { slots: own };
  // As the kernels take it: then 1 - momentum is exact there, too, and `value` makes up for just what is lacking.
  const momentum = Math.fround(emaMomentum);
  return {
    slots: [...own, AVERAGE],
    average: {
      update(builder, weight, slots) {
        builder.emit('updateMovingAverage', [slots.at(-1)!, weight], { momentum });
      },
      value(average, steps) {
        const present = 1 - pow(momentum, steps);
        return average.map((value) => value / present);
      },
    },
  };
}

function checkRate(rate: number, step: number): number {
  if (Number.isFinite(rate) && rate >= 0) return rate;
  throw new CifraError(
    'learning-rate',
    `The learning rate of step ${step} must be a number >= 0, but is ${rate}.`,
    'Check the schedule, or the function that gives the learning rate.',
  );
}

export interface SgdOptions extends EmaOptions {
  /** Default 0.01. */
  readonly learningRate?: LearningRateLike;
  /** How much of the last step is added to the next, from 0 to below 1. Default 0. */
  readonly momentum?: number;
  /** Whether the momentum is looked at ahead of the step (Nesterov). Default false. */
  readonly nesterov?: boolean;
}

/**
 * Stochastic gradient descent: w = w - learningRate g, with momentum as
 * https://keras.io/api/optimizers/sgd/ has it.
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  const values = readOptions('Optimizer sgd', options, {
    learningRate: byDefault(learningRateKind, constantRate(0.01)),
    momentum: byDefault(number({ from: 0, below: 1 }), 0),
    nesterov: byDefault(boolean, false),
    ...emaOptions,
  });
  const { learningRate, momentum, nesterov } = values;
  return {
    config: configOf('sgd', values),
    learningRate,
    ...withAverage(momentum === 0 ? [] : ['velocity'], values),
    scalarCount: 1,
    scalars: (step, rate = learningRate.at(step)) => [checkRate(rate, step)],
    update(builder, weight, gradient, slots, scalars) {
      const velocity = momentum === 0 ? [] : [slots[0]!];
      builder.emit('sgd', [weight, gradient, ...velocity, scalars], { momentum, nesterov });
    },
  };
}

export interface AdamOptions extends EmaOptions {
  /** Default 0.001. */
  readonly learningRate?: LearningRateLike;
  /** How much of the mean gradient stays at each step, from 0 to below 1. Default 0.9. */
  readonly beta1?: number;
  /** How much of the mean squared gradient stays at each step, from 0 to below 1. Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the mean squared gradient, outside the bias correction. Default 1e-7. */
  readonly epsilon?: number;
}

export interface AdamWOptions extends AdamOptions {
  /** The share of every weight, times the learning rate, that each step takes away. Default 0.004. */
  readonly weightDecay?: number;
}

const beta = number({ from: 0, below: 1 });
const adamOptions = {
  learningRate: byDefault(learningRateKind, constantRate(1e-3)),
  beta1: byDefault(beta, 0.9),
  beta2: byDefault(beta, 0.999),
  epsilon: byDefault(number({ above: 0 }), 1e-7),
  ...emaOptions,
};

/** Adam (Kingma and Ba 2015) as https://keras.io/api/optimizers/adam/ has it. */
export function adam(options: AdamOptions = {}): Optimizer {
  const values = readOptions('Optimizer adam', options, adamOptions);
  return { config: configOf('adam', values), ...adamUpdate(values, 0) };
}

/** Adam with decoupled weight decay (Loshchilov and Hutter 2019) as https://keras.io/api/optimizers/adamw/ has it. */
export function adamW(options: AdamWOptions = {}): Optimizer {
  const values = readOptions('Optimizer adamW', options, {
    ...adamOptions,
    weightDecay: byDefault(number({ from: 0 }), 0.004),
  });
  return { config: configOf('adamW', values), ...adamUpdate(values, values.weightDecay) };
}

function adamUpdate(values: OptionValues<typeof adamOptions>, weightDecay: number): Omit<Optimizer, 'config'> {
  const { learningRate, beta1, beta2, epsilon } = values;
  return {
    learningRate,
    ...withAverage(['m', 'v'], values),
    scalarCount: 2,
    scalars(step, rate = learningRate.at(step)) {
      checkRate(rate, step);
      const correction = Math.sqrt(1 - pow(beta2, step + 1)) / (1 - pow(beta1, step + 1));
      return [rate * correction, rate * weightDecay];
    },
    update(builder, weight, gradient, [m, v], scalars) {
      builder.emit('adam', [weight, gradient, m!, v!, scalars], { beta1, beta2, epsilon });
    },
  };
}

const optimizers = { sgd, adam, adamW };

export type OptimizerLike = Like<Optimizer, keyof typeof optimizers>;
const optimizerKind = family<Optimizer>(optimizers, 'update');

/** The optimizer that `given` stands for. @throws CifraError `option-value`, or on its options */
export function optimizerFrom(given: unknown, place = 'compile'): Optimizer {
  return readOption(place, 'optimizer', required(optimizerKind), given);
}
