import type { OpDefinition } from '../types.js';
import { expectShape, like } from './shapeRules.js';

/**
 * Inverted dropout: y[i] = x[i] / (1 - rate) where u[i] >= rate, else 0 (not x[i] * 0: NaN that is dropped is gone).
 * u[i] = word i mod 4 of Philox4x32-10 at counter (i / 4, step, layer stream, dropout), key (seed), over 2^32.
 * Inputs: x, random u32 [3] = (seed low, seed high, step). The gradient is the same op on dy: the mask is made again.
 */
export const dropout: OpDefinition<'dropout'> = {
  shapes([x, random]) {
    expectShape(random!, [3], 'random (seed low, seed high, step)');
    return [like(x!)];
  },
  gradient: ({ op, outputGradients: [dy], emit }) => emit('dropout', [dy!, op.inputs[1]!], op.attributes),
  inPlace: 0,
};
