import { Network } from '../nn/index.js';
import { byDefault, oneOf, readOption } from '../numeric/options.js';
import {
  decodeModel,
  encodeModel,
  type Model as StoredModel,
  type ModelMetadata,
  type Precision,
} from '../runs/modelFile.js';
import { version } from '../runs/version.js';
import type { ModelBase } from './modelBase.js';

/** A network and its weights, as a model file holds them. */
export interface SavedModel {
  readonly network: Network;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly metadata: ModelMetadata;
}

/** What is said of a model in its file, and how its weights are written. */
export interface SaveOptions extends Omit<ModelMetadata, 'engine'> {
  /**
   * `'half'` makes the file half as large: every weight is rounded to the nearest number of 11 binary digits (F16), and
   * the model that is loaded has these. Training goes on better from `'single'`, the default, which rounds nothing.
   */
  readonly precision?: Precision;
}

const precisionOption = byDefault(oneOf('single', 'half'), 'single');

/**
 * The bytes of a model file (.safetensors): the network's configuration, every weight and what is said of them.
 * @throws CifraError `weights-not-finite` if a weight is NaN or infinite, `half-range` if one is beyond 65,504 in half
 *   precision
 */
export function encode(model: ModelBase, { precision, ...metadata }: SaveOptions = {}): Uint8Array<ArrayBuffer> {
  const weights = model.getWeights();
  const stored: StoredModel = {
    network: model.network.toConfig(),
    weights: new Map(model.network.weights.map(({ name, shape }) => [name, { shape, data: weights.get(name)! }])),
    metadata: { engine: version, ...metadata },
  };
  return encodeModel(stored, readOption('The model file', 'precision', precisionOption, precision));
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
