import type { ProgramBuilder } from '../engine/program/builder.js';
import type { Activation, TensorSpec } from '../engine/program/types.js';
import { type Configured, configOf, family, type Like } from './config.js';
import { byDefault, number, readOptions } from '../numeric/options.js';

/** The function a layer ends with. Its `config.type` is the name it may be given by. */
export interface ActivationFunction extends Configured {
  /** Adds the op that computes it. */
  apply(builder: ProgramBuilder, x: TensorSpec): TensorSpec;
}

type NoOptions = Readonly<Record<never, never>>;
export interface AlphaOptions {
  readonly alpha?: number;
}

function elementwise(kind: Activation['kind']): (options?: NoOptions) => ActivationFunction {
  return (options = {}) => {
    readOptions(`Activation ${kind}`, options, {});
    return { config: { type: kind }, apply: (builder, x) => builder.emit('activation', [x], { kind })[0]! };
  };
}

function withAlpha(kind: 'leakyRelu' | 'elu', alpha: number): (options?: AlphaOptions) => ActivationFunction {
  return (options = {}) => {
    const values = readOptions(`Activation ${kind}`, options, { alpha: byDefault(number({ from: 0 }), alpha) });
    return {
      config: configOf(kind, values),
      apply: (builder, x) => builder.emit('activation', [x], { kind, alpha: values.alpha })[0]!,
    };
  };
}

/** x itself. */
function linear(options: NoOptions = {}): ActivationFunction {
  readOptions('Activation linear', options, {});
  return { config: { type: 'linear' }, apply: (_, x) => x };
}

/** e^x[c] / sum of e^x[d] over the last axis: positive numbers whose sum is 1. */
function softmax(options: NoOptions = {}): ActivationFunction {
  readOptions('Activation softmax', options, {});
  return { config: { type: 'softmax' }, apply: (builder, x) => builder.emit('softmax', [x], {})[0]! };
}

/**
 * The activations, with the constants of https://keras.io/api/layers/activations/: `leakyRelu` has slope `alpha` 0.2
 * below zero, `elu` scale `alpha` 1. Give one by name, `activation: 'relu'`, or with an option,
 * `activation: activations.leakyRelu({ alpha: 0.1 })`.
 */
export const activations = {
  linear,
  relu: elementwise('relu'),
  leakyRelu: withAlpha('leakyRelu', 0.2),
  elu: withAlpha('elu', 1),
  selu: elementwise('selu'),
  sigmoid: elementwise('sigmoid'),
  tanh: elementwise('tanh'),
  softplus: elementwise('softplus'),
  softmax,
};

export type ActivationLike = Like<ActivationFunction, keyof typeof activations>;
export const activationKind = family(activations, 'apply');
