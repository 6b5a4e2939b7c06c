import { existsSync } from 'node:fs';
import type { ResolvedDataset } from '../../data/resolve.node.js';
import type { Backend } from '../../engine/backend.js';
import { wasmBackend } from '../../engine/wasm/backend.js';
import { writeWhole } from '../../files/atomicWrite.node.js';
import { CifraError } from '../../numeric/errors.js';
import { mean } from '../../numeric/statistics.js';
import { epochsOf, type Recipe } from '../../train/recipe.js';
import { type OptionValues, UsageError } from '../arguments.js';
import { describe } from '../datasetView.js';
import { Interrupted, interruptSignal } from '../interrupt.js';
import { loadData } from '../loadData.js';
import { backendOptions, type timeToAccuracyOptions } from '../options.js';
import { chosenRecipe } from '../recipeChoice.js';
import { machine } from '../machine.js';
import { newRecord } from '../../recording/record.js';
import type { Output } from '../terminal/output.js';
import { counted, grouped, percent, wrapped } from '../terminal/text.js';
import { childSeed } from '../timing/childSeed.js';
import { clockInWords, type SeedResult, type TimedEpoch } from '../timing/seedResult.js';
import { spreadsOf } from '../timing/spread.js';
import { recipeHash, trainSeed } from '../timing/trainSeed.js';
import { showSpreads, targetText, TimingView } from '../timing/view.js';

type TimingOptions = OptionValues<typeof timeToAccuracyOptions>;

/** What is held out of the training images where neither recipe nor options say it. */
const SPLIT = 0.1;

interface Plan {
  readonly recipe: Recipe;
  readonly target: number;
  readonly seeds: readonly number[];
  readonly resolved: ResolvedDataset;
  readonly backend: Backend;
}

/** Trains a recipe with several seeds, each in a fresh process, and says how long it takes and how well it reads. */
export async function timeToAccuracy(values: TimingOptions, output: Output): Promise<void> {
  const startedAt = new Date();
  const { target = 0.99, seeds: count = 5, 'first-seed': first = 1, out } = values;
  checkOut(out);
  const recipe = await timedRecipe(values);
  const signal = interruptSignal(output);
  const resolved = await loadData(values, values.limit, output, { signal });
  const seeds = Array.from({ length: count }, (_, i) => first + i);
  // Only to be asked what it is: its threads start with its first program.
  const backend = wasmBackend(backendOptions(values));
  const plan: Plan = { recipe, target, seeds, resolved, backend };
  describePlan(plan, output);

  const results: SeedResult[] = [];
  const view = new TimingView({ output, seeds, epochs: epochsOf(recipe), target });
  try {
    for (const seed of seeds) {
      const result = await (count === 1 ? here : inChild)(seed, values, plan, signal, output, view);
      results.push(result);
      view.endSeed(result);
      output.event('seed', { ...result });
    }
  } catch (error) {
    view.stop();
    showResults(plan, results, view.endedEpochs, output);
    if (!(error instanceof Interrupted)) throw error;
    throw new Interrupted(
      `Interrupted in seed ${seeds[results.length]}: ${results.length} of ${counted(count, 'seed')} had ended.`,
      error.exitStatus,
    );
  }
  view.stop();
  showResults(plan, results, 0, output);
  const {
    formatVersion: _,
    seed: __,
    ...record
  } = newRecord({ recipe, seed: first, ...resolved, backend }, machine(), startedAt);
  const result = {
    ...record,
    clock: clockInWords(evaluatedImages(recipe)),
    on: recipe.validation === 'test' ? 'test' : 'validation',
    target,
    ...spreadsOf(results, target),
    testReadings: testReadings(recipe, results),
    trainCount: results[0]!.trainCount,
    evaluatedCount: results[0]!.evaluatedCount,
    results,
  };
  await backend.dispose();
  if (out !== undefined) {
    await writeWhole(out, new TextEncoder().encode(`${JSON.stringify(result, undefined, 2)}\n`));
    output.notes.line(`  Written to ${out}`);
  }
  output.event('time-to-accuracy', result);
}

type TrainOne = (
  seed: number,
  values: TimingOptions,
  plan: Plan,
  signal: AbortSignal,
  output: Output,
  view: TimingView,
) => Promise<SeedResult>;

/** A single seed is trained by this process, which is fresh. */
const here: TrainOne = (seed, values, { recipe, target, resolved }, signal, output, view) =>
  trainSeed({
    ...{ recipe, seed, target, signal, dataset: resolved.dataset, backend: backendOptions(values) },
    onBatchEnd: ({ epoch, step, steps }) => view.progress(epoch - 1 + step / steps),
    onEpochEnd: tell(seed, output, view),
  });

const inChild: TrainOne = async (seed, values, { recipe, resolved }, signal, output, view) => {
  const words = childWords(seed, values, resolved);
  const result = await childSeed({ seed, words, signal, onEpochEnd: tell(seed, output, view) });
  if (result.recipeSha256 === recipeHash(recipe)) return result;
  throw new CifraError(
    'recipe-changed',
    `The recipe in ${values.recipe} has changed while it was measured: seed ${seed} was trained by another one.`,
    'Leave the file as it is until the command has ended.',
  );
};

