import { sizeInUse } from '../../program/checks.js';
import type { OpAttributes, TensorSpec } from '../../program/types.js';
import type { ReferenceKernel } from '../kernel.js';
import { slide } from '../windows.js';
import { activate } from './activation.js';

type Window = Pick<OpAttributes['conv2d'], 'strides' | 'padding'>;
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
      addScaled(y, atY, x[atX + c]!, kernel, (tap * inChannels + c) * outChannels, outChannels);
    }
  });
  if (op.attributes.activation) activate(op.attributes.activation, y, y, size);
};

/** dx[.., c] += sum over o of dy[n, i, j, o] * kernel[u, v, c, o], over all taps. */
export const conv2dInputGradient: ReferenceKernel<'conv2dInputGradient'> = ({ op, inputs, outputs, rows }) => {
  const [dy, kernel] = op.inputs as [TensorSpec, TensorSpec];
  const [dyValues, kernelValues] = inputs as [Float64Array, Float64Array];
  inputGradient({ x: op.outputs[0]!, kernel, dy }, op.attributes, dyValues, kernelValues, outputs[0]!, rows);
};

/** dKernel[u, v, c, :] += x[.., c] * dy[n, i, j, :], over all taps. */
export const conv2dKernelGradient: ReferenceKernel<'conv2dKernelGradient'> = ({ op, inputs, outputs, rows }) => {
  const [x, dy] = op.inputs as [TensorSpec, TensorSpec];
  const [xValues, dyValues] = inputs as [Float64Array, Float64Array];
  kernelGradient({ x, kernel: op.outputs[0]!, dy }, op.attributes, xValues, dyValues, outputs[0]!, rows);
};

export const conv2dGradient: ReferenceKernel<'conv2dGradient'> = ({ op, inputs, outputs, rows }) => {
  const [x, kernel, dy] = op.inputs as [TensorSpec, TensorSpec, TensorSpec];
  const [xValues, kernelValues, dyValues] = inputs as [Float64Array, Float64Array, Float64Array];
  inputGradient({ x, kernel, dy }, op.attributes, dyValues, kernelValues, outputs[0]!, rows);
  kernelGradient({ x, kernel, dy }, op.attributes, xValues, dyValues, outputs[1]!, rows);
};

interface Shapes {
  readonly x: TensorSpec;
  readonly kernel: TensorSpec;
  readonly dy: TensorSpec;
}

function inputGradient(
  shapes: Shapes,
  window: Window,
  dy: Float64Array,
  kernel: Float64Array,
  dx: Float64Array,
  rows: number,
): void {
  const [height, width, inChannels, outChannels] = shapes.kernel.shape as KernelShape;
  dx.fill(0, 0, sizeInUse(shapes.x, rows));
  slide(shapes.x, shapes.dy, [height, width], window, rows, (atX, atY, tap) => {
    for (let c = 0; c < inChannels; c++) {
      dx[atX + c]! += product(dy, atY, kernel, (tap * inChannels + c) * outChannels, outChannels);
    }
  });
}

function kernelGradient(
  shapes: Shapes,
  window: Window,
  x: Float64Array,
  dy: Float64Array,
  dKernel: Float64Array,
  rows: number,
): void {
  const [height, width, inChannels, outChannels] = shapes.kernel.shape as KernelShape;
  dKernel.fill(0);
  slide(shapes.x, shapes.dy, [height, width], window, rows, (atX, atY, tap) => {
    for (let c = 0; c < inChannels; c++) {
      addScaled(dKernel, (tap * inChannels + c) * outChannels, x[atX + c]!, dy, atY, outChannels);
    }
  });
}

/** y[atY ...] += scale * x[atX ...]; a function of its own, since it is what the time goes into. */
function addScaled(y: Float64Array, atY: number, scale: number, x: Float64Array, atX: number, count: number): void {
  for (let i = 0; i < count; i++) y[atY + i]! += scale * x[atX + i]!;
}

function product(a: Float64Array, atA: number, b: Float64Array, atB: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += a[atA + i]! * b[atB + i]!;
  return sum;
}
