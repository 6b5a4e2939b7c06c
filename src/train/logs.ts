/** What is known after an epoch. Loss and metrics of training are running means, with dropout on. */
export interface EpochLog {
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy?: number;
  readonly valLoss?: number;
  readonly valAccuracy?: number;
  readonly learningRate: number;
  /** Of training, without validation. */
  readonly imagesPerSecond: number;
  /** The whole epoch, validation included. */
  readonly seconds: number;
}

/** What is known after a step: running means of the epoch so far. */
export interface BatchLog {
  readonly epoch: number;
  /** From 1. */
  readonly step: number;
  readonly steps: number;
  readonly images: number;
  readonly loss: number;
  readonly accuracy?: number;
  readonly imagesPerSecond: number;
}
