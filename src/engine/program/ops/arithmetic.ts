import { formatShape, sizeOf } from '../../../numeric/tensor.js';
import type { OpDefinition } from '../types.js';
import { expect, expectShape, like, unbatched } from './shapeRules.js';

/** The same values under another shape; no work. If x is batched, the first size must stay. */
export const reshape: OpDefinition<'reshape'> = {
  shapes([x], { shape }) {
    expect(
      sizeOf(shape) === sizeOf(x!.shape) && (!x!.batched || shape[0] === x!.shape[0]),
      () => `Shape ${formatShape(x!.shape)} cannot become ${formatShape(shape)}`,
    );
    return [{ shape, batched: x!.batched }];
  },
  gradient: ({ op, outputGradients: [dy], emit }) => emit('reshape', [dy!], { shape: op.inputs[0]!.shape }),
};

/** y = a + b, of equal shape. */
export const add: OpDefinition<'add'> = {
  shapes([a, b]) {
    expectShape(b!, a!.shape, 'The second term');
    return [like(a!)];
  },
  gradient: ({ outputGradients: [dy] }) => [dy, dy],
  inPlace: 0,
};

/** y[0] = factor * sum of x^2. Input: x, not batched (an L2 penalty). */
export const sumSquares: OpDefinition<'sumSquares'> = {
  shapes([x]) {
    expect(!x!.batched, () => 'sumSquares takes a tensor without a batch axis');
    return [unbatched(1)];
  },
  gradient: ({ op, outputGradients: [dy], emit }) =>
    emit('scaleByScalar', [op.inputs[0]!, dy!], { factor: 2 * op.attributes.factor }),
};

/** y = factor * s[0] * x. Inputs: x, s [1]. */
export const scaleByScalar: OpDefinition<'scaleByScalar'> = {
  shapes([x, s]) {
    expectShape(s!, [1], 'The scalar');
    return [like(x!)];
  },
};
