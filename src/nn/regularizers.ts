import type { ProgramBuilder } from '../engine/program/builder.js';
import type { TensorSpec } from '../engine/program/types.js';
import { type Configured, configOf, family, type Like } from './config.js';
import { byDefault, number, readOptions } from '../numeric/options.js';

/** A penalty on a weight, added to the loss. https://keras.io/api/layers/regularizers/ */
export interface Regularizer extends Configured {
  /** Adds the op that computes the penalty, [1]. */
  penalty(builder: ProgramBuilder, weight: TensorSpec): TensorSpec;
}

export interface L2Options {
  /** The factor, >= 0, default 0.01. */
  readonly l2?: number;
}

/** The penalty factor * sum of w^2, written `l2(0.01)` or `l2({ l2: 0.01 })`. */
export function l2(factor: number | L2Options = {}): Regularizer {
  const values = readOptions('Regularizer l2', typeof factor === 'number' ? { l2: factor } : factor, {
    l2: byDefault(number({ from: 0 }), 0.01),
  });
  return {
    config: configOf('l2', values),
    penalty: (builder, weight) => builder.emit('sumSquares', [weight], { factor: values.l2 })[0]!,
  };
}

const regularizers = { l2 };

export type RegularizerLike = Like<Regularizer, keyof typeof regularizers>;
export const regularizerKind = family<Regularizer>(regularizers, 'penalty');
