/**
 * Philox4x32-10, the counter-based generator of Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3" (SC 2011).
 * Four 32-bit outputs are a pure function of a 128-bit counter and a 64-bit key, so that any random number of a run can
 * be made again, in any order and by any thread, from where it is used: (seed, stream, step, element).
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

function highProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >>> 16);
  const middleLow = (middle & 0xffff) + aLow * bHigh;
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(middleLow / 0x10000)) >>> 0;
}

/** Writes the four 32-bit words of counter (c0, c1, c2, c3) under key (k0, k1) to `out[0..3]`. */
export function philox4x32(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Uint32Array,
): void {
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0) >>> 0;
    const high1 = highProduct(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** What a stream of random numbers is for. Streams of one seed never overlap. */
export const streams = {
  initializer: 1,
  shuffle: 2,
  dropout: 3,
  augmentation: 4,
  split: 5,
  synthetic: 6,
  elastic: 7,
  erasing: 8,
  strokes: 9,
  blur: 10,
  contrast: 11,
  noise: 12,
  grain: 13,
  smoothGrad: 14,
} as const;

/**
 * A stream of random numbers: `seed` (a whole number, 0 to 2^53 - 1) and three words that say what it is for,
 * such as (stream, epoch, image). Equal arguments give equal numbers on every machine.
 */
export class Random {
  readonly #key0: number;
  readonly #key1: number;
  readonly #words = new Uint32Array(4);
  #block = 0;
  #next = 4;

  constructor(
    seed: number,
    readonly stream: number,
    readonly a = 0,
    readonly b = 0,
  ) {
    this.#key0 = seed >>> 0;
    this.#key1 = Math.floor(seed / 0x1_0000_0000) >>> 0;
  }

  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number {
    if (this.#next === 4) {
      philox4x32(this.#block++, this.b, this.a, this.stream, this.#key0, this.#key1, this.#words);
      this.#next = 0;
    }
    return this.#words[this.#next++]!;
  }

  /** A number in [low, high), with 32 random bits. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.uint32() / 0x1_0000_0000);
  }

  /** A whole number in [0, bound), without bias (rejection). `bound` from 1 to 2^32. */
  below(bound: number): number {
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound);
    let word = this.uint32();
    while (word >= limit) word = this.uint32();
    return word % bound;
  }

  /** The whole numbers 0 to count - 1 in random order (Fisher-Yates). */
  permutation(count: number): Uint32Array {
    const order = new Uint32Array(count);
    for (let i = 0; i < count; i++) order[i] = i;
    for (let i = count - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const held = order[i]!;
      order[i] = order[j]!;
      order[j] = held;
    }
    return order;
  }
}
