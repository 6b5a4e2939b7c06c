import type { EpochLog } from './logs.js';

/** A model in the middle of its training: all that the next step depends on. */
export interface ModelState {
  /** Optimizer steps made. */
  readonly steps: number;
  /** Epochs that ended: each has shuffles and augmentation of its own. */
  readonly epochs: number;
  /** Weights, moving statistics and the optimizer's slots, by name. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

/** How far an epoch is: what its figures are sums of. */
export interface EpochProgress {
  /** From 1, as callbacks are told. */
  readonly epoch: number;
  /** Steps made in it. */
  readonly step: number;
  readonly images: number;
  /** Of the loss, over these images. */
  readonly lossSum: number;
  /** Of these images, read right. */
  readonly correct: number;
  /** That training them took. */
  readonly seconds: number;
}

/**
 * Where a training stands, so exactly that one that goes on from here ends with the same bits as one that was never
 * interrupted: order of the images, dropout and augmentation depend on the seed and these numbers alone. What callbacks
 * keep for themselves is not in it.
 */
export interface TrainingCheckpoint {
  /** The phase of a recipe, from 1; `fit` by itself is one phase. */
  readonly phase: number;
  readonly progress: EpochProgress;
  /** What a callback has set in place of the optimizer's own. */
  readonly learningRate?: number;
  /** The epochs that ended. */
  readonly history: readonly EpochLog[];
  readonly model: ModelState;
}

/** The beginning of an epoch. */
export function epochBegin(epoch: number): EpochProgress {
  return { epoch, step: 0, images: 0, lossSum: 0, correct: 0, seconds: 0 };
}
