import { wasmBackend, type WasmBackendOptions } from '../engine/wasm/backend.js';
import type { ResolvedDataset } from '../data/resolve.node.js';
import { type Cadence, Recording } from '../recording/recording.js';
import { folderRuns } from '../runs/folderRuns.node.js';
import type { TemperatureCalibration } from '../train/calibration.js';
import type { Recipe } from '../train/recipe.js';
import { recipeModel } from '../train/runRecipe.js';
import { describe } from './datasetView.js';
import { machine } from './machine.js';
import { type Resumption, resumeRun } from './resume.js';
import type { Output } from './terminal/output.js';
import { counted, grouped } from './terminal/text.js';
import { describePhase, type FinishedRun, testAndFinish, trainAndSave } from './training.js';

export interface RunRequest {
  readonly recipe: Recipe;
  readonly seed: number;
  readonly resolved: ResolvedDataset;
  readonly backend: WasmBackendOptions;
  /** The folder of a new run. Default: one in runs/. */
  readonly out: string | undefined;
  /** The run to go on with, instead of a new one. */
  readonly resumption: Resumption | undefined;
  readonly cadence: Cadence;
  /** When it began, as `performance.now()` gives it. */
  readonly started: number;
  /** The command that goes on with the run in a folder. */
  readonly resume: (folder: string) => string;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly endEvent?: string;
  /** Whether report.html is written in the end. */
  readonly report: boolean;
}

export interface TrainedRun {
  readonly place: string;
  readonly test: FinishedRun;
  readonly calibration: TemperatureCalibration | undefined;
}

/** One training from its beginning, or from where it was interrupted, to its result: told, shown and saved. */
export async function trainRun(request: RunRequest): Promise<TrainedRun> {
  const { recipe, seed, resolved, backend, out, resumption, cadence, started, output, signal, endEvent, report } =
    request;
  await using model = recipeModel(recipe, () => wasmBackend(backend), seed);
  const { notes } = output;
  const { dataset, notice } = resolved;
  notes.line(
    `Recipe ${notes.style.bold(recipe.name)}, seed ${seed}: ${recipe.phases.map(describePhase).join(', then ')}.`,
  );
  notes.line(
    `${describe(dataset)}: ${grouped(dataset.train.labels.length)} training and ${counted(dataset.test.labels.length, 'test image')}.`,
  );
  notes.line(`${counted(model.backend.threads, 'thread')}, ${model.backend.numerics} numerics.`);

  const parts = { recipe, dataset, notice, model };
  const options = { store: folderRuns(), machine: machine(), started, cadence };
  const recording = resumption
    ? await resumeRun(resumption, parts, options, output)
    : await Recording.begin(parts, options, out);
  notes.line();
  const training = {
    ...{ ...parts, recording, resume: request.resume(recording.place), output, page: notes, signal, report },
    ...(endEvent !== undefined && { endEvent }),
  };
  const calibration = await trainAndSave(training);
  const test = await testAndFinish(training, calibration);
  return { place: recording.place, test, calibration };
}
