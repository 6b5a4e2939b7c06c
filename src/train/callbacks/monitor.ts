import { CifraError } from '../../numeric/errors.js';
import { byDefault, number, oneOf, optional, type OptionValues } from '../../numeric/options.js';
import type { EpochLog } from '../logs.js';

/** The figures of an epoch that a callback may watch. */
export type Monitored = 'loss' | 'accuracy' | 'valLoss' | 'valAccuracy';

export interface MonitorOptions {
  /** Which figure to watch. Default valLoss. */
  readonly monitor?: Monitored;
  /** Whether smaller or larger is better. Default: larger for accuracies, smaller for losses. */
  readonly mode?: 'min' | 'max';
  /** By how much a figure must be better to count, >= 0. Default 0. */
  readonly minDelta?: number;
}

export const monitorOptions = {
  monitor: byDefault(oneOf('loss', 'accuracy', 'valLoss', 'valAccuracy'), 'valLoss'),
  mode: optional(oneOf('min', 'max')),
  minDelta: byDefault(number({ from: 0 }), 0),
};

/** Follows the best value of one figure. */
export class Monitor {
  readonly #name: Monitored;
  readonly #sign: number;
  readonly #minDelta: number;
  #best = Infinity;

  constructor(
    private readonly who: string,
    { monitor, mode, minDelta }: OptionValues<typeof monitorOptions>,
  ) {
    this.#name = monitor;
    this.#sign = (mode ?? (monitor.toLowerCase().endsWith('accuracy') ? 'max' : 'min')) === 'min' ? 1 : -1;
    this.#minDelta = minDelta;
  }

  /** Whether this epoch is the best so far. @throws CifraError `monitor` if the epoch lacks the figure */
  improves(log: EpochLog): boolean {
    const value = log[this.#name];
    if (value === undefined) {
      throw new CifraError(
        'monitor',
        `${this.who} watches "${this.#name}", which this training does not give.`,
        this.#name.startsWith('val')
          ? 'Give fit validationData or validationSplit.'
          : "Give compile metrics: ['accuracy'].",
      );
    }
    if (!(this.#sign * value < this.#best - this.#minDelta)) return false;
    this.#best = this.#sign * value;
    return true;
  }
}
