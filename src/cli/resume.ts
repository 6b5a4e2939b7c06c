/// <reference lib="esnext.disposable" preserve="true" />
import { join } from 'node:path';
import { type DatasetChoice, datasetChoices } from '../data/resolve.node.js';
import type { Numerics } from '../engine/wasm/module.js';
import { CifraError } from '../numeric/errors.js';
import { type Progress, PROGRESS_FILE, progressUpTo, readProgress } from '../report/index.js';
import { folderRuns } from '../runs/folderRuns.node.js';
import type { InterruptedRun, StoredFile } from '../runs/runStore.js';
import {
  type CheckpointOrigin,
  decodeCheckpoint,
  originDifference,
  type StoredCheckpoint,
} from '../train/checkpointFile.js';
import { type Recipe, recipeFrom } from '../train/recipe.js';
import { type OptionValues, UsageError } from './arguments.js';
import type { trainOptions } from './options.js';
import { chosenRecipe } from './recipeChoice.js';
import { type BegunRecord, type Cadence, newRecord, originOf, RunFolder, toJson } from './runFolder.js';
import type { Output, Page } from './terminal/output.js';
import type { TrainingParts } from './training.js';

type TrainOptions = Partial<OptionValues<typeof trainOptions>>;

/** A run that was interrupted, as it was begun. Nobody else writes to it until it is disposed of. */
export interface Resumption extends InterruptedRun, Begun, AsyncDisposable {}

/** How a run was begun. */
export interface Begun {
  readonly recipe: Recipe;
  readonly seed: number;
  readonly dataset: DatasetChoice;
  readonly limit: { readonly train: number; readonly test: number };
  readonly numerics: Numerics;
}

/**
 * Opens the run that `--resume` names and makes it this process's.
 * @throws UsageError `resume-option`, CifraError `resume-differs` where another option asks for something else than the
 *   run was begun with, `run-finished`, and what `resumeRun` of a store throws
 */
export async function openResumption(place: string, values: TrainOptions): Promise<Resumption> {
  refuseBesideResume(values, 'out', 'print-recipe');
  const interrupted = await folderRuns().resumeRun(place);
  const { run, record } = interrupted;
  try {
    if (record.result) {
      await run.removeCheckpoints();
      throw new CifraError(
        'run-finished',
        `${place} has come to its end already: ${record.result.testErrors} errors on ${record.result.testCount} test images.`,
        'To train it again, begin a new run.',
      );
    }
    await checkOptions(place, record, values);
    return { ...interrupted, ...begunAs(place, record), [Symbol.asyncDispose]: () => run.close() };
  } catch (error) {
    await run.close();
    throw error;
  }
}

/** @throws UsageError `resume-option` */
export function refuseBesideResume(values: TrainOptions, ...options: (keyof TrainOptions)[]): void {
  for (const option of options) {
    if (values[option] === undefined) continue;
    throw new UsageError(
      'resume-option',
      `--resume goes on in the run's own folder: --${option} has no place beside it.`,
      `Leave --${option} out.`,
    );
  }
}

/** @throws CifraError what `recipeFrom` throws */
export function begunAs(place: string, { recipe, seed, dataset, backend }: BegunRecord): Begun {
  const { name, trainCount, testCount } = dataset;
  return {
    recipe: recipeFrom(recipe, `The recipe of ${place}`),
    seed,
    // A name that is not known is refused where the data are loaded.
    dataset: datasetChoices.find((choice) => choice === name) ?? (name as DatasetChoice),
    limit: { train: trainCount, test: testCount },
    numerics: backend.numerics === 'relaxed' ? 'relaxed' : 'strict',
  };
}

/**
 * Goes on in the run's folder from the newest checkpoint that is sound, and says so.
 * @throws CifraError `resume-differs` where engine or data are others than those of the run, `checkpoints-damaged`
 */
