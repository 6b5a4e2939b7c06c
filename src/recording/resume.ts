import type { DatasetName } from '../data/dataset.js';
import { CifraError } from '../numeric/errors.js';
import { type Progress, PROGRESS_FILE, progressUpTo, readProgress } from '../report/progress.js';
import type { RunRecord } from '../runs/runRecord.js';
import type { InterruptedRun, RunStore, StoredFile } from '../runs/runStore.js';
import { type Recipe, recipeFrom } from '../train/recipe.js';
import {
  type CheckpointOrigin,
  decodeCheckpoint,
  originDifference,
  type StoredCheckpoint,
} from '../train/checkpointFile.js';
import { type BegunRecord, begunRecord, originOf } from './record.js';
import { type Parts, Recording, type RecordingOptions } from './recording.js';

export interface ResumeOptions extends RecordingOptions {
  /** Told of what is damaged and can be done without. */
  readonly note: (text: string) => void;
}

/** How a run was begun. */
export interface Begun {
  readonly recipe: Recipe;
  readonly seed: number;
  readonly dataset: DatasetName;
  readonly limit: { readonly train: number; readonly test: number };
  readonly numerics: 'strict' | 'relaxed';
}

/** @throws CifraError what `recipeFrom` throws */
export function begunAs(place: string, { recipe, seed, dataset, backend }: BegunRecord): Begun {
  const { name, trainCount, testCount } = dataset;
  return {
    recipe: recipeFrom(recipe, `The recipe of ${place}`),
    seed,
    // A name that is not known is refused where the data are loaded.
    dataset: name as DatasetName,
    limit: { train: trainCount, test: testCount },
    numerics: backend.numerics === 'relaxed' ? 'relaxed' : 'strict',
  };
}

/** @throws CifraError `run-finished` where there is nothing to go on with */
export function refuseFinished(place: string, { result }: RunRecord): void {
  if (!result) return;
  throw new CifraError(
    'run-finished',
    `${place} has come to its end already: ${result.testErrors} errors on ${result.testCount} test images.`,
    'To train it again, begin a new run.',
  );
}

/**
 * Goes on with a run from its newest checkpoint that is sound.
 * @throws CifraError `resume-differs` where recipe, seed, engine or data are others than those of the run,
 *   `checkpoints-damaged`
 */
export async function resumeRecording(
  { run, record, checkpoints }: InterruptedRun,
  parts: Parts,
  options: ResumeOptions,
): Promise<Recording> {
  const { seed, backend } = parts.model;
  const origin = { ...originOf(begunRecord({ ...parts, seed, backend })), recipe: record.recipe };
  refuseDifference(run.place, originOf(record), origin);
  const stored = await soundCheckpoint(run.place, checkpoints, origin, options.note);
  return Recording.resume(run, record, parts, options, {
    checkpoint: stored?.checkpoint,
    progress: await progressBefore(run.place, stored?.checkpoint.history.length ?? 0, options),
    seconds: stored?.seconds ?? 0,
  });
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

/** What the run has kept of its way up to an epoch. It is for looking at only: damaged, it is begun anew. */
async function progressBefore(
  place: string,
  epoch: number,
  { store, note }: { readonly store: RunStore; readonly note: (text: string) => void },
): Promise<Progress | undefined> {
  try {
    const bytes = await (await store.openRun(place)).readFile(PROGRESS_FILE);
    return bytes && progressUpTo(readProgress(bytes, `${PROGRESS_FILE} in ${place}`), epoch);
  } catch (error) {
    if (!(error instanceof CifraError)) throw error;
    note(error.message.split('\n', 1)[0]!);
    return undefined;
  }
}

async function soundCheckpoint(
  place: string,
  checkpoints: readonly StoredFile[],
  origin: CheckpointOrigin,
  note: (text: string) => void,
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
      note(error.message.split('\n', 1)[0]!);
    }
  }
  if (checkpoints.length === 0) return undefined;
  throw new CifraError(
    'checkpoints-damaged',
    `No checkpoint in ${place} can be used: ${checkpoints.length === 1 ? 'the one there is' : `all ${checkpoints.length}`} damaged.`,
    'To train the run again from its beginning, delete its checkpoint files and repeat this command.',
  );
}
