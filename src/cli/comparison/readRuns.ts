import type { ResolvedDataset } from '../../data/resolve.node.js';
import { datasetChoices } from '../../data/resolve.node.js';
import type { DatasetName, LabelledImages } from '../../data/dataset.js';
import { normalize } from '../../data/normalize.js';
import { checkSameImages, type ComparedRun, resultOf } from '../../compare/index.js';
import { CifraError } from '../../numeric/errors.js';
import { readEnsembleRecord } from '../../runs/ensembles.node.js';
import { folderRuns } from '../../runs/folderRuns.node.js';
import type { DatasetRecord } from '../../runs/runRecord.js';
import { type DataValues, loadData } from '../loadData.js';
import { chosenModel } from '../modelChoice.js';
import type { Output } from '../terminal/output.js';
import { counted } from '../terminal/text.js';

/** Runs as they are to be compared, with what their models make of the test images. */
export interface ReadRuns {
  readonly runs: readonly ComparedRun[];
  /** Undefined where they could not be had. */
  readonly images: LabelledImages | undefined;
  readonly classNames: readonly string[];
  /** What cannot be shown or does not fit together, in sentences. */
  readonly notes: readonly string[];
}

export type ReadValues = Omit<DataValues, 'dataset'> & { readonly threads?: number | undefined };

/**
 * Opens the runs, loads the test images they have in common and lets every model read them.
 * @throws CifraError what `openRun` and `chosenModel` throw; `run-ensemble`, `run-unfinished`, `compare-data`
 */
export async function readRuns(places: readonly string[], values: ReadValues, output: Output): Promise<ReadRuns> {
  const runs: ComparedRun[] = [];
  for (const place of places) runs.push(await openRun(place));
  const [first, ...others] = runs as [ComparedRun, ...ComparedRun[]];
  for (const other of others) checkSameImages(first, other);
  const loaded = await testImages(first.record.dataset, values, output);
  if (typeof loaded === 'string') {
    return { runs, images: undefined, classNames: [], notes: [loaded] };
  }
  const { test: images, classNames } = loaded.dataset;
  const notes: string[] = [];
  const read: ComparedRun[] = [];
  for (const run of runs) {
    output.live(() => `${run.name} reads ${counted(images.labels.length, 'test image')} …`);
    const predicted = await predictions(run.name, images, values.threads);
    output.clear();
    const errors = predicted.reduce((sum, label, i) => sum + (label === images.labels[i] ? 0 : 1), 0);
    const recorded = resultOf(run).testErrors;
    if (errors !== recorded) {
      notes.push(
        `${run.name}: its record says ${counted(recorded, 'error')}, and its model makes ${errors}. The file of the model or the record has been changed.`,
      );
    }
    read.push({ ...run, predicted });
  }
  return { runs: read, images, classNames, notes };
}

async function openRun(place: string): Promise<ComparedRun> {
  if (await readEnsembleRecord(place)) {
    throw new CifraError('run-ensemble', `${place} is an ensemble.`, 'Give the folders of its seeds, one by one.');
  }
  const { record, metrics } = await folderRuns().openRun(place);
  const run = { name: place, record, metrics };
  resultOf(run);
  return run;
}

/** The images that the runs were tested on, or why they are not to be had. @throws CifraError `compare-data` */
async function testImages(
  { name, sha256, trainCount, testCount }: DatasetRecord,
  values: ReadValues,
  output: Output,
): Promise<ResolvedDataset | string> {
  const dataset = datasetChoices.find((choice): choice is DatasetName => choice !== 'auto' && choice === name);
  const without = 'Compared by their records alone, without the images that each reads right:';
  if (dataset === undefined) return `${without} this version of Cifra has no dataset "${name}".`;
  let resolved: ResolvedDataset;
  try {
    // Of the training images as few as can be: they are not looked at.
    resolved = await loadData({ ...values, dataset }, { train: Math.min(1, trainCount), test: testCount }, output);
  } catch (error) {
    if (!(error instanceof CifraError)) throw error;
    return `${without} ${error.message.split('\n')[0]}`;
  }
  const isSame = Object.entries(resolved.dataset.sha256).every(
    ([file, hash]) => file.startsWith('train-') || sha256[file] === hash,
  );
  if (isSame && resolved.dataset.test.labels.length === testCount) return resolved;
  throw new CifraError(
    'compare-data',
    `The test images of ${name} from ${resolved.dataset.source} are not those that the runs were tested on: their SHA-256 differs.`,
    'Give the folder of the dataset that the runs were trained with (--data-dir).',
  );
}

async function predictions(
  place: string,
  { images }: LabelledImages,
  threads: number | undefined,
): Promise<Uint8Array> {
  const chosen = await chosenModel(place, threads);
  await using model = chosen.model;
  return await model.predictClass(normalize(images));
}
