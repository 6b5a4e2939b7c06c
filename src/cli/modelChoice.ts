import { join } from 'node:path';
import type { DatasetName } from '../data/dataset.js';
import { datasetChoices } from '../data/resolve.node.js';
import { ensembleOf, modelOf } from '../models.js';
import { type Loss, lossFrom } from '../nn/index.js';
import { CifraError } from '../numeric/errors.js';
import { ENSEMBLE_FILE } from '../runs/ensembleRecord.js';
import { readEnsembleRecord, readMembers } from '../runs/ensembles.node.js';
import { modelPathOf, readModel } from '../runs/folderRuns.node.js';
import { shippedFile } from '../runs/shipped.node.js';
import { isObject } from '../runs/json.js';
import type { Classifier } from '../train/ensemble.js';
import { Model } from '../train/model.js';
import { type SavedModel, savedModel } from '../train/modelFile.js';
import type { Recipe } from '../train/recipe.js';
import { percent } from './terminal/text.js';

export interface ChosenModel {
  readonly model: Classifier;
  /** Where it was read from. */
  readonly file: string;
  /** What people are told it is: its file, or that it comes with Cifra. */
  readonly title: string;
  readonly recipe: Pick<Recipe, 'loss'>;
  /** What it was trained on, where its file says so. */
  readonly dataset: DatasetName | undefined;
}

/** The model in a run's folder or a file, or the ensemble in a folder, ready to read images; without a path Cifra's own. */
export async function chosenModel(given: string | undefined, threads: number | undefined): Promise<ChosenModel> {
  const options = threads === undefined ? {} : { threads };
  const path = given ?? shippedFile('digits');
  const ensemble = await readEnsembleRecord(path);
  const file = ensemble ? join(path, ENSEMBLE_FILE) : await modelPathOf(path);
  const saved = (ensemble ? await readMembers(path, ensemble) : [await readModel(file)]).map(savedModel);
  const [{ metadata }] = saved as [SavedModel];
  const loss = lossFrom(within(metadata.training, 'recipe', 'loss') ?? 'categoricalCrossentropy');
  const model = ensemble ? ensembleOf(saved, options) : compiled(modelOf(saved[0]!, options), loss);
  const trainedOn = within(metadata.training, 'dataset', 'name');
  return {
    model,
    file,
    title: given === undefined ? shippedTitle(metadata.training) : file,
    recipe: { loss: loss.config },
    dataset: datasetChoices.find((name): name is DatasetName => name !== 'auto' && name === trainedOn),
  };
}

/**
 * The network of a model that is one, to look inside.
 * @throws CifraError `one-model` if it is an ensemble
 */
export function singleModel({ model, file }: ChosenModel): Model {
  if (model instanceof Model) return model;
  throw new CifraError(
    'one-model',
    `${file} is an ensemble, and one network is looked into at a time.`,
    'Give the folder of one of its seeds.',
  );
}

/** @throws CifraError `reader-model` if it was trained on something else than digits */
export function checkReadsDigits({ file, dataset }: ChosenModel, advice: string): void {
  if (dataset !== 'fashion-mnist') return;
  throw new CifraError(
    'reader-model',
    `${file} was trained on Fashion-MNIST: it tells shirts from shoes, and pictures are read as digits.`,
    advice,
  );
}

/** "the model that comes with Cifra, 99.71% of MNIST" */
function shippedTitle(training: unknown): string {
  const accuracy = within(training, 'testAccuracy');
  const of = typeof accuracy === 'number' ? `, ${percent(accuracy)} of MNIST` : '';
  return `the model that comes with Cifra${of}`;
}

function compiled(model: Model, loss: Loss): Model {
  model.compile({ loss, metrics: ['accuracy'] });
  return model;
}

/** What lies at a path of keys in JSON, if anything. */
function within(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}
