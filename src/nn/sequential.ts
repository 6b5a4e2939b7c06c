import { CifraError, nearest } from '../numeric/errors.js';
import { Random, streams } from '../numeric/philox.js';
import { formatShape, sizeOf } from '../numeric/tensor.js';
import type { Config } from './config.js';
import { layerTypes } from './layers/index.js';
import { type Layer, Misfit, type Shape, type WeightSpec } from './layers/layer.js';
import { byDefault, identifier, readOptions, required, show } from '../numeric/options.js';
import { className, formatSummary, type SummaryData } from './summary.js';

/** A weight in its network. Its name is `layer/weight`: `conv2d/kernel`. */
export interface Weight extends WeightSpec {
  /** The name of its layer. */
  readonly layer: string;
}

/** A layer in its network: with a name of its own and known shapes. */
export interface PlacedLayer {
  readonly name: string;
  readonly layer: Layer;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly weights: readonly Weight[];
  /** For one row. */
  readonly multiplyAdds: number;
}

/** The numbers of weights: trainable ones the optimizer changes, the others are moving averages or frozen. */
export interface ParameterCounts {
  readonly total: number;
  readonly trainable: number;
  readonly nonTrainable: number;
}

/** The version of the configurations that `toConfig` writes. */
const CONFIG_VERSION = 1;

/**
 * Layers one after the other: the description of a network, with all names and shapes. It holds no values: these are in
 * the states of the programs that `programs.ts` writes for it.
 */
export class Network {
  readonly layers: readonly PlacedLayer[];
  /** In the order of the layers. */
  readonly weights: readonly Weight[];
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** Multiply-adds of convolutions and matrix products for one row. */
  readonly multiplyAdds: number;

  /** See `sequential`. */
  constructor(
    layers: readonly Layer[],
    readonly name: string,
  ) {
    this.layers = place(layers);
    this.weights = this.layers.flatMap((placed) => placed.weights);
    this.inputShape = this.layers[0]!.inputShape;
    this.outputShape = this.lastLayer.outputShape;
    this.multiplyAdds = this.layers.reduce((sum, placed) => sum + placed.multiplyAdds, 0);
  }

  get lastLayer(): PlacedLayer {
    return this.layers.at(-1)!;
  }

  /** Whether the output are probabilities: the last layer's activation is softmax. */
  get endsInSoftmax(): boolean {
    return this.lastLayer.layer.activation?.config.type === 'softmax';
  }

  countParams(): ParameterCounts {
    const total = countValues(this.weights);
    const trainable = countValues(this.weights.filter((weight) => weight.trainable));
    return { total, trainable, nonTrainable: total - trainable };
  }

  /**
   * First values for every weight, by name. A weight's values depend on the seed, its name and its shape alone, so that
   * they stay when layers with other names are added or taken away.
   * @param seed a whole number from 0 to 2^53 - 1
   * @throws CifraError `seed`
   */
  initialWeights(seed: number): Map<string, Float32Array> {
    return new Map([...this.weightMakers(seed)].map(([name, make]) => [name, make()]));
  }

  /** The same, each to be drawn when it is needed: not at all where saved weights take its place. @throws CifraError `seed` */
  weightMakers(seed: number): Map<string, () => Float32Array> {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new CifraError('seed', `The seed must be a whole number from 0 to 2^53 - 1, but is ${show(seed)}.`);
    }
    return new Map(
      this.weights.map(({ name, shape, initializer }) => [
        name,
        () => initializer.values(shape, new Random(seed, streams.initializer, hashOf(name))),
      ]),
    );
  }

  /** The table Keras prints, with the multiply-adds of every layer. */
  summary(): string {
    return formatSummary(this.summaryData());
  }

  /** What `summary` prints, as data. */
  summaryData(): SummaryData {
    const { total, trainable, nonTrainable } = this.countParams();
    return {
      name: this.name,
      inputShape: this.inputShape,
      parameters: total,
      trainable,
      nonTrainable,
      multiplyAdds: this.multiplyAdds,
      layers: this.layers.map(({ name, layer, outputShape, weights, multiplyAdds }) => ({
        name,
        type: className(layer.type),
        outputShape,
        parameters: countValues(weights),
        multiplyAdds,
      })),
    };
  }

  /** The network as JSON, without its weights. */
  toConfig(): Config {
    const layers = this.layers.map(({ name, layer }) => ({ ...layer.config, name }));
    return { type: 'sequential', version: CONFIG_VERSION, name: this.name, layers };
  }

  /**
   * The network of a configuration that `toConfig` made.
   * @throws CifraError `network-config` if it is none, or what the layers' functions throw
   */
  static fromConfig(config: unknown): Network {
    const { type, version, name, layers }: ConfigFields = typeof config === 'object' && config !== null ? config : {};
    if (type !== 'sequential') {
      throw configError(`its type must be "sequential", but is ${show(type)}`);
    }
    if (version !== CONFIG_VERSION) {
      throw configError(`it has format version ${show(version)}, but this version of Cifra reads ${CONFIG_VERSION}`);
    }
    if (!Array.isArray(layers)) throw configError(`its layers must be a list, but are ${show(layers)}`);
    const options = { name: required(identifier) };
    const network = readOptions('The configuration of the network', { name }, options);
    return sequential(layers.map(layerFrom), network);
  }
}