function tell(seed: number, output: Output, view: TimingView): (epoch: TimedEpoch) => void {
  return (epoch) => {
    output.event('epoch', { seed, ...epoch });
    view.endEpoch(epoch);
  };
}

/** This command for one seed. */
function childWords(seed: number, values: TimingOptions, { dataset, notice }: ResolvedDataset): string[] {
  // What auto has come to is not to be tried again by every process, unless the given folder was passed over.
  const choice = notice === undefined || dataset.name === 'synthetic' ? dataset.name : 'auto';
  const { out: _, ...rest } = values;
  const given = { ...rest, seeds: 1, 'first-seed': seed, dataset: choice, json: true };
  const words = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : value === true ? [`--${name}`] : [`--${name}=${value}`],
  );
  return ['time-to-accuracy', ...words];
}

/** The recipe of the options with the images that it shall be judged by. */
async function timedRecipe(values: TimingOptions): Promise<Recipe> {
  const { on = 'validation', 'validation-split': split } = values;
  if (on === 'test' && split !== undefined) {
    throw new UsageError(
      'validation-split',
      '--validation-split and --on test exclude each other: on the test images, nothing is held out.',
      'Leave one of them out.',
    );
  }
  const { recipe } = await chosenRecipe(values);
  if (
    !recipe.metrics?.some(
      (metric) => metric === 'accuracy' || (typeof metric === 'object' && metric.type === 'accuracy'),
    )
  ) {
    throw new CifraError(
      'no-accuracy',
      `The recipe ${recipe.name} does not measure accuracy.`,
      'Add "accuracy" to its metrics.',
    );
  }
  if (on === 'test') {
    // Nothing is held out to calibrate on; what the network takes an image for does not depend on it.
    const { calibration: _, ...rest } = recipe;
    return { ...rest, validation: 'test' };
  }
  const ownSplit = recipe.validation === 'test' ? SPLIT : recipe.validation.split;
  return { ...recipe, validation: { split: split ?? ownSplit } };
}

/** Before anything is trained. */
function checkOut(out: string | undefined): void {
  if (out === undefined || !existsSync(out)) return;
  throw new CifraError('out-exists', `${out} is there already, and is not overwritten.`, 'Give another --out.');
}

function describePlan({ recipe, target, seeds, resolved, backend }: Plan, output: Output): void {
  const { result: page } = output;
  const { style } = page;
  const { dataset } = resolved;
  const epochs = epochsOf(recipe);
  const say = (text: string, paint = (line: string) => line): void => {
    for (const line of wrapped(text, page.width)) page.line(paint(line));
  };
  const which =
    seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds[0]} to ${seeds.at(-1)}, each in a fresh process`;
  say(`Recipe ${recipe.name}, ${counted(epochs, 'epoch')}, ${which}; target ${targetText(target)}.`, style.bold);
  const [train, test] = [dataset.train.labels.length, dataset.test.labels.length];
  if (recipe.validation === 'test') {
    say(`${describe(dataset)}: trained on all ${grouped(train)} training images.`);
    say(
      `This reads the ${grouped(test)} test images ${counted(epochs * seeds.length, 'time')}, after every epoch of every seed: choose nothing by what comes out.`,
      style.warn,
    );
  } else {
    const { split } = recipe.validation;
    say(
      `${describe(dataset)}: ${percent(split, 0)} of the ${grouped(train)} training images are held out, others for every seed, and evaluated on after every epoch. The test images are not read.`,
    );
  }
  say(`${counted(backend.threads, 'thread')}, ${backend.numerics} numerics.`);
  say(clockInWords(evaluatedImages(recipe)), style.dim);
  page.line();
}

/** `unfinished`: how many epochs had ended of a seed that has not. */
function showResults(
  { recipe, target }: Plan,
  results: readonly SeedResult[],
  unfinished: number,
  output: Output,
): void {
  const { result: page } = output;
  const [first] = results;
  if (first) {
    showSpreads(page, results, spreadsOf(results, target), target);
    const evaluating = mean(results.map(({ evaluationSeconds }) => evaluationSeconds));
    page.line(
      `  Trained on ${grouped(first.trainCount)} images, evaluated on ${grouped(first.evaluatedCount)} in ${evaluating.toFixed(2)} s a seed, off the clock.`,
    );
  }
  const readings = testReadings(recipe, results) + (recipe.validation === 'test' ? unfinished : 0);
  if (readings > 0) page.line(`  The test images were read ${counted(readings, 'time')}.`);
}

function testReadings({ validation }: Recipe, results: readonly SeedResult[]): number {
  return validation === 'test' ? results.reduce((sum, { evaluations }) => sum + evaluations, 0) : 0;
}

function evaluatedImages({ validation }: Recipe): string {
  return validation === 'test' ? 'the test images' : 'the held-out images';
}
