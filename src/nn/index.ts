/**
 * Describing networks, with Keras's names and semantics. Reading order: `layers/conv2d.ts` (what a layer is),
 * `sequential.ts` (layers become a network), `programs.ts` (a network becomes programs that a backend runs).
 */
export { activations, type ActivationFunction, type ActivationLike } from './activations.js';
export { augment, type Augmentation } from './augmentation.js';
export type { Config, Json } from './config.js';
export { initializers, type Initializer, type InitializerLike } from './initializers.js';
export { activation, type ActivationOptions } from './layers/activation.js';
export { averagePooling2d } from './layers/averagePooling2d.js';
export { batchNormalization, type BatchNormalizationOptions } from './layers/batchNormalization.js';
export { conv2d, type Conv2dOptions } from './layers/conv2d.js';
export { dense, type DenseOptions } from './layers/dense.js';
export { dropout, type DropoutOptions } from './layers/dropout.js';
export { flatten } from './layers/flatten.js';
export { globalAveragePooling2d } from './layers/globalAveragePooling2d.js';
export type { ApplyContext, Layer, LayerOptions, Shape, WeightSpec } from './layers/layer.js';
export { maxPooling2d } from './layers/maxPooling2d.js';
export type { Pooling2dOptions } from './layers/pooling2d.js';
export {
  categoricalCrossentropy,
  type CrossentropyOptions,
  type Loss,
  lossFrom,
  type LossLike,
  sparseCategoricalCrossentropy,
  type TargetKind,
} from './losses.js';
export { accuracy, type Metric, type MetricLike, metricsFrom } from './metrics.js';
export {
  adam,
  type AdamOptions,
  adamW,
  type AdamWOptions,
  type EmaOptions,
  type Optimizer,
  optimizerFrom,
  type OptimizerLike,
  sgd,
  type SgdOptions,
  type WeightAverage,
} from './optimizers.js';
export {
  evaluationProgram,
  type EvaluationProgramOptions,
  imageGradientProgram,
  type ImageFormat,
  layerOutput,
  layersProgram,
  predictionProgram,
  type PredictionProgramOptions,
  slotName,
  statisticsNames,
  statisticsOutput,
  statisticsProgram,
  type StatisticsProgramOptions,
  trainingProgram,
  type TrainingProgramOptions,
} from './programs.js';
export { l2, type L2Options, type Regularizer, type RegularizerLike } from './regularizers.js';
export {
  cosineDecay,
  type CosineDecayOptions,
  exponentialDecay,
  type ExponentialDecayOptions,
  type LearningRateLike,
  oneCycle,
  type OneCycleOptions,
  piecewiseConstantDecay,
  type PiecewiseConstantDecayOptions,
  type Schedule,
} from './schedules.js';
export { Network, type ParameterCounts, type PlacedLayer, sequential, type Weight } from './sequential.js';
export { formatSummary, type LayerSummary, type SummaryData } from './summary.js';
