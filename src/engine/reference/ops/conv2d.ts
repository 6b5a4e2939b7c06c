import { sizeInUse } from '../../program/checks.js';
import type { ReferenceKernel } from '../kernel.js';
import { slide } from '../windows.js';
import { activate } from './activation.js';

type KernelShape = [height: number, width: number, inChannels: number, outChannels: number];

/** y[n, i, j, :] starts as the bias; every tap adds x[.., c] * kernel[u, v, c, :] to it. */
export const conv2d: ReferenceKernel<'conv2d'> = ({ op, inputs, outputs, rows }) => {
  const [x, kernel, bias] = inputs as [Float64Array, Float64Array, Float64Array?];
  const y = outputs[0]!;
  const [height, width, inChannels, outChannels] = op.inputs[1]!.shape as KernelShape;
  const size = sizeInUse(op.outputs[0]!, rows);
  for (let i = 0; i < size; i++) y[i] = bias ? bias[i % outChannels]! : 0;
  slide(op.inputs[0]!, op.outputs[0]!, [height, width], op.attributes, rows, (atX, atY, tap) => {
    for (let c = 0; c < inChannels; c++) {
      const value = x[atX + c]!;
      const atKernel = (tap * inChannels + c) * outChannels;
      for (let o = 0; o < outChannels; o++) y[atY + o]! += value * kernel[atKernel + o]!;
    }
  });
  if (op.attributes.activation) activate(op.attributes.activation, y, y, size);
};

/** dx[.., c] += sum over o of dy[n, i, j, o] * kernel[u, v, c, o], over all taps. */
export const conv2dInputGradient: ReferenceKernel<'conv2dInputGradient'> = ({ op, inputs, outputs, rows }) => {
  const [dy, kernel] = inputs as [Float64Array, Float64Array];
  const dx = outputs[0]!;
  const [height, width, inChannels, outChannels] = op.inputs[1]!.shape as KernelShape;
  dx.fill(0, 0, sizeInUse(op.outputs[0]!, rows));
  slide(op.outputs[0]!, op.inputs[0]!, [height, width], op.attributes, rows, (atX, atY, tap) => {
    for (let c = 0; c < inChannels; c++) {
      const atKernel = (tap * inChannels + c) * outChannels;
      let sum = 0;
      for (let o = 0; o < outChannels; o++) sum += dy[atY + o]! * kernel[atKernel + o]!;
      dx[atX + c]! += sum;
    }
  });
};

/** dKernel[u, v, c, :] += x[.., c] * dy[n, i, j, :], over all taps. */
export const conv2dKernelGradient: ReferenceKernel<'conv2dKernelGradient'> = ({ op, inputs, outputs, rows }) => {
  const [x, dy] = inputs as [Float64Array, Float64Array];
  const dKernel = outputs[0]!;
  const [height, width, inChannels, outChannels] = op.attributes.kernelShape as KernelShape;
  dKernel.fill(0);
  slide(op.inputs[0]!, op.inputs[1]!, [height, width], op.attributes, rows, (atX, atY, tap) => {
    for (let c = 0; c < inChannels; c++) {
      const value = x[atX + c]!;
      const atKernel = (tap * inChannels + c) * outChannels;
      for (let o = 0; o < outChannels; o++) dKernel[atKernel + o]! += value * dy[atY + o]!;
    }
  });
};
