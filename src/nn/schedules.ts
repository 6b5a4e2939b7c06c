import { cos, pow } from '../numeric/exactMath.js';
import { CifraError } from '../numeric/errors.js';
import { type Config, type Configured, configOf, family, type Like } from './config.js';
import {
  boolean,
  byDefault,
  type Kind,
  listOf,
  number,
  optional,
  readOptions,
  required,
  wholeNumber,
} from '../numeric/options.js';

/** The learning rate over the steps of a training. https://keras.io/api/optimizers/learning_rate_schedules/ */
export interface Schedule extends Configured<Config | number> {
  /** The learning rate of a step; the first is step 0. */
  at(step: number): number;
}

const rate = number({ from: 0 });

/** The same learning rate always: what a plain number stands for. */
export function constantRate(learningRate: number): Schedule {
  return { config: learningRate, at: () => learningRate };
}

export interface ExponentialDecayOptions {
  readonly initialLearningRate: number;
  /** The number of steps in which the rate is multiplied by `decayRate` once. */
  readonly decaySteps: number;
  readonly decayRate: number;
  /** Whether the rate changes only after each `decaySteps`, rather than a little at every step. Default false. */
  readonly staircase?: boolean;
}

/** initialLearningRate * decayRate ^ (step / decaySteps), the exponent rounded down if `staircase`. */
export function exponentialDecay(options: ExponentialDecayOptions): Schedule {
  const values = readOptions('Schedule exponentialDecay', options, {
    initialLearningRate: required(rate),
    decaySteps: required(wholeNumber(1)),
    decayRate: required(number({ above: 0 })),
    staircase: byDefault(boolean, false),
  });
  return {
    config: configOf('exponentialDecay', values),
    at(step) {
      const times = step / values.decaySteps;
      return values.initialLearningRate * pow(values.decayRate, values.staircase ? Math.floor(times) : times);
    },
  };
}

export interface PiecewiseConstantDecayOptions {
  /** Steps, growing. */
  readonly boundaries: readonly number[];
  /** One more than there are boundaries. */
  readonly values: readonly number[];
}

/** values[0] up to and including step boundaries[0], then values[1] up to boundaries[1], and so on. */
export function piecewiseConstantDecay(options: PiecewiseConstantDecayOptions): Schedule {
  const place = 'Schedule piecewiseConstantDecay';
  const values = readOptions(place, options, {
    boundaries: required(listOf(wholeNumber(0), 'whole numbers >= 0')),
    values: required(listOf(rate, 'numbers >= 0')),
  });
  const { boundaries, values: rates } = values;
  if (rates.length !== boundaries.length + 1 || boundaries.some((step, i) => i > 0 && step <= boundaries[i - 1]!)) {
    throw new CifraError(
      'option-value',
      `${place}: was given the boundaries [${boundaries.join(', ')}] and ${rates.length} values.`,
      'Give boundaries that grow, and one value more than there are boundaries.',
    );
  }
  return {
    config: configOf('piecewiseConstantDecay', values),
    at: (step) => rates[boundaries.filter((boundary) => step > boundary).length]!,
  };
}

export interface CosineDecayOptions {
  /** The rate at the first step: of the decay, or of the warm-up if there is one. */
  readonly initialLearningRate: number;
  /** The number of steps the decay takes, warm-up not included. */
  readonly decaySteps: number;
  /** The share of the rate that is left at the end, from 0 to 1. Default 0. */
  readonly alpha?: number;
  /** The rate at the end of the warm-up, from which it then decays. Default: no warm-up. */
  readonly warmupTarget?: number;
  /** The number of steps in which the rate goes in a line from the initial one to `warmupTarget`. Default 0. */
  readonly warmupSteps?: number;
}

/** Half a cosine from the rate down to alpha times the rate (Loshchilov and Hutter 2017), after a linear warm-up. */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  const values = readOptions('Schedule cosineDecay', options, {
    initialLearningRate: required(rate),
    decaySteps: required(wholeNumber(1)),
    alpha: byDefault(number({ from: 0, to: 1 }), 0),
    warmupTarget: optional(rate),
    warmupSteps: byDefault(wholeNumber(0), 0),
  });
  const { initialLearningRate: initial, decaySteps, alpha, warmupTarget } = values;
  const warmupSteps = warmupTarget === undefined ? 0 : values.warmupSteps;
  const start = warmupTarget ?? initial;
  return {
    config: configOf('cosineDecay', values),
    at(step) {
      if (step < warmupSteps) return initial + (start - initial) * (step / warmupSteps);
      const done = Math.min(step - warmupSteps, decaySteps) / decaySteps;
      return start * ((1 - alpha) * 0.5 * (1 + cos(Math.PI * done)) + alpha);
    },
  };
}

/** A learning rate given as a function has no configuration that could bring it back. */
function custom(): never {
  throw new CifraError(
    'learning-rate',
    'The learning rate was a function, which a file cannot keep.',
    'Give the optimizer its learning rate again.',
  );
}

const schedules = { exponentialDecay, piecewiseConstantDecay, cosineDecay, custom };
const scheduleKind = family<Schedule>(schedules, 'at');

/** A number, a schedule, or a function from a step (the first is 0) to its rate. */
export type LearningRateLike =
  number | Like<Schedule, Exclude<keyof typeof schedules, 'custom'>> | ((step: number) => number);

export const learningRateKind: Kind<Schedule> = {
  allowed: 'a number >= 0, a schedule such as cosineDecay({ ... }), or a function (step) => rate',
  read(value) {
    if (typeof value === 'number') return rate.read(value) === undefined ? undefined : constantRate(value);
    if (typeof value !== 'function') return typeof value === 'string' ? undefined : scheduleKind.read(value);
    return { config: { type: 'custom' }, at: (step) => Number(Reflect.apply(value, undefined, [step])) };
  },
};