/**
 * A network of layers one after the other. The first needs an `inputShape`:
 *
 *     const network = sequential([
 *       conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
 *       maxPooling2d(),
 *       flatten(),
 *       dense({ units: 10, activation: 'softmax' }),
 *     ]);
 *
 * @throws CifraError `network-layers`, `layer-name`, or `shape-mismatch` where a layer does not fit the one before
 */
export function sequential(layers: readonly Layer[], options: { readonly name?: string } = {}): Network {
  const { name } = readOptions('sequential', options, { name: byDefault(identifier, 'sequential') });
  return new Network(layers, name);
}

// ------------------------------------------------------------------------------------------------ placing layers

function place(layers: readonly Layer[]): PlacedLayer[] {
  checkLayers(layers);
  const names = layerNames(layers);
  let inputShape = layers[0]!.inputShape!;
  return layers.map((layer, i) => {
    const name = names[i]!;
    try {
      const placed = placeLayer(layer, name, inputShape);
      inputShape = placed.outputShape;
      return placed;
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      const where = `Layer "${name}" (${className(layer.type)}, number ${i + 1} of ${layers.length})`;
      throw new CifraError('shape-mismatch', `${where} does not fit: ${error.message}.`, error.remedy);
    }
  });
}

function placeLayer(layer: Layer, name: string, inputShape: Shape): PlacedLayer {
  const expected = layer.inputShape;
  if (expected && formatShape(expected) !== formatShape(inputShape)) {
    throw new Misfit(
      `its inputShape is ${formatShape(expected)}, but its input has shape ${formatShape(inputShape)}`,
      'Give an inputShape to the first layer only: the others take what comes from the layer before.',
    );
  }
  const outputShape = layer.outputShape(inputShape);
  const weights = layer.weights(inputShape).map((weight) => ({
    ...weight,
    name: `${name}/${weight.name}`,
    trainable: weight.trainable && layer.trainable,
    layer: name,
  }));
  return { name, layer, inputShape, outputShape, weights, multiplyAdds: layer.multiplyAdds(inputShape) };
}

function checkLayers(layers: readonly Layer[]): void {
  const given: unknown = layers;
  if (!Array.isArray(given) || given.length === 0) {
    throw new CifraError(
      'network-layers',
      `sequential needs a list of layers, but was given ${show(given)}.`,
      "Write sequential([dense({ units: 10, activation: 'softmax', inputShape: [784] })]), for example.",
    );
  }
  layers.forEach((layer: unknown, i) => {
    if (typeof layer === 'object' && layer !== null && 'apply' in layer && 'outputShape' in layer) return;
    throw new CifraError(
      'network-layers',
      `Number ${i + 1} of the layers given to sequential is no layer, but ${show(layer)}.`,
      typeof layer === 'function' ? `Call it: ${layer.name}({ ... }).` : 'Make layers with conv2d, dense and so on.',
    );
  });
  if (layers[0]!.inputShape === undefined) {
    throw new CifraError(
      'network-layers',
      `The first layer (${className(layers[0]!.type)}) has no inputShape.`,
      'Give it the shape of one row of data, without the batch axis: inputShape: [28, 28, 1].',
    );
  }
}

/** Given names, and for the others Keras's: the type in snake case, from the second on with a number. */
function layerNames(layers: readonly Layer[]): string[] {
  const taken = new Set<string>();
  for (const { name } of layers) {
    if (name !== undefined && taken.has(name)) {
      throw new CifraError('layer-name', `Two layers are called "${name}".`, 'Give every layer its own name.');
    }
    if (name !== undefined) taken.add(name);
  }
  const counts = new Map<string, number>();
  return layers.map(({ name, type }) => {
    if (name !== undefined) return name;
    const base = type.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    let count = counts.get(type) ?? 0;
    const numbered = () => (count === 0 ? base : `${base}_${count}`);
    while (taken.has(numbered())) count++;
    const free = numbered();
    taken.add(free);
    counts.set(type, count + 1);
    return free;
  });
}

// -------------------------------------------------------------------------------------------------- configurations

interface ConfigFields {
  readonly type?: unknown;
  readonly version?: unknown;
  readonly name?: unknown;
  readonly layers?: unknown;
}

function configError(problem: string, remedy?: string): CifraError {
  return new CifraError('network-config', `This is no configuration of a network: ${problem}.`, remedy);
}

function layerFrom(config: unknown, i: number): Layer {
  if (typeof config !== 'object' || config === null || !('type' in config) || typeof config.type !== 'string') {
    throw configError(`number ${i + 1} of its layers must be an object with a type, but is ${show(config)}`);
  }
  const { type, ...options } = config;
  const types = Object.keys(layerTypes);
  if (types.includes(type)) return layerTypes[type]!(options);
  const guess = nearest(type, types);
  throw configError(
    `number ${i + 1} of its layers has the unknown type "${type}"`,
    `${guess ? `Did you mean "${guess}"? ` : ''}Known are: ${types.join(', ')}.`,
  );
}

// ---------------------------------------------------------------------------------------------------------- helpers

function countValues(weights: readonly Weight[]): number {
  return weights.reduce((sum, weight) => sum + sizeOf(weight.shape), 0);
}

/** A 32-bit number for a text: FNV-1a over its UTF-16 code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
