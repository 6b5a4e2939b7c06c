import type { LossLike, MetricLike, OptimizerLike } from '../nn/index.js';
import type { Tensor } from '../numeric/tensor.js';

export interface ModelOptions {
  /** Decides initial weights, shuffles, dropout and augmentation: equal seeds give equal weights. Default 0. */
  readonly seed?: number | undefined;
}

export interface CompileOptions {
  readonly optimizer?: OptimizerLike;
  readonly loss: LossLike;
  readonly metrics?: readonly MetricLike[];
}

export interface BatchOptions {
  /** How many images go through the network at once; the result does not depend on it. Default 128. */
  readonly batchSize?: number;
}

export interface PredictOptions extends BatchOptions {
  /** Whether to give what goes into the softmax that the network ends in, instead of what comes out. Default false. */
  readonly logits?: boolean;
}

export interface EvaluateOptions extends BatchOptions {
  /** Whether to give the probabilities too. Default false. */
  readonly withProbabilities?: boolean;
}

export interface Evaluation {
  readonly loss: number;
  /** The share of images read right. Only with the metric accuracy. */
  readonly accuracy?: number;
  /** How many were read right. Only with the metric accuracy. */
  readonly correct?: number;
  readonly count: number;
  /** Of every image, [count, classes]. Only where they were asked for. */
  readonly probabilities?: Tensor<Float32Array>;
}

export interface UpdateBatchNormalizationOptions {
  /** How many images make a batch: the statistics are means of those of batches. Default 128. */
  readonly batchSize?: number;
  /** From how many images, the first ones, the statistics are computed. Default: all. */
  readonly images?: number;
}
