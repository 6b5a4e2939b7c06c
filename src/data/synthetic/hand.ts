import { Random, streams } from '../../numeric/philox.js';

/** The choices of one writer writing one digit: random numbers named as a skeleton uses them. */
export class Hand {
  readonly #random: Random;

  /** Equal (seed, index) give equal choices, in the order they are asked for. */
  constructor(seed: number, index: number) {
    this.#random = new Random(seed, streams.synthetic, index);
  }

  /** A number in [low, high), all equally likely. */
  between(low: number, high: number): number {
    return this.#random.uniform(low, high);
  }

  /**
   * A bell-shaped number: the sum of three uniform ones, close to a normal distribution but never further than three
   * standard deviations from the mean, so that no digit is spoiled by a rare extreme.
   */
  bell(mean: number, deviation: number): number {
    const sum = this.#random.uniform() + this.#random.uniform() + this.#random.uniform();
    return mean + deviation * 2 * (sum - 1.5);
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.#random.uniform() < probability;
  }

  /** 32 random bits, as a whole number from 0. */
  word(): number {
    return this.#random.uint32();
  }
}
