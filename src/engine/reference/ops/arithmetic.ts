import { sizeInUse } from '../../program/checks.js';
import type { ReferenceKernel } from '../kernel.js';

export const reshape: ReferenceKernel<'reshape'> = ({ op, inputs, outputs, rows }) => {
  const [x] = inputs as [Float64Array];
  outputs[0]!.set(x.subarray(0, sizeInUse(op.inputs[0]!, rows)));
};

export const add: ReferenceKernel<'add'> = ({ op, inputs, outputs, rows }) => {
  const [a, b] = inputs as [Float64Array, Float64Array];
  const y = outputs[0]!;
  const count = sizeInUse(op.inputs[0]!, rows);
  for (let i = 0; i < count; i++) y[i] = a[i]! + b[i]!;
};

export const sumSquares: ReferenceKernel<'sumSquares'> = ({ op, inputs, outputs }) => {
  const [x] = inputs as [Float64Array];
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!;
  outputs[0]![0] = op.attributes.factor * sum;
};

export const scaleByScalar: ReferenceKernel<'scaleByScalar'> = ({ op, inputs, outputs, rows }) => {
  const [x, s] = inputs as [Float64Array, Float64Array];
  const y = outputs[0]!;
  const count = sizeInUse(op.inputs[0]!, rows);
  const scale = op.attributes.factor * s[0]!;
  for (let i = 0; i < count; i++) y[i] = scale * x[i]!;
};
