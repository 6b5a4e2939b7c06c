import type { Limit } from '../../data/contents.js';
import type { Backend } from '../../engine/backend.js';
import { wasmBackend } from '../../engine/wasm/backend.js';
import { type Recipe, recipeFrom } from '../../train/recipe.js';
import { recipes } from '../../train/recipes/index.js';
import { recipeModel } from '../../train/runRecipe.js';
import type { OptionValues } from '../arguments.js';
import { showDataset, showFirstImages } from '../datasetView.js';
import { interruptSignal } from '../interrupt.js';
import { nextCommand } from '../invocation.js';
import { loadData } from '../loadData.js';
import type { startOptions } from '../options.js';
import { predictOne, showPrediction } from '../prediction.js';
import { StepsPage } from '../tenSteps/page.js';
import { estimateSeconds, measureSpeed, quickLimit, quickRecipe } from '../tenSteps/plan.js';
import { augmentStep, compileStep, networkStep, normalizeStep, oneHotStep } from '../tenSteps/steps.js';
import type { Output } from '../terminal/output.js';
import { clock, counted, grouped, roughly } from '../terminal/text.js';
import { showTestResult } from '../testResult.js';
import { testAndFinish, trainAndSave, type TrainingRequest } from '../training.js';
import { packageVersion } from '../version.js';

/** The image that the notebook predicts in the end. */
const SHOWN_IMAGE = 1200;

type StartOptions = OptionValues<typeof startOptions>;

export async function start(values: StartOptions, output: Output): Promise<void> {
  const { threads, seed = 1, out, quick } = values;
  const started = performance.now();
  const signal = interruptSignal(output);
  const makeBackend = (): Backend => wasmBackend(threads === undefined ? {} : { threads });
  const seedRecipe = recipeFrom(recipes['seed']);
  const recipe = quick ? quickRecipe(seedRecipe) : seedRecipe;
  const page = output.result;
  const steps = new StepsPage(page);

  page.line(page.style.bold(`Cifra ${packageVersion()}: from the files of MNIST to a prediction, in ten steps`));
  page.line();
  output.live(() => 'Measuring how fast this machine is …');
  const speed = await measureSpeed(recipe, makeBackend);
  output.clear();
  const limit = values.limit ?? (quick ? quickLimit(recipe, speed) : undefined);
  signal.throwIfAborted();

  const seconds = estimateSeconds(recipe, speed, countOf(limit, 'train'), countOf(limit, 'test'));
  steps.say(
    `Measured just now: this machine trains ${grouped(Math.round(speed.training))} images a second, so all of it will take ${page.style.bold(`about ${roughly(seconds)}`)}.`
  );

  // 2
  steps.step(
    2,
    'The training images are what the network learns from; the test images are kept apart, to see whether it can read digits that it has never seen.',
  );
  const resolved = await loadData(values, limit, output, signal);
  const { dataset, notice } = resolved;
  showDataset(page, dataset);
  page.line();
  showFirstImages(page, dataset);

  // 3, 4
  normalizeStep(dataset, page, steps);
  oneHotStep(dataset.train, page, steps);

  // 5
  await using model = recipeModel(recipe, makeBackend, seed);
  networkStep(model, page, steps);

  // 6 to 8
  await compileStep(model, recipe, dataset, steps);
  const request: TrainingRequest = {
    recipe,
    resolved,
    model,
    out,
    output,
    page,
    indent: '  ',
    signal,
    started,
    async onPhaseBegin({ phase, firstEpoch }) {
      if (!phase.augmentation) return;
      await augmentStep(model, dataset.train, { phase, firstEpoch }, page, steps);
      steps.step(8, 'The training goes on, and in every epoch each image looks a little different.');
    },
  };
  const folder = await trainAndSave(request);

  // 9
  steps.step(
    9,
    'How many of the test images does the network read right? With so many images the figure has an uncertainty, which the interval tells.',
  );
  const test = await testAndFinish(request, folder);
  showTestResult(page, test, `test images of ${dataset.name}`, dataset.classNames);

  // 10
  const index = Math.min(SHOWN_IMAGE, dataset.train.labels.length - 1);
  steps.step(
    10,
    `From an image to a digit: training image ${grouped(index)}, and how probable the network finds every digit.`,
  );
  showPrediction(page, await predictOne(model, dataset.train, index), dataset.train, index, dataset.classNames);

  page.line();
  page.line(page.style.dim('─'.repeat(page.width)));
  page.line();
  steps.fact('Done in', clock((performance.now() - started) / 1000));
  if (quick) {
    steps.fact('Quick', `with ${grouped(dataset.train.labels.length)} training images and two epochs; all of it: npm start`);
  }
  if (notice !== undefined) steps.fact('Note', notice);
  steps.fact('Run', `${folder.place} (run.json, metrics.csv, model.safetensors)`);
  steps.fact('Weights', `sha256 ${test.weightsSha256}`);
  page.line();
  page.line('  Next, another image:');
  page.line(`  ${page.style.bold(nextCommand(values, folder.place))}`);
}
