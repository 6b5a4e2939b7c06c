import { philox4x32 } from '../../../numeric/philox.js';
import { type ReferenceKernel, tableInUse } from '../kernel.js';
import { sizeOf } from '../../../numeric/tensor.js';

export const randomUniform: ReferenceKernel<'randomUniform'> = ({ op, inputs, outputs, rows }) => {
  const keys = inputs[0]!;
  const y = outputs[0]!;
  const { shape, amplitude, stream } = op.attributes;
  const [count] = tableInUse(op.inputs[0]!, rows);
  const size = sizeOf(shape);
  const words = new Uint32Array(4);
  for (let n = 0; n < count; n++) {
    const [seedLow, seedHigh, a, b] = keys.subarray(4 * n, 4 * n + 4) as Uint32Array;
    for (let i = 0; i < size; i++) {
      if (i % 4 === 0) philox4x32(i / 4, b!, a!, stream, seedLow!, seedHigh!, words);
      y[n * size + i] = amplitude * ((words[i % 4]! >>> 8) / 2 ** 23 - 1);
    }
  }
};
