import { Random, streams } from '../numeric/philox.js';

/**
 * The order in which an epoch visits `count` images: each of 0 to `count` - 1 once. Equal arguments give the same order
 * on every machine, and every epoch has its own.
 */
export function shuffleOrder(count: number, seed: number, epoch: number): Uint32Array {
  return new Random(seed, streams.shuffle, epoch).permutation(count);
}
