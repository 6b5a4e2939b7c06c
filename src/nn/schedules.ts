import { cos, pow } from '../numeric/exactMath.js';
import { CifraError } from '../numeric/errors.js';
import { type Config, type Configured, configOf, family, type Like } from './config.js';
import {
  boolean,
  byDefault,
  type Kind,
  listOf,
  number,
  oneOf,
  optional,
  readOptions,
  required,
  wholeNumber,
} from '../numeric/options.js';

/** The learning rate over the steps of a training. https://keras.io/api/optimizers/learning_rate_schedules/ */
export interface Schedule extends Configured<Config | number> {
  /**
   * The learning rate of a step; the first is step 0.
   * @throws CifraError `learning-rate` if the schedule must first be told how many steps there are: see `over`
   */
  at(step: number): number;
  /**
   * Only of a schedule that was given no length: the same one over a training of `totalSteps` steps. `fit` and
   * `runRecipe` call it.
   */
  over?(totalSteps: number): Schedule;
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
  /** The number of steps the decay takes, warm-up not included. Default: all that `fit` or `runRecipe` trains. */
  readonly decaySteps?: number;
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
    decaySteps: optional(wholeNumber(1)),
    alpha: byDefault(number({ from: 0, to: 1 }), 0),
    warmupTarget: optional(rate),
    warmupSteps: byDefault(wholeNumber(0), 0),
  });
  const { initialLearningRate: initial, decaySteps, alpha, warmupTarget } = values;
  const config = configOf('cosineDecay', values);
  const warmupSteps = warmupTarget === undefined ? 0 : values.warmupSteps;
  if (decaySteps === undefined) {
    return spanning('cosineDecay', 'decaySteps', config, (totalSteps) =>
      cosineDecay({ ...options, decaySteps: Math.max(1, totalSteps - warmupSteps) }),
    );
  }
  const start = warmupTarget ?? initial;
  return {
    config,
    at(step) {
      if (step < warmupSteps) return initial + (start - initial) * (step / warmupSteps);
      const done = Math.min(step - warmupSteps, decaySteps) / decaySteps;
      return start * ((1 - alpha) * 0.5 * (1 + cos(Math.PI * done)) + alpha);
    },
  };
}

export interface OneCycleOptions {
  /** The rate at the top of the cycle. */
  readonly maxLearningRate: number;
  /** The number of steps of the cycle. Default: all that `fit` or `runRecipe` trains. */
  readonly totalSteps?: number;
  /** The share of the steps in which the rate rises, from 0 to 1. Default 0.3. */
  readonly pctStart?: number;
  /** The rate begins at maxLearningRate / divFactor; >= 1. Default 25. */
  readonly divFactor?: number;
  /** The rate ends at its beginning / finalDivFactor; > 0. Default 10,000. */
  readonly finalDivFactor?: number;
  /** How the rate goes from one of the three to the next: along half a cosine, or in a line. Default cosine. */
  readonly annealing?: 'cosine' | 'linear';
}

/**
 * One cycle of the learning rate (Smith and Topin 2018), as PyTorch's OneCycleLR: from maxLearningRate / divFactor at
 * step 0 up to maxLearningRate at step pctStart * totalSteps - 1, and from there down to maxLearningRate / (divFactor *
 * finalDivFactor) at the last step, totalSteps - 1; it stays there. Where there are too few steps to rise in, it begins
 * at the top. PyTorch's cycle of the momentum is not part of it.
 * https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const values = readOptions('Schedule oneCycle', options, {
    maxLearningRate: required(rate),
    totalSteps: optional(wholeNumber(1)),
    pctStart: byDefault(number({ from: 0, to: 1 }), 0.3),
    divFactor: byDefault(number({ from: 1 }), 25),
    finalDivFactor: byDefault(number({ above: 0 }), 1e4),
    annealing: byDefault(oneOf('cosine', 'linear'), 'cosine'),
  });
  const { maxLearningRate: top, totalSteps, pctStart, annealing } = values;
  const config = configOf('oneCycle', values);
  if (totalSteps === undefined) {
    return spanning('oneCycle', 'totalSteps', config, (steps) => oneCycle({ ...options, totalSteps: steps }));
  }
  const first = top / values.divFactor;
  const last = first / values.finalDivFactor;
  const topStep = Math.max(0, pctStart * totalSteps - 1);
  const fallSteps = totalSteps - 1 - topStep;
  const between = (from: number, to: number, done: number): number =>
    annealing === 'linear' ? from + (to - from) * done : to + ((from - to) / 2) * (1 + cos(Math.PI * done));
  return {
    config,
    at(step) {
      if (step < topStep) return between(first, top, step / topStep);
      if (step === topStep) return top;
      return between(top, last, Math.min((step - topStep) / fallSteps, 1));
    },
  };
}

/** A schedule that was given no length: it has one only within a training. */
function spanning(type: string, option: string, config: Config, over: (totalSteps: number) => Schedule): Schedule {
  return {
    config,
    over,
    at() {
      throw new CifraError(
        'learning-rate',
        `Schedule ${type}: it was given no ${option}, and nobody has said how many steps the training has.`,
        `Give ${option}; or train with fit or runRecipe, which say it.`,
      );
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

const schedules = { exponentialDecay, piecewiseConstantDecay, cosineDecay, oneCycle, custom };
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
