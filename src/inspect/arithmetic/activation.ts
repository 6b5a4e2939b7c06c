import type { Activation, ActivationKind } from '../../engine/program/types.js';
import { exp, expm1, log1p, tanh } from '../../numeric/exactMath.js';
import { sumOf } from './layerInput.js';
import type { ElementwiseActivation, SoftmaxActivation } from './types.js';

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

const functions: Readonly<Record<ActivationKind, (x: number, alpha: number) => number>> = {
  relu: (x) => (x <= 0 ? 0 : x),
  leakyRelu: (x, alpha) => (x > 0 ? x : alpha * x),
  elu: (x, alpha) => (x > 0 ? x : alpha * expm1(x)),
  selu: (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * expm1(x)),
  sigmoid: (x) => 1 / (1 + exp(-x)),
  tanh: (x) => tanh(x),
  softplus: (x) => Math.max(x, 0) + log1p(exp(-Math.abs(x))),
};

export function elementwise({ kind, alpha }: Activation, input: number): [ElementwiseActivation, value: number] {
  return [{ kind, alpha, input }, functions[kind](input, alpha ?? 0)];
}

export function softmaxOf(inputs: Float64Array, index: number): [SoftmaxActivation, value: number] {
  const largest = inputs.reduce((most, value) => Math.max(most, value), -Infinity);
  const exponentials = inputs.map((input) => exp(input - largest));
  const sum = sumOf(exponentials);
  return [{ kind: 'softmax', inputs, largest, exponentials, sum, index }, exponentials[index]! / sum];
}
