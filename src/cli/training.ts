import type { ResolvedDataset } from '../data/resolve.node.js';
import { CifraError } from '../numeric/errors.js';
import { Examples } from '../train/examples.js';
import type { Model } from '../train/model.js';
import { type Phase, type Recipe } from '../train/recipe.js';
import { inputsOf, type PhaseBegin, runRecipe } from '../train/runRecipe.js';
import { Interrupted } from './interrupt.js';
import { epochRow, RunFolder } from './runFolder.js';
import type { Output, Page } from './terminal/output.js';
import { counted } from './terminal/text.js';
import { type TestResult, testModel } from './testResult.js';
import { trainingView } from './trainingView.js';

export interface TrainingRequest {
  readonly recipe: Recipe;
  readonly resolved: ResolvedDataset;
  readonly model: Model;
  /** The folder for the run, if one was asked for. */
  readonly out: string | undefined;
  readonly output: Output;
  /** Where the epochs are shown. */
  readonly page: Page;
  readonly indent?: string;
  readonly signal: AbortSignal;
  /** When the command began, as `performance.now()` gives it. */
  readonly started: number;
  /** Called before each phase, before the table shows it. */
  readonly onPhaseBegin?: (begin: PhaseBegin) => void | Promise<void>;
}

/**
 * Trains by the recipe, shows and tells every epoch, and saves it.
 * @throws Interrupted on Ctrl-C, saying what was saved; CifraError what the training throws, recorded in the run
 */
export async function trainAndSave(request: TrainingRequest): Promise<RunFolder> {
  const { recipe, resolved, model, out, output, page, indent = '', signal, started, onPhaseBegin } = request;
  const { dataset } = resolved;
  // What does not fit fails before there is a folder.
  new Examples(...inputsOf(dataset.train, recipe), model.network);
  const folder = await RunFolder.begin({ recipe, seed: model.seed, resolved, backend: model.backend, out }, started);
  const { trainCount, validationCount } = countsOf(recipe, dataset.train.labels.length, dataset.test.labels.length);
  const view = trainingView({
    recipe,
    trainCount,
    validationCount,
    page,
    output,
    indent,
    repeatHeader: onPhaseBegin !== undefined,
  });
  try {
    await runRecipe(recipe, dataset, {
      model,
      signal,
      callbacks: [
        { onEpochEnd: (log) => folder.saveEpoch(log, model) },
        { onEpochEnd: (log) => output.event('epoch', { ...epochRow(log) }) },
        view,
      ],
      async onPhaseBegin(begin) {
        await onPhaseBegin?.(begin);
        view.showPhase(describePhase(begin.phase));
      },
    });
    return folder;
  } catch (error) {
    output.clear();
    const saved =
      folder.savedEpochs === 0
        ? `No epoch had ended, so ${folder.place} holds no model.`
        : `The model as it was after epoch ${folder.savedEpochs} is in ${folder.place}.`;
    if (signal.aborted) {
      await folder.stop('Interrupted.');
      throw new Interrupted(`Interrupted. ${saved}`);
    }
    if (!(error instanceof CifraError)) throw error;
    await folder.stop(error.message.split('\n', 1)[0]!);
    output.notes.line(saved);
    throw error;
  }
}

/** Reads the test images, once, and ends the run with what came out: the last event. */
export async function testAndFinish(
  { recipe, resolved, model, output }: TrainingRequest,
  folder: RunFolder,
): Promise<TestResult & { readonly weightsSha256: string }> {
  const { dataset, notice } = resolved;
  output.live(() => `Reading ${counted(dataset.test.labels.length, 'test image')} …`);
  const test = await testModel(model, dataset.test, recipe);
  output.clear();
  const { testAccuracy, testErrors, weightsSha256, seconds } = await folder.finish(model, test);
  output.event('done', {
    testAccuracy,
    testErrors,
    weightsSha256,
    seconds,
    out: folder.place,
    dataset: dataset.name,
    ...(notice !== undefined && { notice }),
  });
  return { ...test, weightsSha256 };
}

/** `3 epochs at batch 128`, `5 augmented epochs at batch 64` */
export function describePhase({ epochs, batchSize, augmentation }: Phase): string {
  return `${counted(epochs, augmentation ? 'augmented epoch' : 'epoch')} at batch ${batchSize}`;
}

function countsOf({ validation }: Recipe, train: number, test: number) {
  if (validation === 'test') return { trainCount: train, validationCount: test };
  const heldOut = Math.round(train * validation.split);
  return { trainCount: train - heldOut, validationCount: heldOut };
}
