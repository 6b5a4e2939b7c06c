import { sha256 } from '../files/sha256.js';
import { Network } from '../nn/index.js';
import { CifraError } from '../numeric/errors.js';
import { formatShape } from '../numeric/tensor.js';
import { formatJson, type Json, parseJson, printable, show } from './json.js';
import { decodeSafetensors, encodeSafetensors, type Float32Tensor, sortedByName, writeFloats } from './safetensors.js';

/** A trained network: what a model file holds. */
export interface Model {
  /** The network's configuration, as `Network.toConfig` makes it. */
  readonly network: Json;
  /** By name: `conv2d/kernel`; moving statistics included. */
  readonly weights: ReadonlyMap<string, Float32Tensor>;
  readonly metadata: ModelMetadata;
}

export interface ModelMetadata {
  /** The version of Cifra whose engine trained it. */
  readonly engine: string;
  /** How it was trained: recipe, seed, dataset and its hash, accuracy. */
  readonly training?: Json;
  /** What the classes are called, in the order of the outputs. */
  readonly classNames?: readonly string[];
}

/** How the weights of a model file are written: float32, or halves of half the size that are the nearest to them. */
export type Precision = 'single' | 'half';

const FORMAT = 'cifra';
const FORMAT_VERSION = '1';

/**
 * A model file: a .safetensors file with the network's configuration in its metadata. Equal models give equal bytes.
 * @throws CifraError `json-number` and what `encodeSafetensors` throws
 */
export function encodeModel(
  { network, weights, metadata }: Model,
  precision: Precision = 'single',
): Uint8Array<ArrayBuffer> {
  const { engine, training, classNames } = metadata;
  const texts = new Map([
    ['format', FORMAT],
    ['formatVersion', FORMAT_VERSION],
    ['network', formatJson(network, "The network's configuration")],
    ['engine', engine],
  ]);
  if (training !== undefined) texts.set('training', formatJson(training, 'The record of the training'));
  if (classNames !== undefined) texts.set('classNames', JSON.stringify(classNames));
  return encodeSafetensors({ tensors: weights, metadata: texts }, precision === 'half' ? 'F16' : 'F32');
}

/**
 * The model in a file's bytes: a network that can be made, with the weights that it needs. `file` is what messages call
 * it.
 * @throws CifraError what `decodeSafetensors` throws, `model-format` where it is no model file of ours, `model-version`,
 *   `model-damaged`, what `Network.fromConfig` throws where the network cannot be made, `weights` where its weights are not
 *   those of its network
 */
export function decodeModel(bytes: Uint8Array, file: string): Model {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  checkFormat(metadata, file);
  const json = (key: string): Json | undefined => {
    const text = metadata.get(key);
    return text === undefined ? undefined : parseJson(text, (problem) => damaged(file, key, problem));
  };
  const network = json('network');
  if (network === undefined)
    throw damaged(file, 'network', 'it is not there, and without it the weights are of no use');
  const engine = metadata.get('engine');
  if (engine === undefined) throw damaged(file, 'engine', 'it is not there');
  const training = json('training');
  const classNames = json('classNames');
  if (classNames !== undefined && !isTexts(classNames)) {
    throw damaged(file, 'classNames', `it is ${show(classNames)}, not a list of texts`);
  }
  checkWeights(networkOf(network, file), tensors, file);
  return {
    network,
    weights: tensors,
    metadata: { engine, ...(training !== undefined && { training }), ...(classNames !== undefined && { classNames }) },
  };
}

/**
 * The fingerprint of a network's weights: the SHA-256 of every tensor's f32 little-endian bytes, one after the other,
 * names sorted by their UTF-16 code units. Moving statistics belong to the weights.
 * @throws CifraError `weights-not-finite`, `no-webcrypto`
 */
export async function weightsSha256(weights: ReadonlyMap<string, Float32Array>): Promise<string> {
  const sorted = sortedByName(weights);
  const bytes = new Uint8Array(sorted.reduce((sum, [, data]) => sum + data.byteLength, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [name, data] of sorted) at = writeFloats(view, at, data, name);
  return sha256(bytes);
}

function checkFormat(metadata: ReadonlyMap<string, string>, file: string): void {
  const format = metadata.get('format');
  if (format !== FORMAT) {
    throw new CifraError(
      'model-format',
      `${file} is no model of Cifra: the format in its metadata is ${format === undefined ? 'not given' : show(format)}, and "${FORMAT}" was expected.`,
      'Give a model.safetensors that Cifra saved: other files do not say what network their weights belong to.',
    );
  }
  const version = metadata.get('formatVersion');
  if (version !== FORMAT_VERSION) {
    throw new CifraError(
      'model-version',
      `${file} has format version ${version === undefined ? 'none' : show(version)}, and this version of Cifra reads "${FORMAT_VERSION}".`,
      'Open it with the version of Cifra that saved it, or update Cifra.',
    );
  }
}

/** The network of a configuration. Errors keep their code and remedy, and name the file. */
function networkOf(config: Json, file: string): Network {
  try {
    return Network.fromConfig(config);
  } catch (error) {
    if (!(error instanceof CifraError)) throw error;
    const [problem = ''] = error.message.split('\n  ', 1);
    const { remedy = 'Open it with the version of Cifra that saved it.' } = error;
    throw new CifraError(
      error.code,
      `${file} holds a network that cannot be made: ${printable(problem, 400)}`,
      printable(remedy, 400),
      { cause: error },
    );
  }
}

function checkWeights(network: Network, tensors: ReadonlyMap<string, Float32Tensor>, file: string): void {
  const fail = (problem: string): CifraError =>
    new CifraError(
      'weights',
      `${file} does not hold the weights of its own network: ${problem}.`,
      'Copy the file again, or save the model again.',
    );
  for (const { name, shape } of network.weights) {
    const given = tensors.get(name);
    if (given === undefined) throw fail(`${show(name)} is missing`);
    if (formatShape(given.shape) !== formatShape(shape)) {
      throw fail(`${show(name)} has shape ${show(given.shape)}, and ${show(shape)} was expected`);
    }
  }
  const names = new Set(network.weights.map(({ name }) => name));
  for (const name of tensors.keys()) if (!names.has(name)) throw fail(`there is no place for ${show(name)}`);
}

function isTexts(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function damaged(file: string, key: string, problem: string): CifraError {
  return new CifraError(
    'model-damaged',
    `${file} cannot be used, because of "${key}" in its metadata: ${problem}.`,
    'Copy the file again, or save the model again.',
  );
}
