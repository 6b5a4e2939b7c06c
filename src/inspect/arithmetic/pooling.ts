import { type LayerInput, opOf, sumOf, valuesIn, windowAt } from './layerInput.js';
import type { AveragePooling2dStep, MaxPooling2dStep } from './types.js';

export function maxPooling2dStep(layer: LayerInput, at: readonly number[]): [MaxPooling2dStep, before: number] {
  const { attributes } = opOf(layer, 'maxPool2d');
  const window = windowAt(layer.placed.inputShape, attributes.poolSize, attributes, at);
  const inputs = valuesIn(layer, window, at[2]!);
  const largest = inputs.reduce((most, value, i) => (window.inside[i] ? Math.max(most, value) : most), -Infinity);
  const winner = inputs.findIndex((value, i) => window.inside[i] === true && value === largest);
  return [{ kind: 'maxPooling2d', window, inputs, winner }, largest];
}

export function averagePooling2dStep(layer: LayerInput, at: readonly number[]): [AveragePooling2dStep, before: number] {
  return mean(layer, 'averagePooling2d', [at[0]!, at[1]!], at[2]!);
}

export function globalAveragePooling2dStep(
  layer: LayerInput,
  at: readonly number[],
): [AveragePooling2dStep, before: number] {
  return mean(layer, 'globalAveragePooling2d', [0, 0], at[0]!);
}

function mean(
  layer: LayerInput,
  kind: AveragePooling2dStep['kind'],
  at: readonly number[],
  channel: number,
): [AveragePooling2dStep, before: number] {
  const { attributes } = opOf(layer, 'averagePool2d');
  const window = windowAt(layer.placed.inputShape, attributes.poolSize, attributes, at);
  const inputs = valuesIn(layer, window, channel);
  const sum = sumOf(inputs);
  const count = window.inside.filter((inside) => inside).length;
  return [{ kind, window, inputs, sum, count }, sum / count];
}
