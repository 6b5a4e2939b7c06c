import type { TensorSpec } from '../../engine/program/types.js';
import { type ActivationLike, activationKind } from '../activations.js';
import { glorotUniform, type InitializerLike, initializerKind, zeros } from '../initializers.js';
import { boolean, byDefault, optional, type OptionValues } from '../../numeric/options.js';
import { type RegularizerLike, regularizerKind } from '../regularizers.js';
import type { ApplyContext, LayerOptions, Shape, WeightSpec } from './layer.js';

/** The options of layers that multiply by a kernel, add a bias and end with an activation. */
export interface KernelOptions extends LayerOptions {
  /** Default: linear. */
  readonly activation?: ActivationLike;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default `glorotUniform`. */
  readonly kernelInitializer?: InitializerLike;
  /** Default `zeros`. */
  readonly biasInitializer?: InitializerLike;
  /** Default: none. */
  readonly kernelRegularizer?: RegularizerLike;
  /** Default: none. */
  readonly biasRegularizer?: RegularizerLike;
}

export const kernelOptions = {
  activation: optional(activationKind),
  useBias: byDefault(boolean, true),
  kernelInitializer: byDefault(initializerKind, glorotUniform()),
  biasInitializer: byDefault(initializerKind, zeros()),
  kernelRegularizer: optional(regularizerKind),
  biasRegularizer: optional(regularizerKind),
};
type KernelValues = OptionValues<typeof kernelOptions>;

/** The weights: a kernel of shape [..., outputs] and, if there is to be one, the bias [outputs]. */
export function kernelAndBias(values: KernelValues, kernelShape: Shape): readonly WeightSpec[] {
  const kernel: WeightSpec = {
    name: 'kernel',
    shape: kernelShape,
    initializer: values.kernelInitializer,
    regularizer: values.kernelRegularizer,
    trainable: true,
  };
  const bias: WeightSpec = {
    name: 'bias',
    shape: kernelShape.slice(-1),
    initializer: values.biasInitializer,
    regularizer: values.biasRegularizer,
    trainable: true,
  };
  return values.useBias ? [kernel, bias] : [kernel];
}

export function addBias({ builder, weight }: ApplyContext, values: KernelValues, x: TensorSpec): TensorSpec {
  return values.useBias ? builder.emit('addBias', [x, weight('bias')], {})[0]! : x;
}
