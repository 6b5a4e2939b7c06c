/**
 * The vocabulary of programs. A program is the flat list of operations of one step (forward, or forward, backward and
 * update), over tensors whose shapes are all known before it runs. It knows nothing of layers, digits or threads.
 */

/** How values are stored: f32 for everything that is computed, bytes and integers for what the host puts in. */
export type DType = 'f32' | 'u8' | 'i32' | 'u32';

/**
 * - `input`: written by the host before a run; kept until the next one.
 * - `state`: kept from run to run (weights, moving statistics, optimizer slots); read and written by the host by name.
 * - `constant`: one value everywhere, given when the program is built.
 * - `derived`: computed from state and constants alone, and only again when the host has written state. Made by fusion.
 * - `value`: computed by the program; its memory is used again once the last operation has read it.
 */
export type Role = 'input' | 'state' | 'constant' | 'derived' | 'value';

export interface TensorSpec {
  readonly id: number;
  readonly name: string;
  /** Row-major. If `batched`, the first size is the capacity: a run may use any number of rows up to it. */
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly role: Role;
  readonly batched: boolean;
  /** The value of a `constant`. */
  readonly fill?: number;
}

export const activationKinds = ['relu', 'leakyRelu', 'elu', 'selu', 'sigmoid', 'tanh', 'softplus'] as const;
export type ActivationKind = (typeof activationKinds)[number];

/** An elementwise function. `alpha`: the slope below zero of leakyRelu, the scale below zero of elu. */
export interface Activation {
  readonly kind: ActivationKind;
  readonly alpha?: number;
}

/** Rows and columns of zeros around an image `[H, W, C]`. */
export interface Padding2d {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export type FillMode = 'constant' | 'nearest' | 'reflect' | 'wrap';
type Size2d = readonly [height: number, width: number];
type NoAttributes = Readonly<Record<never, never>>;

interface Window2d {
  readonly strides: Size2d;
  readonly padding: Padding2d;
}
interface PoolWindow2d extends Window2d {
  readonly poolSize: Size2d;
}

interface Warp {
  readonly divisor: number;
  readonly fillMode: FillMode;
  readonly fillValue: number;
}

/** Every operation there is, with its attributes. What it computes is said in its file under `ops/`. */
export interface OpAttributes {
  rescale: { readonly divisor: number };
  warpAffine: Warp;
  warpElastic: Warp & { readonly spacing: number };
  eraseRectangle: { readonly value: number };
  changeStrokes: NoAttributes;
  blur: NoAttributes;
  changeTone: { readonly stream: number };
  randomUniform: { readonly shape: readonly number[]; readonly amplitude: number; readonly stream: number };
  oneHot: { readonly classes: number };
  conv2d: Window2d & { readonly activation?: Activation };
  conv2dGradient: Window2d;
  conv2dInputGradient: Window2d & { readonly inputShape: readonly number[] };
  conv2dKernelGradient: Window2d & { readonly kernelShape: readonly number[] };
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean; readonly activation?: Activation };
  addBias: NoAttributes;
  sumRows: NoAttributes;
  activation: Activation;
  activationGradient: Activation;
  maxPool2d: PoolWindow2d;
  maxPool2dGradient: PoolWindow2d & { readonly inputShape: readonly number[] };
  averagePool2d: PoolWindow2d;
  averagePool2dGradient: PoolWindow2d & { readonly inputShape: readonly number[] };
  batchNormalization: { readonly epsilon: number };
  batchNormalizationGradient: { readonly epsilon: number };
  batchNormalizationInference: { readonly epsilon: number };
  batchNormalizationInferenceGradient: { readonly epsilon: number };
  foldNormalization: { readonly epsilon: number; readonly side: 'input' | 'output' };
  updateMovingAverage: { readonly momentum: number };
  dropout: { readonly rate: number; readonly stream: number };
  softmax: NoAttributes;
  softmaxGradient: NoAttributes;
  softmaxCrossEntropy: { readonly labelSmoothing: number };
  softmaxCrossEntropyGradient: { readonly labelSmoothing: number };
  meanRows: NoAttributes;
  meanRowsGradient: { readonly rows: number };
  correctPredictions: NoAttributes;
  reshape: { readonly shape: readonly number[] };
  add: NoAttributes;
  sumSquares: { readonly factor: number };
  scaleByScalar: { readonly factor: number };
  stopUnlessFinite: NoAttributes;
  sgd: { readonly momentum: number; readonly nesterov: boolean };
  adam: { readonly beta1: number; readonly beta2: number; readonly epsilon: number };
}

export type OpName = keyof OpAttributes;

export interface Op<N extends OpName = OpName> {
  readonly name: N;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly attributes: OpAttributes[N];
  /** Where it comes from, for messages: the layer's name. */
  readonly label: string;
}

/** An op of any name, such that `switch (op.name)` narrows its attributes. */
export type AnyOp = { [N in OpName]: Op<N> }[OpName];

export interface Program {
  readonly tensors: readonly TensorSpec[];
  readonly ops: readonly AnyOp[];
  /** Values the host reads after a run, by name. */
  readonly outputs: ReadonlyMap<string, TensorSpec>;
  /** The most rows a run may have. */
  readonly capacity: number;
}

/** What an op says of an output: its shape, and whether its first axis is the batch. */
export interface OutputShape {
  readonly shape: readonly number[];
  readonly batched: boolean;
  /** Default f32. */
  readonly dtype?: DType;
}

export interface GradientContext<N extends OpName> {
  readonly op: Op<N>;
  /** The gradient of the loss with respect to each output; undefined where nothing depends on that output. */
  readonly outputGradients: readonly (TensorSpec | undefined)[];
  /** Whether the gradient with respect to each input is asked for. */
  readonly needs: readonly boolean[];
  emit<M extends OpName>(name: M, inputs: readonly TensorSpec[], attributes: OpAttributes[M]): readonly TensorSpec[];
}

export interface OpDefinition<N extends OpName> {
  /** Checks the inputs and gives the outputs' shapes. @throws ShapeMismatch */
  shapes(inputs: readonly TensorSpec[], attributes: OpAttributes[N]): readonly OutputShape[];
  /** Emits the ops that compute the gradient with respect to each input that needs one. None: not differentiable. */
  gradient?(context: GradientContext<N>): readonly (TensorSpec | undefined)[];
  /** Multiply-adds of one run at full capacity, where they are what the op costs. */
  multiplyAdds?(op: Op<N>): number;
  /** Inputs that are written: the op changes them in place. */
  updates?(attributes: OpAttributes[N]): readonly number[];
  /** The input whose memory the first output may take over, if nothing reads that input afterwards. */
  readonly inPlace?: number;
}

/** Thrown by shape rules; the builder adds the op and the layer. */
export class ShapeMismatch extends Error {}
