import type { ActivationKind } from '../../engine/program/types.js';
import type { LayerSummary } from '../../nn/index.js';
import type { Tensor } from '../../numeric/tensor.js';

/** One number of what a layer gives. */
export interface Place {
  /** The layer's name, as in `summary()`. */
  readonly layer: string;
  /** Where in the layer's output: [row, column, channel], or [unit] where that is no image; each from 0. */
  readonly at: readonly number[];
}

/** What a layer gives for one image, [1, ...its outputShape]: a `FeatureMap`, or any tensor with the layer's name. */
export interface LayerValues extends Tensor {
  readonly layer: { readonly name: string };
}

/** Which rows and columns of a layer's input a number is made of. */
export interface InputWindow {
  /** The first row and column: negative where the window begins in the padding. */
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
  /** For each place of the window, row by row, whether it lies in the input; in the padding it does not. */
  readonly inside: readonly boolean[];
}

/** What one channel of the input adds to a convolution. The lists go over the window, row by row. */
export interface ChannelProducts {
  readonly channel: number;
  /** The input; 0 in the padding. */
  readonly inputs: Float64Array;
  readonly kernel: Float64Array;
  readonly products: Float64Array;
  /** Of the products. */
  readonly sum: number;
}

/** Window times kernel, summed over all channels, plus bias. */
export interface Conv2dStep {
  readonly kind: 'conv2d';
  readonly window: InputWindow;
  /** In the order of the input's channels. */
  readonly channels: readonly ChannelProducts[];
  /** Of all channels' products. */
  readonly sum: number;
  /** Undefined in a layer without. */
  readonly bias: number | undefined;
}

/** Every input times its weight, summed, plus bias. */
export interface DenseStep {
  readonly kind: 'dense';
  readonly inputs: Float64Array;
  readonly weights: Float64Array;
  readonly products: Float64Array;
  readonly sum: number;
  /** Undefined in a layer without. */
  readonly bias: number | undefined;
}

/** (input - mean) / sqrt(variance + epsilon) * gamma + beta. */
export interface BatchNormalizationStep {
  readonly kind: 'batchNormalization';
  readonly input: number;
  /** The moving averages that training has left. */
  readonly mean: number;
  readonly variance: number;
  readonly epsilon: number;
  /** sqrt(variance + epsilon). */
  readonly deviation: number;
  /** (input - mean) / deviation. */
  readonly normalized: number;
  /** Undefined in a layer without scale. */
  readonly gamma: number | undefined;
  /** Undefined in a layer without centre. */
  readonly beta: number | undefined;
}

/** The largest number of a window; the padding does not count. */
export interface MaxPooling2dStep {
  readonly kind: 'maxPooling2d';
  readonly window: InputWindow;
  /** Over the window, row by row; 0 in the padding. */
  readonly inputs: Float64Array;
  /** Where in the window the largest is; the first, if several are. */
  readonly winner: number;
}

/** The mean of a window, or of the whole image; the padding does not count. */
export interface AveragePooling2dStep {
  readonly kind: 'averagePooling2d' | 'globalAveragePooling2d';
  readonly window: InputWindow;
  /** Over the window, row by row; 0 in the padding. */
  readonly inputs: Float64Array;
  readonly sum: number;
  /** How many numbers that is the sum of. */
  readonly count: number;
}

/** The same number at another place. */
export interface FlattenStep {
  readonly kind: 'flatten';
  /** Where it is in the layer's input: [row, column, channel]. */
  readonly source: readonly number[];
  readonly input: number;
}

/** The number itself: dropout is for training alone. */
export interface DropoutStep {
  readonly kind: 'dropout';
  /** The share of numbers that training sets to 0. */
  readonly rate: number;
  readonly input: number;
}

/** The number itself, for the activation. */
export interface ActivationStep {
  readonly kind: 'activation';
  readonly input: number;
}

export type ArithmeticStep =
  | Conv2dStep
  | DenseStep
  | BatchNormalizationStep
  | MaxPooling2dStep
  | AveragePooling2dStep
  | FlattenStep
  | DropoutStep
  | ActivationStep;

/** A function of the number alone. */
export interface ElementwiseActivation {
  readonly kind: ActivationKind;
  /** The slope below zero of leakyRelu, the scale below zero of elu. */
  readonly alpha: number | undefined;
  readonly input: number;
}

/** e^(input - largest), as a share of the sum of these over all channels (or units) at the place. */
export interface SoftmaxActivation {
  readonly kind: 'softmax';
  /** The logits, of all channels. */
  readonly inputs: Float64Array;
  readonly largest: number;
  readonly exponentials: Float64Array;
  readonly sum: number;
  /** Which of them the place is. */
  readonly index: number;
}

export type ActivationArithmetic = ElementwiseActivation | SoftmaxActivation;

/**
 * How one number came about: by the step, `kind` says which, to `before`, and from there by the activation, if the layer
 * has one, to `value`. All in float64.
 */
export type Arithmetic = ArithmeticStep & {
  readonly layer: LayerSummary;
  readonly at: readonly number[];
  /** What the layer's own step gives. */
  readonly before: number;
  /** Undefined where the layer has none, or linear. */
  readonly activation: ActivationArithmetic | undefined;
  readonly value: number;
};
