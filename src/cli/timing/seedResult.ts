/** Where a seed's training stood after an epoch. */
export interface TimedEpoch {
  /** From 1. */
  readonly epoch: number;
  /** On the clock, evaluations not counted. */
  readonly seconds: number;
  /** From 0 to 1. */
  readonly accuracy: number;
  readonly loss: number;
}

/** What came of training with one seed. */
export interface SeedResult {
  readonly seed: number;
  /** On the clock, of the whole training. */
  readonly seconds: number;
  /** Of the model that the training ended with, from 0 to 1. */
  readonly accuracy: number;
  readonly loss: number;
  /** The first epoch after which the accuracy was the target or above; null: none. */
  readonly epochOfTarget: number | null;
  /** On the clock, at the end of that epoch. */
  readonly secondsToTarget: number | null;
  readonly epochs: readonly TimedEpoch[];
  /** How often the images were read for an accuracy, and the seconds it took, which are not on the clock. */
  readonly evaluations: number;
  readonly evaluationSeconds: number;
  readonly trainCount: number;
  readonly evaluatedCount: number;
  readonly weightsSha256: string;
  /** Of the recipe as it was trained. */
  readonly recipeSha256: string;
}

/** What the clock measures; every output says it. `evaluated`: "the held-out images". */
export function clockInWords(evaluated: string): string {
  return [
    'The clock starts when the training begins to compile its program, with the network built and the images in memory.',
    'It ends when the last step is done, and with it weight averaging and recomputed batch-norm statistics where the recipe has them.',
    'Compiling, starting the threads and augmentation are included.',
    `Starting the process, loading the images and evaluating on ${evaluated} are not.`,
  ].join(' ');
}
