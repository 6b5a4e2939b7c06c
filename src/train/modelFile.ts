import { Network } from '../nn/index.js';
import { decodeModel, encodeModel, type Model as StoredModel, type ModelMetadata } from '../runs/modelFile.js';
import { version } from '../runs/version.js';
import type { ModelBase } from './modelBase.js';

/** A network and its weights, as a model file holds them. */
export interface SavedModel {
  readonly network: Network;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly metadata: ModelMetadata;
}

/**
 * The bytes of a model file (.safetensors): the network's configuration, every weight and what is said of them.
 * @throws CifraError `weights-not-finite` if a weight is NaN or infinite
 */
export function encode(model: ModelBase, metadata: Omit<ModelMetadata, 'engine'> = {}): Uint8Array<ArrayBuffer> {
  const weights = model.getWeights();
  return encodeModel({
    network: model.network.toConfig(),
    weights: new Map(model.network.weights.map(({ name, shape }) => [name, { shape, data: weights.get(name)! }])),
    metadata: { engine: version, ...metadata },
  });
}

/**
 * What a model file's bytes hold. `file` is what messages call it.
 * @throws CifraError with what is wrong with the file, and where
 */
export function decode(bytes: Uint8Array, file: string): SavedModel {
  return savedModel(decodeModel(bytes, file));
}

/** The network and the weights of a stored model. @throws CifraError `network-config` */
export function savedModel({ network, weights, metadata }: StoredModel): SavedModel {
  return {
    network: Network.fromConfig(network),
    weights: new Map([...weights].map(([name, { data }]) => [name, data])),
    metadata,
  };
}
