import { wasmBackend } from './engine/wasm/backend.js';
import { type Layer, sequential as network } from './nn/index.js';
import { Model } from './train/model.js';

export interface SequentialOptions {
  readonly name?: string;
  readonly seed?: number;
  readonly threads?: number;
}
export function sequential(layers: readonly Layer[], { seed = 0, threads, ...rest }: SequentialOptions = {}): Model {
  return new Model(network(layers, rest), () => wasmBackend(threads === undefined ? {} : { threads }), { seed });
}
export * from './nn/index.js';
export { loadDataset } from './data/load.node.js';
export { normalize } from './data/normalize.js';
export { oneHot } from './data/oneHot.js';
export { imageDataGenerator } from './augment/imageDataGenerator.js';
