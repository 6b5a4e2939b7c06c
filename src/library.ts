import { type WasmBackendOptions, wasmBackend } from './engine/wasm/backend.js';
import { type Layer, sequential as network } from './nn/index.js';
import { Model, type ModelOptions } from './train/model.js';
import { decode, type SavedModel } from './train/modelFile.js';

/** What Node and browsers have in common: everything but files and folders. */

export interface SequentialOptions extends ModelOptions, WasmBackendOptions {
  readonly name?: string;
}

/**
 * A network of layers one after the other, with its first weights, on the wasm backend:
 *
 *     const model = sequential([
 *       conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
 *       maxPooling2d(),
 *       flatten(),
 *       dense({ units: 10, activation: 'softmax' }),
 *     ], { seed: 1 });
 *
 * Threads start with the first call that computes, and end with `model.dispose()`.
 * @throws CifraError `network-layers`, `layer-name`, `shape-mismatch`, `seed`
 */
export function sequential(layers: readonly Layer[], options: SequentialOptions = {}): Model {
  const { name, seed, ...backend } = options;
  return new Model(network(layers, name === undefined ? {} : { name }), () => wasmBackend(backend), { seed });
}

/** The model in a model file's bytes; it predicts as it is, and trains on after `compile`. */
export function modelFrom(bytes: Uint8Array, options: ModelOptions & WasmBackendOptions = {}): Model {
  return modelOf(decode(bytes, 'The model'), options);
}

export function modelOf(saved: SavedModel, { seed, ...backend }: ModelOptions & WasmBackendOptions = {}): Model {
  const model = new Model(saved.network, () => wasmBackend(backend), { seed });
  model.setWeights(saved.weights);
  return model;
}

export {
  imageDataGenerator,
  type ImageDataGenerator,
  type ImageDataGeneratorOptions,
} from './augment/imageDataGenerator.js';
export type { Dataset, DatasetName, LabelledImages } from './data/dataset.js';
export { normalize } from './data/normalize.js';
export { oneHot } from './data/oneHot.js';
export { shuffleOrder } from './data/shuffle.js';
export { splitIndices, splitTrain, take } from './data/split.js';
export { syntheticDigits } from './data/synthetic/index.js';
export type { Backend, Executable } from './engine/backend.js';
export { ProgramBuilder } from './engine/program/builder.js';
export { referenceBackend } from './engine/reference/backend.js';
export { wasmBackend, type WasmBackendOptions } from './engine/wasm/backend.js';
export {
  accuracy,
  activation,
  activations,
  adam,
  adamW,
  averagePooling2d,
  batchNormalization,
  categoricalCrossentropy,
  conv2d,
  cosineDecay,
  dense,
  dropout,
  exponentialDecay,
  flatten,
  globalAveragePooling2d,
  initializers,
  l2,
  type Layer,
  maxPooling2d,
  Network,
  piecewiseConstantDecay,
  sgd,
  sparseCategoricalCrossentropy,
} from './nn/index.js';
export { CifraError } from './numeric/errors.js';
export { rows, type Tensor, tensor } from './numeric/tensor.js';
export { weightsSha256 } from './runs/modelFile.js';
export { version } from './runs/version.js';
export type { BatchLog, Callback, EpochLog, Training } from './train/callbacks/callback.js';
export { csvLogger } from './train/callbacks/csvLogger.js';
export { earlyStopping } from './train/callbacks/earlyStopping.js';
export { learningRateScheduler } from './train/callbacks/learningRateScheduler.js';
export { modelCheckpoint } from './train/callbacks/modelCheckpoint.js';
export type { Targets } from './train/examples.js';
export type { FitOptions } from './train/fit.js';
export { History } from './train/history.js';
export { Model } from './train/model.js';
export type { BatchOptions, CompileOptions, Evaluation } from './train/modelBase.js';
export { encode as modelBytes } from './train/modelFile.js';
export { type Recipe } from './train/recipe.js';