export async function resumeRun(
  { run, record, checkpoints }: Resumption,
  { recipe, resolved, model }: TrainingParts,
  started: number,
  cadence: Cadence,
  output: Output,
): Promise<RunFolder> {
  const now = newRecord({ recipe, seed: model.seed, resolved, backend: model.backend }, new Date());
  const origin = { ...originOf(now), recipe: record.recipe };
  refuseDifference(run.place, originOf(record), origin);
  const stored = await soundCheckpoint(run.place, checkpoints, origin, output.notes);
  const before = {
    checkpoint: stored?.checkpoint,
    progress: await progressBefore(run.place, stored?.checkpoint.history.length ?? 0, output.notes),
    seconds: stored?.seconds ?? 0,
  };
  output.notes.line(
    stored
      ? `Going on ${describeProgress(stored)}.`
      : 'No checkpoint had been written: beginning anew, with the same seed.',
  );
  const steps = stored?.checkpoint.model.steps ?? 0;
  output.event('resume', { epochs: stored?.checkpoint.history.length ?? 0, steps, out: run.place });
  return RunFolder.resume(run, record, { recipe, resolved }, started, cadence, before);
}

/** What the run has kept of its way up to an epoch. It is for looking at only: damaged, it is begun anew. */
async function progressBefore(place: string, epoch: number, notes: Page): Promise<Progress | undefined> {
  try {
    const bytes = await (await folderRuns().openRun(place)).readFile(PROGRESS_FILE);
    return bytes && progressUpTo(readProgress(bytes, join(place, PROGRESS_FILE)), epoch);
  } catch (error) {
    if (!(error instanceof CifraError)) throw error;
    notes.line(notes.style.warn(error.message.split('\n', 1)[0]!));
    return undefined;
  }
}

async function soundCheckpoint(
  place: string,
  checkpoints: readonly StoredFile[],
  origin: CheckpointOrigin,
  notes: Page,
): Promise<StoredCheckpoint | undefined> {
  for (const { path, read } of checkpoints) {
    try {
      const bytes = await read();
      if (!bytes) continue;
      const stored = await decodeCheckpoint(bytes, path);
      refuseDifference(place, stored.origin, origin);
      return stored;
    } catch (error) {
      if (!(error instanceof CifraError) || !['checkpoint-damaged', 'run-unreadable'].includes(error.code)) throw error;
      notes.line(notes.style.warn(error.message.split('\n', 1)[0]!));
    }
  }
  if (checkpoints.length === 0) return undefined;
  throw new CifraError(
    'checkpoints-damaged',
    `No checkpoint in ${place} can be used: ${checkpoints.length === 1 ? 'the one there is' : `all ${checkpoints.length}`} damaged.`,
    'To train the run again from its beginning, delete its checkpoint files and repeat this command.',
  );
}

/** Options that say again what the run was begun with are welcome; others are refused. */
export async function checkOptions(place: string, record: BegunRecord, values: TrainOptions): Promise<void> {
  const begun = originOf(record);
  const { seed = begun.seed, dataset = 'auto', limit: trainCount = begun.dataset.trainCount } = values;
  const name = dataset === 'auto' ? begun.dataset.name : dataset;
  const asksForRecipe = (['recipe', 'epochs', 'batch-size', 'learning-rate'] as const).some(
    (option) => values[option] !== undefined,
  );
  const recipe = asksForRecipe ? toJson((await chosenRecipe(values)).recipe) : begun.recipe;
  refuseDifference(place, begun, { ...begun, recipe, seed, dataset: { ...begun.dataset, name, trainCount } });
}

/** @throws CifraError `resume-differs` */
export function refuseDifference(place: string, begun: CheckpointOrigin, now: CheckpointOrigin): void {
  const difference = originDifference(begun, now);
  if (difference === undefined) return;
  throw new CifraError(
    'resume-differs',
    `${place} cannot be gone on with as it was begun: ${difference}.`,
    difference.startsWith('engine')
      ? 'Go on with the version of Cifra that began it, or begin a new run.'
      : 'Give what it was begun with, or leave it out; or begin a new run.',
  );
}

/** How far a training is, in words. */
function describeProgress({ checkpoint: { progress, history, model } }: StoredCheckpoint): string {
  const ended = history.length === 0 ? 'in the first epoch' : `after epoch ${history.length}`;
  const within = progress.step === 0 ? '' : `, at step ${progress.step} of the one that was going on`;
  return `${ended}${within} (${model.steps} steps in all)`;
}
