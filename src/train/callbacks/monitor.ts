import { CifraError } from '../../numeric/errors.js';
import type { EpochLog } from './callback.js';

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

/** Follows the best value of one figure. */
export class Monitor {
  readonly #name: Monitored;
  readonly #sign: number;
  readonly #minDelta: number;
  #best = Infinity;

  constructor(
    private readonly who: string,
    { monitor = 'valLoss', mode, minDelta = 0 }: MonitorOptions,
  ) {
    this.#name = monitor;
    this.#sign = (mode ?? (monitor.toLowerCase().endsWith('accuracy') ? 'max' : 'min')) === 'min' ? 1 : -1;
    this.#minDelta = Math.abs(minDelta);
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
