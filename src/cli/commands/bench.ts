import { imageDataGenerator } from '../../augment/imageDataGenerator.js';
import { normalize } from '../../data/normalize.js';
import { syntheticDigits } from '../../data/synthetic/index.js';
import { wasmBackend } from '../../engine/wasm/backend.js';
import { median } from '../../numeric/statistics.js';
import { rows } from '../../numeric/tensor.js';
import type { Model } from '../../train/model.js';
import { recipeFrom } from '../../train/recipe.js';
import { recipes } from '../../train/recipes/index.js';
import { inputsOf, recipeModel } from '../../train/runRecipe.js';
import type { OptionValues } from '../arguments.js';
import { backendOptions, type benchOptions } from '../options.js';
import type { Output } from '../terminal/output.js';
import { columns, counted, grouped } from '../terminal/text.js';

const BATCH = 128;
const IMAGES = 16 * BATCH;
/** What is measured, after what warms up. */
interface Effort {
  readonly windows: number;
  /** Of one window. */
  readonly seconds: number;
  readonly singleImages: number;
}
const THOROUGH: Effort = { windows: 5, seconds: 1, singleImages: 300 };
const QUICK: Effort = { windows: 3, seconds: 0.2, singleImages: 50 };

interface Rate {
  readonly imagesPerSecond: number;
  /** The slowest and the fastest window. */
  readonly low: number;
  readonly high: number;
}

/** Whole steps of the seed network at batch 128, as `fit` and `predict` do them: filling batches is part of it. */
export async function bench(values: OptionValues<typeof benchOptions>, output: Output): Promise<void> {
  const { seed = 1 } = values;
  const effort = values.quick ? QUICK : THOROUGH;
  const recipe = recipeFrom(recipes['seed']);
  await using model = recipeModel(recipe, () => wasmBackend(backendOptions(values)), seed);
  const digits = syntheticDigits({ count: IMAGES, seed: 0 });
  const [x, y] = inputsOf(digits, recipe);
  const augmentation = imageDataGenerator(recipe.phases.find((phase) => phase.augmentation)!.augmentation);
  const { notes, result } = output;
  const progress = (what: string): void => {
    if (output.canRedraw) output.live(() => `Measuring ${what} …`);
    else notes.line(`Measuring ${what}.`);
  };

  progress('training');
  const training = await measured(effort, (images) => fitOnce(model, x, y, images));
  progress('augmented training');
  const augmented = await measured(effort, (images) => fitOnce(model, x, y, images, { augmentation }));
  progress('inference');
  const inference = await measured(effort, async (images) => {
    for (let left = images; left > 0; left -= IMAGES) {
      await model.predict(left < IMAGES ? rows(x, 0, left) : x, { batchSize: BATCH });
    }
  });
  progress('single images');
  const single = await singleImages(effort, model, normalize(digits.images));
  output.clear();

  const peakRssMb = Math.round(process.resourceUsage().maxRSS / 100) / 10;
  const { threads: team, numerics } = model.backend;
  output.event('bench', {
    trainImagesPerSecond: round(training.imagesPerSecond),
    inferImagesPerSecond: round(inference.imagesPerSecond),
    singleImageMsP50: Math.round(single * 1000) / 1000,
    threads: team,
    numerics,
    peakRssMb,
    augmentedTrainImagesPerSecond: round(augmented.imagesPerSecond),
    spread: {
      trainImagesPerSecond: [round(training.low), round(training.high)],
      inferImagesPerSecond: [round(inference.low), round(inference.high)],
      augmentedTrainImagesPerSecond: [round(augmented.low), round(augmented.high)],
    },
  });
  const { style, line } = result;
  line(style.bold(`Seed network, batch ${BATCH}, ${counted(team, 'thread')}, ${numerics} numerics`));
  const rate = (name: string, { imagesPerSecond, low, high }: Rate): string[] => [
    name,
    `${grouped(Math.round(imagesPerSecond))} images/s`,
    `${grouped(Math.round(low))} to ${grouped(Math.round(high))}`,
  ];
  const table = [
    ['', `median of ${effort.windows} windows`, 'slowest to fastest'],
    rate('training', training),
    rate('training, augmented', augmented),
    rate('inference', inference),
    ['one image', `${single.toFixed(3)} ms`, `median of ${effort.singleImages}`],
    ['peak memory', `${peakRssMb.toFixed(0)} MB`, 'of the whole process'],
  ];
  for (const text of columns(table)) line(`  ${text}`);
}

/** Trains on the first so many images. */
async function fitOnce(
  model: Model,
  x: Parameters<Model['fit']>[0],
  y: Parameters<Model['fit']>[1],
  images: number,
  options: Pick<NonNullable<Parameters<Model['fit']>[2]>, 'augmentation'> = {},
): Promise<void> {
  const perEpoch = Math.min(images, IMAGES);
  await model.fit(x, y, {
    batchSize: BATCH,
    epochs: Math.ceil(images / perEpoch),
    stepsPerEpoch: perEpoch / BATCH,
    ...options,
  });
}

/** The rate of `work`, which takes the number of images to go through: some batches, or all the images several times. */
async function measured({ windows, seconds: target }: Effort, work: (images: number) => Promise<void>): Promise<Rate> {
  const secondsOf = async (images: number): Promise<number> => {
    const begun = performance.now();
    await work(images);
    return (performance.now() - begun) / 1000;
  };
  // Compiles the program and the kernels, and says how many images fill a window.
  await secondsOf(BATCH);
  const seconds = await secondsOf(2 * BATCH);
  const fitting = BATCH * Math.max(1, Math.round((2 * target) / seconds));
  // Within the images once, or several times through all of them.
  const images = fitting < IMAGES ? fitting : IMAGES * Math.round(fitting / IMAGES);
  await secondsOf(images);
  const rates: number[] = [];
  for (let i = 0; i < windows; i++) rates.push(images / (await secondsOf(images)));
  return { imagesPerSecond: median(rates), low: Math.min(...rates), high: Math.max(...rates) };
}

/** The median time in milliseconds from an image to its probabilities. */
async function singleImages(effort: Effort, model: Model, x: ReturnType<typeof normalize>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < effort.singleImages + 20; i++) {
    const image = rows(x, i % IMAGES, (i % IMAGES) + 1);
    const begun = performance.now();
    await model.predict(image);
    if (i >= 20) times.push(performance.now() - begun);
  }
  return median(times);
}

function round(rate: number): number {
  return Math.round(rate * 10) / 10;
}
