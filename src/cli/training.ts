import { CifraError } from '../numeric/errors.js';
import { epochRow } from '../recording/epochRow.js';
import type { Parts, Recording } from '../recording/recording.js';
import { countsOf } from '../recording/timing.js';
import type { TemperatureCalibration } from '../train/calibration.js';
import type { Phase } from '../train/recipe.js';
import { type PhaseBegin, runRecipe } from '../train/runRecipe.js';
import { Interrupted } from './interrupt.js';
import type { Output, Page } from './terminal/output.js';
import { counted } from './terminal/text.js';
import { type RunParts, sourcesOf } from './report/sources.js';
import { reportFileOf, writeReport } from './report/write.js';
import { type TestResult, testModel } from '../train/testModel.js';
import { trainingView } from './trainingView.js';

export interface TrainingRequest extends Parts {
  readonly recording: Recording;
  /** The command that goes on with the run. */
  readonly resume: string;
  readonly output: Output;
  /** Where the epochs are shown. */
  readonly page: Page;
  readonly indent?: string;
  readonly signal: AbortSignal;
  /** What the event is called that ends the run. Default: done. */
  readonly endEvent?: string;
  /** Whether report.html is written in the end. Default: yes. */
  readonly report?: boolean;
  /** Called before each phase, before the table shows it. */
  readonly onPhaseBegin?: (begin: PhaseBegin) => void | Promise<void>;
}

/**
 * Trains by the recipe, shows and tells every epoch, and saves it.
 * @returns what the calibration came to, where the recipe has one
 * @throws Interrupted on Ctrl-C and SIGTERM, saying what was saved; CifraError what the training throws, recorded in
 *   the run
 */
export async function trainAndSave(request: TrainingRequest): Promise<TemperatureCalibration | undefined> {
  const { recipe, dataset, model, recording, output, page, indent = '', signal, onPhaseBegin } = request;
  const view = trainingView({
    recipe,
    ...countsOf(recipe, dataset.train.labels.length, dataset.test.labels.length),
    page,
    output,
    indent,
    repeatHeader: onPhaseBegin !== undefined,
  });
  view.showEpochs(recording.checkpoint?.history ?? []);
  try {
    const { calibration } = await runRecipe(recipe, dataset, {
      model,
      signal,
      resume: recording.checkpoint,
      callbacks: [
        recording.callback(() => signal.aborted),
        { onEpochEnd: (log) => output.event('epoch', { ...epochRow(log) }) },
        view,
      ],
      async onPhaseBegin(begin) {
        await onPhaseBegin?.(begin);
        view.showPhase(describePhase(begin.phase));
      },
      onCalibrationBegin: (images) => output.live(() => `Calibrating on ${counted(images, 'held-out image')} …`),
    });
    output.clear();
    signal.throwIfAborted();
    return calibration;
  } catch (error) {
    output.clear();
    const interrupted = error instanceof Interrupted;
    await recording.stop(interrupted ? error.message : firstLine(error));
    await recording.close();
    // A loss that is not finite would come again: the same steps give the same bits.
    const isFinal = error instanceof CifraError && error.code === 'non-finite';
    const saved = isFinal ? savedModel(recording) : `${savedModel(recording)}\nGo on with: ${request.resume}`;
    if (interrupted) throw new Interrupted(`Interrupted after step ${model.steps}. ${saved}`, error.exitStatus);
    output.notes.line(saved);
    throw error;
  }
}

function savedModel({ savedEpochs, savedSteps, place }: Recording): string {
  if (savedEpochs === 0) {
    const checkpoint = savedSteps === 0 ? '' : `, but a checkpoint of step ${savedSteps}`;
    return `No epoch had ended, so ${place} holds no model yet${checkpoint}.`;
  }
  return `The model as it was after epoch ${savedEpochs} is in ${place}.`;
}

function firstLine(error: unknown): string {
  return error instanceof Error ? error.message.split('\n', 1)[0]! : String(error);
}

export interface FinishedRun extends TestResult {
  readonly weightsSha256: string;
  /** The page that tells of the run; undefined where none is wanted, or it could not be written. */
  readonly report: string | undefined;
}

/** Reads the test images, once, and ends the run with what came out, its report and the last event. */
export async function testAndFinish(
  {
    recipe,
    dataset,
    notice,
    model,
    recording,
    output,
    page,
    endEvent = 'done',
    report: isWanted = true,
  }: TrainingRequest,
  calibration: TemperatureCalibration | undefined,
): Promise<FinishedRun> {
  const { place } = recording;
  output.live(() => `Reading ${counted(dataset.test.labels.length, 'test image')} …`);
  const test = await testModel(model, dataset.test, recipe);
  const result = await recording.finish(model, test, calibration).finally(() => recording.close());
  output.live(() => 'Drawing the report …');
  const report = isWanted ? await reportOf(place, { model, dataset, result: test }, page) : undefined;
  output.clear();
  const { testAccuracy, testErrors, weightsSha256, seconds } = result;
  output.event(endEvent, {
    testAccuracy,
    testErrors,
    weightsSha256,
    seconds,
    out: place,
    ...(report !== undefined && { report }),
    dataset: dataset.name,
    ...(calibration && { calibration }),
    ...(notice !== undefined && { notice }),
  });
  return { ...test, weightsSha256, report };
}

/** The run is complete without its report: what goes wrong there is told, and the run's result stands. */
async function reportOf(place: string, parts: RunParts, page: Page): Promise<string | undefined> {
  try {
    return (await writeReport(await sourcesOf(place, parts), reportFileOf(place))).file;
  } catch (error) {
    page.line(page.style.warn(`No report could be written: ${firstLine(error)}`));
    return undefined;
  }
}

/** `3 epochs at batch 128`, `5 augmented epochs at batch 64` */
export function describePhase({ epochs, batchSize, augmentation }: Phase): string {
  return `${counted(epochs, augmentation ? 'augmented epoch' : 'epoch')} at batch ${batchSize}`;
}
