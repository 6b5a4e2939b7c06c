import type { WasmBackendOptions } from './engine/wasm/backend.js';
import { writeWhole } from './files/atomicWrite.node.js';
import { ensembleOf, modelOf } from './models.js';
import { ensembleRecord, readMembers } from './runs/ensembles.node.js';
import { readModel } from './runs/folderRuns.node.js';
import { shippedFile } from './runs/shipped.node.js';
import type { Ensemble } from './train/ensemble.js';
import type { Model, ModelOptions } from './train/model.js';
import type { ModelBase } from './train/modelBase.js';
import { encode, savedModel, type SaveOptions } from './train/modelFile.js';

/** Cifra for Node. */
export * from './library.js';
export { loadDataset, type LoadOptions } from './data/load.node.js';
export { type DatasetChoice, resolveDataset, type ResolvedDataset, type ResolveOptions } from './data/resolve.node.js';

/**
 * Writes a model file (.safetensors), whole or not at all; with `{ precision: 'half' }` half as large.
 * @throws CifraError `weights-not-finite` if a weight is NaN or infinite, `half-range` if one is beyond 65,504 in half
 *   precision; what the file system throws
 */
export async function saveModel(model: ModelBase, path: string, options: SaveOptions = {}): Promise<void> {
  await writeWhole(path, encode(model, options));
}

/**
 * The model of a model file or a run folder. It predicts as it is, and trains on after `compile`.
 * @throws CifraError with what is wrong with the file, and where
 */
export async function loadModel(path: string, options: ModelOptions & WasmBackendOptions = {}): Promise<Model> {
  return modelOf(savedModel(await readModel(path)), options);
}

/**
 * The ensemble in a folder that `cifra train --ensemble` has filled.
 * @throws CifraError `ensemble-not-found`, and with what is wrong with a member, and which
 */
export async function loadEnsemble(folder: string, options: WasmBackendOptions = {}): Promise<Ensemble> {
  const members = await readMembers(folder, await ensembleRecord(folder));
  return ensembleOf(members.map(savedModel), options);
}

/**
 * The model that comes with Cifra: it reads handwritten digits, images [N, 28, 28, 1] with values from 0 to 1, ink 1 on
 * paper 0, sized and centred as MNIST's. models/README.md is its card. In Node it is read from the package, in a page it
 * is fetched from where the bundler has put it.
 */
export async function shippedModel(options: ModelOptions & WasmBackendOptions = {}): Promise<Model> {
  return loadModel(shippedFile('digits'), options);
}

/** The small network that comes with Cifra and says of such an image how probably it is no digit (0) or one (1). */
export async function shippedGate(options: ModelOptions & WasmBackendOptions = {}): Promise<Model> {
  return loadModel(shippedFile('gate'), options);
}
