import type { OpDefinition } from '../types.js';
import { expectShape } from './shapeRules.js';

/**
 * Numbers from [-amplitude, amplitude), [N, ...shape]: y[n, i] = amplitude * (2 u - 1), where u is the upper 24 bits of
 * word i mod 4 of Philox4x32-10 at counter (i / 4, b, a, stream), key (seed), over 2^24. Input: keys u32 [N, 4], each
 * (seed low, seed high, a, b). So row n's words are those of `new Random(seed, stream, a, b)` in order.
 */
export const randomUniform: OpDefinition<'randomUniform'> = {
  shapes([keys], { shape }) {
    expectShape(keys!, [keys!.shape[0]!, 4], 'The keys (seed low, seed high, a, b)');
    return [{ shape: [keys!.shape[0]!, ...shape], batched: keys!.batched }];
  },
};
