import { sizeInUse } from '../../program/checks.js';
import { type ReferenceKernel, tableInUse } from '../kernel.js';

export const rescale: ReferenceKernel<'rescale'> = ({ op, inputs, outputs, rows }) => {
  const x = inputs[0]!;
  const y = outputs[0]!;
  const count = sizeInUse(op.inputs[0]!, rows);
  for (let i = 0; i < count; i++) y[i] = x[i]! / op.attributes.divisor;
};

export const oneHot: ReferenceKernel<'oneHot'> = ({ op, inputs, outputs, rows }) => {
  const labels = inputs[0]!;
  const y = outputs[0]!;
  const [count, classes] = tableInUse(op.outputs[0]!, rows);
  for (let n = 0; n < count; n++) for (let c = 0; c < classes; c++) y[n * classes + c] = labels[n] === c ? 1 : 0;
};

export const eraseRectangle: ReferenceKernel<'eraseRectangle'> = ({ op, inputs, outputs, rows }) => {
  const [x, rectangles] = [inputs[0]!, inputs[1]!];
  const y = outputs[0]!;
  const [, height, width, channels] = op.inputs[0]!.shape as [number, number, number, number];
  const count = sizeInUse(op.inputs[0]!, rows);
  for (let at = 0; at < count; at++) {
    const pixel = Math.floor(at / channels);
    const [n, i, j] = [Math.floor(pixel / width / height), Math.floor(pixel / width) % height, pixel % width];
    const [top, left, bottom, right] = rectangles.subarray(4 * n, 4 * n + 4);
    y[at] = top! <= i && i < bottom! && left! <= j && j < right! ? op.attributes.value : x[at]!;
  }
};
