import { philox4x32, streams } from '../../../numeric/philox.js';
import { sizeInUse } from '../../program/checks.js';
import type { ReferenceKernel } from '../kernel.js';

export const dropout: ReferenceKernel<'dropout'> = ({ op, inputs, outputs, rows }) => {
  const [x, random] = inputs as [Float64Array, Uint32Array];
  const y = outputs[0]!;
  const { rate, stream } = op.attributes;
  const [seedLow, seedHigh, step] = [random[0]!, random[1]!, random[2]!];
  const scale = 1 / (1 - rate);
  const count = sizeInUse(op.inputs[0]!, rows);
  const words = new Uint32Array(4);
  for (let i = 0; i < count; i++) {
    if (i % 4 === 0) philox4x32(i / 4, step, stream, streams.dropout, seedLow, seedHigh, words);
    y[i] = words[i % 4]! / 0x1_0000_0000 >= rate ? x[i]! * scale : 0;
  }
};
