import { formatShape } from '../../../numeric/tensor.js';
import { type OpDefinition, type OutputShape, type TensorSpec } from '../types.js';
import { expect, expectRank, expectShape, expectUnfused, lastAxis, like, unbatched } from './shapeRules.js';

/**
 * y = activation(A B + bias), where A is a or its transpose and B is b or its transpose.
 * Inputs: a [M, K], b [K, N], bias [N] (optional). If the rows of A are the batch, so are those of y; if the axis that
 * is summed over is the batch, only the rows in use are summed.
 */
export const matmul: OpDefinition<'matmul'> = {
  shapes([a, b, bias], { transposeA, transposeB }): OutputShape[] {
    expectRank(a!, 2, 'The left factor');
    expectRank(b!, 2, 'The right factor');
    const [m, kA] = oriented(a!, transposeA);
    const [kB, n] = oriented(b!, transposeB);
    expect(
      kA === kB,
      () =>
        `The factors ${formatShape([m, kA])} and ${formatShape([kB, n])} do not fit: ${kA} columns against ${kB} rows`,
    );
    expect(
      !(b!.batched && transposeB),
      () =>
        `The right factor ${formatShape(b!.shape)} must not be transposed: its rows are the batch, and columns cannot be`,
    );
    if (bias) expectShape(bias, [n], 'The bias');
    return [{ shape: [m, n], batched: a!.batched && !transposeA }];
  },
  gradient({ op, outputGradients: [dy], needs, emit }) {
    expectUnfused(op);
    const [a, b] = op.inputs as [TensorSpec, TensorSpec];
    const { transposeA, transposeB } = op.attributes;
    const da = !needs[0]
      ? undefined
      : transposeA
        ? emit('matmul', [b, dy!], { transposeA: transposeB, transposeB: true })[0]
        : emit('matmul', [dy!, b], { transposeA: false, transposeB: !transposeB })[0];
    const db = !needs[1]
      ? undefined
      : transposeB
        ? emit('matmul', [dy!, a], { transposeA: true, transposeB: transposeA })[0]
        : emit('matmul', [a, dy!], { transposeA: !transposeA, transposeB: false })[0];
    return [da, db];
  },
  multiplyAdds({ inputs, outputs, attributes }) {
    const [m, n] = outputs[0]!.shape as [number, number];
    return m * n * oriented(inputs[0]!, attributes.transposeA)[1];
  },
};

function oriented(tensor: TensorSpec, transpose: boolean): [number, number] {
  const [rows, columns] = tensor.shape as [number, number];
  return transpose ? [columns, rows] : [rows, columns];
}

/** y[..., c] = x[..., c] + bias[c]. Inputs: x [..., C], bias [C]. */
export const addBias: OpDefinition<'addBias'> = {
  shapes([x, bias]) {
    expectShape(bias!, [lastAxis(x!)], 'The bias');
    return [like(x!)];
  },
  gradient: ({ outputGradients: [dy], needs, emit }) => [dy, needs[1] ? emit('sumRows', [dy!], {})[0] : undefined],
  inPlace: 0,
};

/** y[c] = the sum of x[..., c] over every axis but the last. */
export const sumRows: OpDefinition<'sumRows'> = {
  shapes: ([x]) => [unbatched(lastAxis(x!))],
};
