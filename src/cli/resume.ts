import { statSync } from 'node:fs';
/// <reference lib="esnext.disposable" preserve="true" />
import { type BegunRecord, originOf, toJson } from '../recording/record.js';
import type { Parts, Recording, RecordingOptions } from '../recording/recording.js';
import { type Begun, begunAs, refuseDifference, refuseFinished, resumeRecording } from '../recording/resume.js';
import { folderRuns } from '../runs/folderRuns.node.js';
import type { InterruptedRun } from '../runs/runStore.js';
import type { TrainingCheckpoint } from '../train/checkpoint.js';
import { type OptionValues, UsageError } from './arguments.js';
import type { trainOptions } from './options.js';
import { chosenRecipe } from './recipeChoice.js';
import type { Output } from './terminal/output.js';

type TrainOptions = Partial<OptionValues<typeof trainOptions>>;

/** A run that was interrupted, as it was begun. Nobody else writes to it until it is disposed of. */
export interface Resumption extends InterruptedRun, Begun, AsyncDisposable {}

/**
 * Opens the run that `--resume` names and makes it this process's.
 * @throws UsageError `resume-option`, `resume-file`, CifraError `resume-differs` where another option asks for something else than the
 *   run was begun with, `run-finished`, and what `resumeRun` of a store throws
 */
export async function openResumption(place: string, values: TrainOptions): Promise<Resumption> {
  refuseBesideResume(values, 'out', 'print-recipe');
  refuseFile(place);
  const interrupted = await folderRuns().resumeRun(place);
  const { run, record } = interrupted;
  try {
    if (record.result) await run.removeCheckpoints();
    refuseFinished(place, record);
    await checkOptions(place, record, values);
    return { ...interrupted, ...begunAs(place, record), [Symbol.asyncDispose]: () => run.close() };
  } catch (error) {
    await run.close();
    throw error;
  }
}

/** @throws UsageError `resume-file` for what a page gives: a .zip of a run, or a checkpoint of one */
function refuseFile(place: string): void {
  if (!statSync(place, { throwIfNoEntry: false })?.isFile()) return;
  throw new UsageError(
    'resume-file',
    `--resume takes the folder of a run, and ${place} is a file.`,
    place.endsWith('.zip')
      ? 'Unzip it, and give the folder that is in it.'
      : 'Give the folder of the run. (A checkpoint without its run can be gone on with in the page.)',
  );
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

/**
 * Goes on in the run's folder from the newest checkpoint that is sound, and says so.
 * @throws CifraError what `resumeRecording` throws
 */
export async function resumeRun(
  resumption: Resumption,
  parts: Parts,
  options: RecordingOptions,
  output: Output,
): Promise<Recording> {
  const { notes } = output;
  const note = (text: string): void => notes.line(notes.style.warn(text));
  const recording = await resumeRecording(resumption, parts, { ...options, note });
  const { checkpoint, place } = recording;
  notes.line(
    checkpoint
      ? `Going on ${describeProgress(checkpoint)}.`
      : 'No checkpoint had been written: beginning anew, with the same seed.',
  );
  const epochs = checkpoint?.history.length ?? 0;
  output.event('resume', { epochs, steps: checkpoint?.model.steps ?? 0, out: place });
  return recording;
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

/** How far a training is, in words. */
function describeProgress({ progress, history, model }: TrainingCheckpoint): string {
  const ended = history.length === 0 ? 'in the first epoch' : `after epoch ${history.length}`;
  const within = progress.step === 0 ? '' : `, at step ${progress.step} of the one that was going on`;
  return `${ended}${within} (${model.steps} steps in all)`;
}
