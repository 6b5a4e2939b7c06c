import { sizeInUse } from '../../program/checks.js';
import { type ReferenceKernel, tableInUse } from '../kernel.js';
import { activate } from './activation.js';

/** y[m, :] starts as the bias; every k adds A[m, k] * B[k, :] to it. */
export const matmul: ReferenceKernel<'matmul'> = ({ op, inputs, outputs, rows }) => {
  const [a, b, bias] = inputs as [Float64Array, Float64Array, Float64Array?];
  const [specA, specB] = [op.inputs[0]!, op.inputs[1]!];
  const y = outputs[0]!;
  const { transposeA, transposeB, activation } = op.attributes;
  const [m, n] = op.outputs[0]!.shape as [number, number];
  const mInUse = op.outputs[0]!.batched ? rows : m;
  const sumsOverBatch = (specA.batched && transposeA) || (specB.batched && !transposeB);
  const kInUse = sumsOverBatch ? rows : specA.shape[transposeA ? 0 : 1]!;
  const [aRow, aColumn] = transposeA ? [1, m] : [specA.shape[1]!, 1];
  const [bRow, bColumn] = transposeB ? [1, specB.shape[1]!] : [n, 1];
  for (let i = 0; i < mInUse; i++) {
    for (let j = 0; j < n; j++) y[i * n + j] = bias ? bias[j]! : 0;
    for (let k = 0; k < kInUse; k++) {
      const value = a[i * aRow + k * aColumn]!;
      for (let j = 0; j < n; j++) y[i * n + j]! += value * b[k * bRow + j * bColumn]!;
    }
  }
  if (activation) activate(activation, y, y, mInUse * n);
};

export const addBias: ReferenceKernel<'addBias'> = ({ op, inputs, outputs, rows }) => {
  const [x, bias] = inputs as [Float64Array, Float64Array];
  const y = outputs[0]!;
  const count = sizeInUse(op.inputs[0]!, rows);
  for (let i = 0; i < count; i++) y[i] = x[i]! + bias[i % bias.length]!;
};

export const sumRows: ReferenceKernel<'sumRows'> = ({ op, inputs, outputs, rows }) => {
  const [x] = inputs as [Float64Array];
  const y = outputs[0]!;
  const [count, columns] = tableInUse(op.inputs[0]!, rows);
  y.fill(0);
  for (let r = 0; r < count; r++) for (let c = 0; c < columns; c++) y[c]! += x[r * columns + c]!;
};
