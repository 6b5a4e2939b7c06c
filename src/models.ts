import { type WasmBackendOptions, wasmBackend } from './engine/wasm/backend.js';
import { type Layer, sequential as network } from './nn/index.js';
import { type Kind, optional, readOptions } from './numeric/options.js';
import { Ensemble } from './train/ensemble.js';
import { Model, type ModelOptions } from './train/model.js';
import { decode, type SavedModel } from './train/modelFile.js';

/** Models on the wasm backend: where a network, its training and a backend are joined. */

export interface SequentialOptions extends ModelOptions, WasmBackendOptions {
  readonly name?: string;
}

/** Their values are looked at by those who use them. */
const anything: Kind<{}> = { allowed: 'a value', read: (value) => value ?? undefined };
const backendOptions = { threads: optional(anything), numerics: optional(anything) };
const modelOptions = { seed: optional(anything), ...backendOptions };

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
 * @throws CifraError `network-layers`, `layer-name`, `shape-mismatch`, `seed`, `unknown-option`
 */
export function sequential(layers: readonly Layer[], options: SequentialOptions = {}): Model {
  readOptions('sequential', options, { name: optional(anything), ...modelOptions });
  const { name, seed, ...backend } = options;
  return new Model(network(layers, name === undefined ? {} : { name }), () => wasmBackend(backend), { seed });
}

/** The model in a model file's bytes; it predicts as it is, and trains on after `compile`. */
export function modelFromBytes(bytes: Uint8Array, options: ModelOptions & WasmBackendOptions = {}): Model {
  return modelOf(decode(bytes, 'The model'), options);
}

/** The model that a file held. */
export function modelOf(saved: SavedModel, options: ModelOptions & WasmBackendOptions = {}): Model {
  readOptions('The model', options, modelOptions);
  const { seed, ...backend } = options;
  const model = new Model(saved.network, () => wasmBackend(backend), { seed });
  model.setWeights(saved.weights);
  return model;
}

/** The ensemble of models that files held, on one backend. */
export function ensembleOf(saved: readonly SavedModel[], options: WasmBackendOptions = {}): Ensemble {
  readOptions('The ensemble', options, backendOptions);
  let backend: ReturnType<typeof wasmBackend> | undefined;
  const models = saved.map(({ network, weights }) => {
    const model = new Model(network, () => (backend ??= wasmBackend(options)));
    model.setWeights(weights);
    return model;
  });
  return new Ensemble(models);
}
