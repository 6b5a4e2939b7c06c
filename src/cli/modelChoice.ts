import type { DatasetName } from '../data/dataset.js';
import { datasetChoices } from '../data/resolve.node.js';
import { wasmBackend } from '../engine/wasm/backend.js';
import { lossFrom } from '../nn/index.js';
import { modelPathOf, readModel } from '../runs/folderRuns.node.js';
import { isObject } from '../runs/json.js';
import { Model } from '../train/model.js';
import { savedModel } from '../train/modelFile.js';
import type { Recipe } from '../train/recipe.js';

export interface ChosenModel {
  readonly model: Model;
  /** Where it was read from. */
  readonly file: string;
  readonly recipe: Pick<Recipe, 'loss'>;
  /** What it was trained on, where its file says so. */
  readonly dataset: DatasetName | undefined;
}

/** The model in a run's folder or a file, ready to read images. */
export async function chosenModel(path: string, threads: number | undefined): Promise<ChosenModel> {
  const file = await modelPathOf(path);
  const { network, weights, metadata } = savedModel(await readModel(file));
  const model = new Model(network, () => wasmBackend(threads === undefined ? {} : { threads }));
  model.setWeights(weights);
  const loss = lossFrom(within(metadata.training, 'recipe', 'loss') ?? 'categoricalCrossentropy');
  model.compile({ loss, metrics: ['accuracy'] });
  const trainedOn = within(metadata.training, 'dataset', 'name');
  return {
    model,
    file,
    recipe: { loss: loss.config },
    dataset: datasetChoices.find((name): name is DatasetName => name !== 'auto' && name === trainedOn),
  };
}

/** What lies at a path of keys in JSON, if anything. */
function within(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}
