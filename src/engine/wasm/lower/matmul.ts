import { chunks, fixed, type Lowering, NONE, perRows, type Units } from './call.js';
import { applyActivation } from './elementwise.js';

const ROWS_PER_UNIT = 32;
const PANELS_PER_UNIT = 4;

export const matmul: Lowering<'matmul'> = ({ inputs: [a, b, bias], outputs: [y], attributes }, context) => {
  const { transposeA, transposeB, activation } = attributes;
  const [m, n] = y!.shape as [number, number];
  const k = a!.shape[transposeA ? 0 : 1]!;
  // 0: as many as there are rows in use.
  const M = a!.batched && !transposeA ? 0 : m;
  const K = a!.batched && transposeA ? 0 : k;
  const panels = Math.ceil(n / 8);
  const kept = context.isFixed(b!);
  const packed = context.scratch(panels * 8 * k, kept ? 'kept' : 'all');
  const [kStride, nStride] = transposeB ? [1, k] : [n, 1];
  context.call('matmulPack', fixed(panels), [b!, packed, K, n, kStride, nStride, k], [packed], { once: kept });
  const [aStride, aStep] = transposeA ? [1, m] : [k, 1];
  const across = Math.ceil(panels / PANELS_PER_UNIT);
  const units: Units =
    M === 0 ? { rowsPerUnit: ROWS_PER_UNIT, times: across } : fixed(Math.ceil(m / ROWS_PER_UNIT) * across);
  const space = context.scratch(ROWS_PER_UNIT * k, 'thread');
  const multiplyAdds = m * n * k;
  const relu = activation?.kind === 'relu' ? 1 : 0;
  context.call('matmul', units, [a!, packed, bias ?? NONE, y!, space, M, K, n, aStride, aStep, k, relu], [y!, space], {
    multiplyAdds,
  });
  if (activation && relu === 0) applyActivation(y!, y!, activation, context);
};

export const addBias: Lowering<'addBias'> = ({ inputs: [x, bias], outputs: [y] }, context) => {
  const { pixels, channels } = chunks(x!);
  context.call('addBias', perRows(x!), [x!, bias!, y!, pixels, channels], [y!]);
};

export const sumRows: Lowering<'sumRows'> = ({ inputs: [x], outputs: [y] }, context) => {
  const { units, chunk, pixels, channels, most } = chunks(x!);
  const partial = context.scratch(most * channels, 'all');
  context.call('sumRowsPartial', units, [x!, partial, chunk, pixels, channels], [partial]);
  context.call('sumChunks', fixed(channels, x), [partial, y!, chunk, channels, 0], [y!]);
};
