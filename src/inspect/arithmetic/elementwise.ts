import { type LayerInput, opOf, placeOf, offset, valueAt } from './layerInput.js';
import type { ActivationStep, BatchNormalizationStep, DropoutStep, FlattenStep } from './types.js';

/** The steps that make one number of one number. */

export function batchNormalizationStep(
  layer: LayerInput,
  at: readonly number[],
): [BatchNormalizationStep, before: number] {
  const { epsilon } = opOf(layer, 'batchNormalizationInference').attributes;
  const channel = at.at(-1)!;
  const input = valueAt(layer, at);
  const mean = layer.weight('moving_mean')![channel]!;
  const variance = layer.weight('moving_variance')![channel]!;
  const gamma = layer.weight('gamma')?.[channel];
  const beta = layer.weight('beta')?.[channel];
  const deviation = Math.sqrt(variance + epsilon);
  const normalized = (input - mean) / deviation;
  return [
    { kind: 'batchNormalization', input, mean, variance, epsilon, deviation, normalized, gamma, beta },
    normalized * (gamma ?? 1) + (beta ?? 0),
  ];
}

export function flattenStep(layer: LayerInput, at: readonly number[]): [FlattenStep, before: number] {
  const source = placeOf(layer.placed.inputShape, offset(layer.placed.outputShape, at));
  const input = valueAt(layer, source);
  return [{ kind: 'flatten', source, input }, input];
}

export function dropoutStep(layer: LayerInput, at: readonly number[]): [DropoutStep, before: number] {
  const input = valueAt(layer, at);
  return [{ kind: 'dropout', rate: Number(layer.placed.layer.config['rate']), input }, input];
}

export function activationStep(layer: LayerInput, at: readonly number[]): [ActivationStep, before: number] {
  const input = valueAt(layer, at);
  return [{ kind: 'activation', input }, input];
}
