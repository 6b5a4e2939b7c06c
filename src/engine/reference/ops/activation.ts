import { exp, expm1, log, log1p, tanh } from '../../../numeric/exactMath.js';
import type { Activation } from '../../program/types.js';
import { sizeInUse } from '../../program/checks.js';
import { type ReferenceKernel, tableInUse } from '../kernel.js';

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** y = f(x) for the first `count` values; x and y may be the same memory. */
export function activate({ kind, alpha }: Activation, x: Float64Array, y: Float64Array, count: number): void {
  switch (kind) {
    case 'relu':
      // NaN stays NaN: the comparison is written so that only numbers <= 0 become 0.
      for (let i = 0; i < count; i++) y[i] = x[i]! <= 0 ? 0 : x[i]!;
      break;
    case 'leakyRelu':
      leaky(x, y, count, alpha ?? 0);
      break;
    case 'elu':
      exponential(x, y, count, 1, alpha ?? 1);
      break;
    case 'selu':
      exponential(x, y, count, SELU_SCALE, SELU_SCALE * SELU_ALPHA);
      break;
    case 'sigmoid':
      for (let i = 0; i < count; i++) y[i] = 1 / (1 + exp(-x[i]!));
      break;
    case 'tanh':
      for (let i = 0; i < count; i++) y[i] = tanh(x[i]!);
      break;
    case 'softplus':
      // log(1 + e^x) = max(x, 0) + log(1 + e^-|x|), which cannot overflow.
      for (let i = 0; i < count; i++) y[i] = Math.max(x[i]!, 0) + log1p(exp(-Math.abs(x[i]!)));
      break;
  }
}

function leaky(x: Float64Array, y: Float64Array, count: number, slope: number): void {
  for (let i = 0; i < count; i++) y[i] = x[i]! > 0 ? x[i]! : slope * x[i]!;
}

function exponential(x: Float64Array, y: Float64Array, count: number, above: number, below: number): void {
  for (let i = 0; i < count; i++) y[i] = x[i]! > 0 ? above * x[i]! : below * expm1(x[i]!);
}

export const activation: ReferenceKernel<'activation'> = ({ op, inputs, outputs, rows }) => {
  const [x] = inputs as [Float64Array];
  activate(op.attributes, x, outputs[0]!, sizeInUse(op.inputs[0]!, rows));
};

/** f' in terms of y: relu [y > 0]; elu y + alpha below 0; sigmoid y (1 - y); tanh 1 - y^2; softplus 1 - e^-y. */
export const activationGradient: ReferenceKernel<'activationGradient'> = ({ op, inputs, outputs, rows }) => {
  const [y, dy] = inputs as [Float64Array, Float64Array];
  const dx = outputs[0]!;
  const count = sizeInUse(op.inputs[1]!, rows);
  const { kind, alpha } = op.attributes;
  switch (kind) {
    case 'relu':
      for (let i = 0; i < count; i++) dx[i] = y[i]! > 0 ? dy[i]! : 0;
      break;
    case 'leakyRelu':
      for (let i = 0; i < count; i++) dx[i] = y[i]! > 0 ? dy[i]! : (alpha ?? 0) * dy[i]!;
      break;
    case 'elu':
      for (let i = 0; i < count; i++) dx[i] = y[i]! > 0 ? dy[i]! : (y[i]! + (alpha ?? 1)) * dy[i]!;
      break;
    case 'selu':
      for (let i = 0; i < count; i++) dx[i] = (y[i]! > 0 ? SELU_SCALE : y[i]! + SELU_SCALE * SELU_ALPHA) * dy[i]!;
      break;
    case 'sigmoid':
      for (let i = 0; i < count; i++) dx[i] = y[i]! * (1 - y[i]!) * dy[i]!;
      break;
    case 'tanh':
      for (let i = 0; i < count; i++) dx[i] = (1 - y[i]! * y[i]!) * dy[i]!;
      break;
    case 'softplus':
      for (let i = 0; i < count; i++) dx[i] = -expm1(-y[i]!) * dy[i]!;
      break;
  }
};

/** The largest value of the row is subtracted first, so that e^x cannot overflow. */
export const softmax: ReferenceKernel<'softmax'> = ({ op, inputs, outputs, rows }) => {
  const [x] = inputs as [Float64Array];
  const [count, classes] = tableInUse(op.inputs[0]!, rows);
  for (let row = 0; row < count; row++) softmaxRow(x, outputs[0]!, row * classes, classes);
};

/** Softmax of `classes` values from `begin`; returns the logarithm of the sum of e^x. NaN anywhere makes all NaN. */
export function softmaxRow(x: Float64Array, y: Float64Array, begin: number, classes: number): number {
  let largest = -Infinity;
  for (let i = begin; i < begin + classes; i++) largest = x[i]! > largest ? x[i]! : largest;
  let sum = 0;
  for (let i = begin; i < begin + classes; i++) sum += y[i] = exp(x[i]! - largest);
  for (let i = begin; i < begin + classes; i++) y[i]! /= sum;
  return largest + log(sum);
}

export const softmaxGradient: ReferenceKernel<'softmaxGradient'> = ({ op, inputs, outputs, rows }) => {
  const [y, dy] = inputs as [Float64Array, Float64Array];
  const dx = outputs[0]!;
  const [count, classes] = tableInUse(op.inputs[0]!, rows);
  for (let row = 0; row < count; row++) {
    const begin = row * classes;
    let inner = 0;
    for (let i = begin; i < begin + classes; i++) inner += y[i]! * dy[i]!;
    for (let i = begin; i < begin + classes; i++) dx[i] = y[i]! * (dy[i]! - inner);
  }
};
