import { basename, join, resolve } from 'node:path';
import type { Dataset } from '../../data/dataset.js';
import { datasetChoices, type DatasetChoice } from '../../data/resolve.node.js';
import { CifraError } from '../../numeric/errors.js';
import { type Progress, PROGRESS_FILE, readProgress, type ReportSources } from '../../report/index.js';
import { folderRuns } from '../../runs/folderRuns.node.js';
import type { RunRecord } from '../../runs/runRecord.js';
import type { StoredRun } from '../../runs/runStore.js';
import type { Model } from '../../train/model.js';
import { type Recipe, recipeFrom } from '../../train/recipe.js';
import { type TestResult, testModel } from '../../train/testModel.js';
import { titleOf } from '../datasetView.js';
import { type DataValues, loadData } from '../loadData.js';
import { chosenModel, singleModel } from '../modelChoice.js';
import type { Output } from '../terminal/output.js';
import { counted } from '../terminal/text.js';
import { augmentationData } from './augmented.js';

/** The parts of a run that lie in memory where it has just ended. */
export interface RunParts {
  readonly model: Model;
  readonly dataset: Dataset;
  readonly result: TestResult;
}

export interface OpenedSources extends AsyncDisposable {
  readonly sources: ReportSources;
}

/** What its folder holds of a run that has just ended. */
export async function sourcesOf(place: string, parts: RunParts): Promise<ReportSources> {
  const missing: string[] = [];
  const run = await folderRuns().openRun(place);
  const recipe = parsedRecipe(run.record, place, missing);
  return {
    ...(await fromFolder(run, place, recipe, missing)),
    augmentation: recipe && (await augmentationData(parts.model.backend, parts.dataset.train, recipe, run.record.seed)),
    tested: parts,
    missing,
  };
}

/**
 * What there is of the run in a folder: its files, its model, and the data that it was trained on. What cannot be had is
 * named in `missing`.
 * @throws CifraError where there is no run, or its record or metrics cannot be read
 */
export async function openSources(
  place: string,
  values: Pick<DataValues, 'data-dir' | 'offline'> & { readonly threads?: number | undefined },
  output: Output,
): Promise<OpenedSources> {
  const missing: string[] = [];
  const run = await folderRuns().openRun(place);
  const recipe = parsedRecipe(run.record, place, missing);
  const files = await fromFolder(run, place, recipe, missing);
  const model = await orMissing(missing, async () => singleModel(await chosenModel(place, values.threads)));
  const dataset = await orMissing(missing, () => datasetOf(run.record, values, output));
  const dispose = async (): Promise<void> => model?.dispose();
  if (!model || !dataset) {
    missing.push('Without them, what the network makes of the test images cannot be shown.');
    return {
      sources: { ...files, augmentation: undefined, tested: undefined, missing },
      [Symbol.asyncDispose]: dispose,
    };
  }
  output.live(() => `Reading ${counted(dataset.test.labels.length, 'test image')} …`);
  const result = await testModel(model, dataset.test, recipe ?? { loss: 'categoricalCrossentropy' });
  output.clear();
  const augmentation = recipe && (await augmentationData(model.backend, dataset.train, recipe, run.record.seed));
  return {
    sources: { ...files, augmentation, tested: { model, dataset, result }, missing },
    [Symbol.asyncDispose]: dispose,
  };
}

type FromFolder = Pick<ReportSources, 'name' | 'record' | 'metrics' | 'title' | 'recipe' | 'progress'>;

async function fromFolder(
  { record, metrics, readFile }: StoredRun,
  place: string,
  recipe: Recipe | undefined,
  missing: string[],
): Promise<FromFolder> {
  if (!record.result) {
    missing.push(
      record.note === undefined
        ? 'The run has not come to its end: it still goes on, or was stopped at once.'
        : `The run has not come to its end: ${record.note}`,
    );
  }
  if (metrics.length === 0) missing.push('No epoch has ended, so there are no curves.');
  const progress = await orMissing(missing, async (): Promise<Progress | undefined> => {
    const bytes = await readFile(PROGRESS_FILE);
    if (bytes) return readProgress(bytes, join(place, PROGRESS_FILE));
    missing.push(`${PROGRESS_FILE} is not there, so kernels and predictions are not shown epoch by epoch.`);
    return undefined;
  });
  return { name: basename(resolve(place)), record, metrics, title: titleOf(record.dataset), recipe, progress };
}

function parsedRecipe(record: RunRecord, place: string, missing: string[]): Recipe | undefined {
  try {
    return recipeFrom(record.recipe, `The recipe of ${place}`);
  } catch (error) {
    missing.push(reasonOf(error));
    return undefined;
  }
}

/** The dataset of the record, only if it is the very same. */
async function datasetOf(
  { dataset }: RunRecord,
  values: Pick<DataValues, 'data-dir' | 'offline'>,
  output: Output,
): Promise<Dataset> {
  const choice = datasetChoices.find((name): name is DatasetChoice => name === dataset.name);
  const limit = { train: dataset.trainCount, test: dataset.testCount };
  const { dataset: found } = await loadData({ ...values, dataset: choice }, limit, output);
  if (found.hash === dataset.hash) return found;
  throw new CifraError(
    'report-dataset',
    `The run was tested on ${dataset.name} with the hash ${dataset.hash.slice(0, 12)}…, and the data found have ${found.hash.slice(0, 12)}….`,
    'Give the folder of the same data: --data-dir.',
  );
}

/** What `action` gives; undefined, and the reason in `missing`, if it throws what people can be told. */
async function orMissing<T>(missing: string[], action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    missing.push(reasonOf(error));
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof CifraError)) throw error;
  return error.message.split('\n', 1)[0]!;
}
