/// <reference lib="esnext.disposable" preserve="true" />
import { type DatasetChoice, datasetChoices } from '../data/resolve.node.js';
import type { Numerics } from '../engine/wasm/module.js';
import { CifraError } from '../numeric/errors.js';
import { type BegunRecord, originOf, toJson } from '../recording/record.js';
import type { Parts, Recording, RecordingOptions } from '../recording/recording.js';
import { refuseDifference, resumeRecording } from '../recording/resume.js';
import { folderRuns } from '../runs/folderRuns.node.js';
import type { InterruptedRun } from '../runs/runStore.js';
import type { TrainingCheckpoint } from '../train/checkpoint.js';
import { type Recipe, recipeFrom } from '../train/recipe.js';
import { type OptionValues, UsageError } from './arguments.js';
import type { trainOptions } from './options.js';
import { chosenRecipe } from './recipeChoice.js';
import type { Output } from './terminal/output.js';

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
