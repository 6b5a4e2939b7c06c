/** What Node and browsers have in common: everything but files and folders. */
export { modelFromBytes, sequential, type SequentialOptions } from './models.js';
export type { BlurOptions } from './augment/blur.js';
export type { ElasticOptions } from './augment/elastic.js';
export type { ErasingOptions } from './augment/erasing.js';
export {
  imageDataGenerator,
  type ImageDataGenerator,
  type ImageDataGeneratorOptions,
  type ImageDataGeneratorSettings,
} from './augment/imageDataGenerator.js';
export type { StrokesOptions } from './augment/strokes.js';
export type { ContrastOptions, NoiseOptions } from './augment/tone.js';
export {
  type ChangedImage,
  type ComparedRun,
  compareRuns,
  mcnemar,
  type McNemarTest,
  type PairedCounts,
  pairedInterval,
  type RunComparison,
  type RunFigures,
  type RunPair,
  settingDifferences,
  type SettingDifference,
  type SettingValue,
} from './compare/index.js';
export type { Dataset, DatasetName, LabelledImages } from './data/dataset.js';
export { normalize } from './data/normalize.js';
export { oneHot } from './data/oneHot.js';
export { shuffleOrder } from './data/shuffle.js';
export { splitIndices, splitTrain, take } from './data/split.js';
export {
  type SyntheticDigits,
  syntheticDigits,
  type SyntheticDigitsOptions,
  syntheticStrokes,
} from './data/synthetic/index.js';
/** Any picture to what a network for digits expects, and whether it shows one. */
export * from './digit/index.js';
export type { Backend, Executable, ExecutableDescription } from './engine/backend.js';
export { ProgramBuilder } from './engine/program/builder.js';
export type { Program, TensorSpec } from './engine/program/types.js';
export { referenceBackend } from './engine/reference/backend.js';
export { wasmBackend, type WasmBackendOptions } from './engine/wasm/backend.js';
export {
  type ActivationArithmetic,
  type ActivationStep,
  type Arithmetic,
  arithmetic,
  type ArithmeticStep,
  type AveragePooling2dStep,
  type BatchNormalizationStep,
  type ChannelProducts,
  type Conv2dStep,
  type DenseStep,
  divergingColour,
  type DropoutStep,
  type ElementwiseActivation,
  type FeatureMap,
  featureMapper,
  type FeatureMapper,
  type FeatureMapperOptions,
  featureMaps,
  type FeatureMapsOptions,
  type FlattenStep,
  gradientSaliency,
  type GradientSaliency,
  type GradientSaliencyOptions,
  type ImageRectangle,
  type InputWindow,
  type InspectedModel,
  kernels,
  type Kernels,
  type LayerValues,
  type MaxPooling2dStep,
  occlusion,
  type Occlusion,
  type OcclusionOptions,
  type Place,
  plane,
  type Planes,
  planesOf,
  receptiveField,
  type Rgb,
  sequentialColour,
  type SoftmaxActivation,
} from './inspect/index.js';
/** Everything of nn; its own sequential, a network without weights, stays inside. */
export * from './nn/index.js';
export { CifraError } from './numeric/errors.js';
export {
  type Answers,
  answersOf,
  calibrationError,
  type CalibrationError,
  coverageCurve,
  type CoveragePoint,
  fitTemperature,
  negativeLogLikelihood,
  type ReliabilityBin,
} from './numeric/calibration.js';
export { wilsonInterval } from './numeric/statistics.js';
export { rows, type Tensor, tensor } from './numeric/tensor.js';
export {
  DigitReader,
  type DigitReaderOptions,
  type DigitReading,
  type LikelyDigit,
  type Predictor,
} from './reading/index.js';
export { weightsSha256 } from './runs/modelFile.js';
export type { RunRecord } from './runs/runRecord.js';
export { version } from './runs/version.js';
export {
  augmentationStudy,
  batchNormalizationStudy,
  type Contrast,
  type Effect,
  type Findings,
  findings,
  type Outcome,
  type Reading,
  type ReadingResult,
  runStudy,
  type RunStudyOptions,
  type Study,
  type StudySize,
  type TrainingResult,
  type Variant,
  type Verdict,
} from './study/index.js';
export type { Callback, Training } from './train/callbacks/callback.js';
export type { BatchLog, EpochLog } from './train/logs.js';
export type { EpochProgress, ModelState, TrainingCheckpoint } from './train/checkpoint.js';
export { decodeCheckpoint, encodeCheckpoint, type StoredCheckpoint } from './train/checkpointFile.js';
export { calibrateTemperature, type ProbabilityQuality, type TemperatureCalibration } from './train/calibration.js';
export { csvLogger } from './train/callbacks/csvLogger.js';
export { earlyStopping } from './train/callbacks/earlyStopping.js';
export { learningRateScheduler } from './train/callbacks/learningRateScheduler.js';
export { modelCheckpoint } from './train/callbacks/modelCheckpoint.js';
export { type Classifier, Ensemble } from './train/ensemble.js';
export type { Targets } from './train/examples.js';
export type { FitOptions, TrainingPart } from './train/fit.js';
export { History } from './train/history.js';
export { type IdentityTraining, identityTrainings, trainForIdentity } from './train/identity.js';
export { Model } from './train/model.js';
export type { ModelBase } from './train/modelBase.js';
export type {
  BatchOptions,
  CompileOptions,
  EvaluateOptions,
  Evaluation,
  ModelOptions,
  PredictOptions,
  UpdateBatchNormalizationOptions,
} from './train/modelOptions.js';
export { encode as modelToBytes, type SaveOptions } from './train/modelFile.js';
export { type Phase, type Recipe, recipeFrom } from './train/recipe.js';
export { recipes } from './train/recipes/index.js';
export { RecipeHistory, recipeModel, runRecipe, type RunRecipeOptions } from './train/runRecipe.js';
