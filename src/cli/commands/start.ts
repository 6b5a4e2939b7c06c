import type { Limit } from '../../data/contents.js';
import type { Backend } from '../../engine/backend.js';
import { wasmBackend } from '../../engine/wasm/backend.js';
import { Recording } from '../../recording/recording.js';
import { folderRuns } from '../../runs/folderRuns.node.js';
import { version } from '../../runs/version.js';
import { epochsOf, type Recipe, recipeFrom } from '../../train/recipe.js';
import { recipes } from '../../train/recipes/index.js';
import { recipeModel } from '../../train/runRecipe.js';
import type { OptionValues } from '../arguments.js';
import { showDataset, showFirstImages, titleOf } from '../datasetView.js';
import { interruptSignal } from '../interrupt.js';
import { nextCommand, resumeCommand, startCommand } from '../invocation.js';
import { loadData } from '../loadData.js';
import { machine } from '../machine.js';
import type { startOptions } from '../options.js';
import { predictOne, showPrediction } from '../prediction.js';
import { StepsPage } from '../tenSteps/page.js';
import {
  estimateSeconds,
  measureSpeed,
  QUICK_BATCH,
  QUICK_MOMENTUM,
  quickLimit,
  quickRecipe,
} from '../tenSteps/plan.js';
import { augmentStep, compileStep, networkStep, normalizeStep, oneHotStep } from '../tenSteps/steps.js';
import type { Output } from '../terminal/output.js';
import { clock, counted, grouped, roughly } from '../terminal/text.js';
import { showTestResult } from '../testView.js';
import { testAndFinish, trainAndSave, type TrainingRequest } from '../training.js';

/** The image that the notebook predicts in the end. */
const SHOWN_IMAGE = 1200;

type StartOptions = OptionValues<typeof startOptions>;

/** The ten steps, each under its heading with what it really did. */
export async function start(values: StartOptions, output: Output): Promise<void> {
  const { threads, seed = 1, out, quick } = values;
  const started = performance.now();
  const signal = interruptSignal(output);
  const makeBackend = (): Backend => wasmBackend(threads === undefined ? {} : { threads });
  const whole = recipeFrom(recipes['seed']);
  const recipe = quick ? quickRecipe(whole) : whole;
  const page = output.result;
  const steps = new StepsPage(page);

  page.line(page.style.bold(`Cifra ${version}: from the files of MNIST to a prediction, in ten steps`));
  page.line();
  output.live(() => 'Measuring how fast this machine is …');
  const speed = await measureSpeed(recipe, makeBackend);
  output.clear();
  signal.throwIfAborted();
  const limit = values.limit ?? (quick ? quickLimit(recipe, speed) : undefined);
  const seconds = estimateSeconds(recipe, speed, countOf(limit, 'train'), countOf(limit, 'test'));
  steps.say(
    `This machine, measured just now, trains ${grouped(Math.round(speed.training))} images a second: this will take about ${roughly(seconds)}.`,
  );
  if (quick) steps.say(quickNote(recipe, whole, limit));
  else if (limit === undefined) steps.say(`A version of about a minute: ${startCommand(true)}`);

  // The model's threads start with its backend; its weights are those of the seed.
  await using model = recipeModel(recipe, makeBackend, seed);
  steps.step(
    1,
    'The notebook imports Keras here. Cifra needs neither Python nor any other package: data, network, training and engine are its own.',
  );
  const { backend } = model;
  steps.fact('Cifra', `${version} on Node ${process.versions.node}`);
  steps.fact(
    'Engine',
    `${backend.name}, ${counted(backend.threads, 'thread')}, ${backend.numerics} numerics: seed ${seed} gives the same weights on every machine, with any number of threads`,
  );

  steps.step(
    2,
    'The network learns from the training images. The test images are kept apart, to see whether it can read digits that it has never seen.',
  );
  const resolved = await loadData(values, limit, output, { signal, page });
  const { dataset, notice } = resolved;
  showDataset(page, dataset);
  page.line();
  showFirstImages(page, dataset);

  normalizeStep(dataset, page, steps);
  oneHotStep(dataset.train, page, steps);
  networkStep(model, page, steps);
  await compileStep(model, recipe, dataset, page, steps);

  const parts = { recipe, dataset, notice, model };
  const recording = await Recording.begin(parts, { store: folderRuns(), machine: machine(), started }, out);
  const request: TrainingRequest = {
    ...parts,
    recording,
    resume: resumeCommand(recording.place, values),
    output,
    page,
    indent: '  ',
    signal,
    async onPhaseBegin({ phase, firstEpoch }) {
      if (!phase.augmentation) return;
      await augmentStep(model, dataset.train, { phase, firstEpoch }, page, steps);
      steps.step(8, 'The training goes on where it was, and in every epoch each image looks a little different.');
    },
  };
  const calibration = await trainAndSave(request);

  steps.step(
    9,
    'How many of the test images does the network read right? They are a sample of all digits that people write, so the figure is uncertain: the interval says by how much.',
  );
  const test = await testAndFinish(request, calibration);
  showTestResult(page, test, `test images of ${titleOf(dataset)}`, dataset.classNames);

  const index = Math.min(SHOWN_IMAGE, dataset.train.labels.length - 1);
  steps.step(
    10,
    `From an image to a digit: training image ${grouped(index)}, and how probable the network finds each of the ten classes.`,
  );
  showPrediction(page, await predictOne(model, dataset.train, index), dataset.train, index, dataset.classNames);

  page.line();
  page.line(page.style.dim('─'.repeat(page.width)));
  page.line();
  steps.fact('Took', clock((performance.now() - started) / 1000));
  if (quick) steps.fact('Quick', `a taste; with all images and ${epochsOf(whole)} epochs: ${startCommand(false)}`);
  if (notice !== undefined) steps.fact('Note', notice);
  steps.fact('Run', `${recording.place} (run.json, metrics.csv, model.safetensors)`);
  steps.fact('Weights', `sha256 ${test.weightsSha256}`);
  if (test.report !== undefined) {
    steps.fact('Report', `${test.report}: open it in a browser to see what the network has learned`);
  }
  page.line();
  steps.say('Next, what the network makes of another image:');
  page.line(`  ${page.style.bold(nextCommand(recording.place, 7, values))}`);
}

function quickNote(recipe: Recipe, whole: Recipe, limit: Limit | undefined): string {
  const [train, test] = [countOf(limit, 'train'), countOf(limit, 'test')];
  return `With --quick there are ${epochsOf(recipe)} epochs instead of ${epochsOf(whole)}, ${grouped(train)} training and ${grouped(test)} test images, batches of ${QUICK_BATCH}, and batch normalization with momentum ${QUICK_MOMENTUM}, for few steps: its accuracy is not that of the whole.`;
}

/** How many images a part of the dataset will have; MNIST's and the synthetic digits' own counts are the same. */
function countOf(limit: Limit | undefined, part: 'train' | 'test'): number {
  const all = { train: 60_000, test: 10_000 }[part];
  return Math.min(all, (typeof limit === 'number' ? limit : limit?.[part]) ?? all);
}
