import type { BatchLog, EpochLog } from '../train/logs.js';
import { imagesPerEpoch, type Recipe } from '../train/recipe.js';

/** Images that are trained and validated on. */
export interface Counts {
  readonly trainCount: number;
  readonly validationCount: number;
}

/** How many of a dataset's images a recipe trains and validates on. */
export function countsOf({ validation }: Recipe, train: number, test: number): Counts {
  if (validation === 'test') return { trainCount: train, validationCount: test };
  const heldOut = Math.round(train * validation.split);
  return { trainCount: train - heldOut, validationCount: heldOut };
}

/** Guesses how long the training still takes. */
export class Timing {
  readonly #imagesOfEpoch: readonly number[];
  readonly #validationCount: number;
  /** Of the last epoch, in seconds: what is not training. */
  #validation: number | undefined;
  #begun = 0;

  constructor(recipe: Recipe, { trainCount, validationCount }: Counts) {
    this.#imagesOfEpoch = recipe.phases.flatMap((phase) =>
      new Array<number>(phase.epochs).fill(imagesPerEpoch(phase, trainCount)),
    );
    this.#validationCount = validationCount;
  }

  beginEpoch(): void {
    this.#begun = performance.now();
  }

  endEpoch(log: EpochLog): void {
    const images = this.#imagesOfEpoch[log.epoch - 1]!;
    this.#validation = Math.max(0, log.seconds - images / log.imagesPerSecond);
  }

  /** Undefined while too little has been seen. */
  secondsLeft({
    epoch,
    images,
    imagesPerSecond,
  }: Pick<BatchLog, 'epoch' | 'images' | 'imagesPerSecond'>): number | undefined {
    if (performance.now() - this.#begun < 1000 && this.#validation === undefined) return undefined;
    const training = this.#imagesOfEpoch.slice(epoch - 1).reduce((sum, count) => sum + count, -images);
    const epochs = this.#imagesOfEpoch.length - epoch + 1;
    // Before it has been seen: running the network is about a third of training it.
    const validation = this.#validation ?? this.#validationCount / (3 * imagesPerSecond);
    return training / imagesPerSecond + epochs * validation;
  }
}
