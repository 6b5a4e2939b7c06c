import { type Counts, Timing } from '../../../src/recording/timing.js';
import type { EpochProgress } from '../../../src/train/checkpoint.js';
import type { BatchLog, EpochLog } from '../../../src/train/logs.js';
import type { Recipe } from '../../../src/train/recipe.js';
import type { Pace } from './trainerApi.js';

/** Between two reports to the page, in milliseconds. */
const INTERVAL = 100;

/** What changes with every step and is not told by a log. */
export interface StepFacts {
  readonly steps: number;
  readonly learningRate: number;
  readonly savedSteps: number;
}

/** Collects what each step says, for a page that is told ten times a second. */
export class PaceReport {
  readonly #timing: Timing;
  #losses: number[] = [];
  #images: number;
  #lossSum: number;
  #last: { readonly log: Omit<BatchLog, 'steps'>; readonly batchLoss: number } | undefined;
  #toldAt = -Infinity;

  /** @param progress of the epoch that is gone on with */
  constructor(
    recipe: Recipe,
    counts: Counts,
    private readonly totalSteps: number,
    progress: EpochProgress | undefined,
  ) {
    this.#timing = new Timing(recipe, counts);
    this.#images = progress?.images ?? 0;
    this.#lossSum = progress?.lossSum ?? 0;
    if (progress && progress.images > 0) {
      const { epoch, step, images, lossSum, correct, seconds } = progress;
      const loss = lossSum / images;
      const log = { epoch, step, images, loss, accuracy: correct / images, imagesPerSecond: images / seconds };
      this.#last = { log, batchLoss: loss };
    }
  }

  beginEpoch(): void {
    this.#timing.beginEpoch();
  }

  take(log: BatchLog, steps: number): void {
    const lossSum = log.loss * log.images;
    const batchLoss = (lossSum - this.#lossSum) / (log.images - this.#images);
    this.#lossSum = lossSum;
    this.#images = log.images;
    this.#losses.push(steps, batchLoss);
    this.#last = { log, batchLoss };
  }

  endEpoch(log: EpochLog): void {
    this.#timing.endEpoch(log);
    this.#images = this.#lossSum = 0;
  }

  /** Whether the page should hear again. */
  get isTime(): boolean {
    return performance.now() - this.#toldAt >= INTERVAL;
  }

  /** What the page should hear; undefined before the first step. */
  report({ steps, learningRate, savedSteps }: StepFacts): { pace: Pace; losses: Float32Array } | undefined {
    if (!this.#last) return undefined;
    this.#toldAt = performance.now();
    const { log, batchLoss } = this.#last;
    const { epoch, step, loss, accuracy, imagesPerSecond } = log;
    const losses = Float32Array.from(this.#losses);
    this.#losses = [];
    const pace: Pace = {
      ...{ epoch, step, steps, totalSteps: this.totalSteps, loss, accuracy, batchLoss, learningRate },
      ...{ imagesPerSecond, secondsLeft: this.#timing.secondsLeft(log), savedSteps },
    };
    return { pace, losses };
  }
}
