import type { WasmBackendOptions } from '../engine/wasm/backend.js';
import { MOST_MEMBERS } from '../runs/ensembleRecord.js';
import { LARGEST_BATCH, MOST_EPOCHS } from '../train/limits.js';
import { flag, oneOf, positiveNumber, share, text, texts, wholeNumber } from './arguments.js';

/** What every command takes. */
const json = flag('Events as JSON on stdout, one a line; words for people go to stderr.');
const threads = wholeNumber(
  'How many threads compute. Default: one per core. The result does not depend on it.',
  1,
  64,
);
const numerics = oneOf(
  ['strict', 'relaxed'],
  'How products are added: strict (the default) gives the same bits on every machine, relaxed is faster.',
);
const seed = wholeNumber(
  'Decides initial weights, shuffles, dropout and augmentation: equal seeds give equal weights. Default 1.',
  0,
);

const dataOptions = {
  dataset: oneOf(
    ['auto', 'mnist', 'fashion-mnist', 'synthetic'],
    'The images. Default auto: MNIST where it can be had, otherwise digits that Cifra makes itself.',
  ),
  'data-dir': text('DIR', "The folder with the dataset's files. Default: the environment's CIFRA_DATA_DIR, the cache."),
  offline: flag('Download nothing.'),
  limit: wholeNumber('Take only the first N images for training, and the first N for tests.', 1),
};

const recipeOptions = {
  recipe: text(
    'NAME|FILE',
    'What to train, and how: "seed" (the notebook), "fast", "better", "best", or a JSON file. Default seed.',
  ),
  epochs: wholeNumber(
    'All epochs together: phases of the recipe are cut short, or its last one goes on.',
    1,
    MOST_EPOCHS,
  ),
  'batch-size': wholeNumber('Images per step, in every phase.', 1, LARGEST_BATCH),
  'learning-rate': positiveNumber("The same throughout, instead of the recipe's.", 10),
};

const out = text('DIR', 'The new folder for this run. Default: one in runs/, named after time, recipe and seed.');
const model = text(
  'DIR|FILE',
  "A run's or an ensemble's folder, or a .safetensors file. Default: the model that comes with Cifra.",
);

const checkpointSteps = wholeNumber(
  'A checkpoint after every N steps, besides those after each epoch. Default: every 30 seconds.',
  1,
);

export const trainOptions = {
  ...dataOptions,
  ...recipeOptions,
  seed,
  threads,
  numerics,
  out,
  ensemble: wholeNumber(
    'Train so many networks, with the seeds from --seed on, and let the mean of their probabilities decide.',
    2,
    MOST_MEMBERS,
  ),
  resume: text(
    'DIR',
    'Go on with the run, or the ensemble, in this folder, to the same bits as if it had never been interrupted.',
  ),
  'checkpoint-steps': checkpointSteps,
  'no-report': flag('Write no report.html in the end.'),
  'print-recipe': flag('Print the recipe, with the changes of the other options, as JSON to edit; train nothing.'),
  json,
};

export const startOptions = {
  quick: flag('A version of about one minute, with fewer images and epochs.'),
  ...dataOptions,
  seed,
  threads,
  out,
  json,
};

const modelData = {
  ...dataOptions,
  dataset: { ...dataOptions.dataset, about: 'The images. Default: the dataset that the model was trained on.' },
};

export const evaluateOptions = {
  model,
  ...modelData,
  split: oneOf(['train', 'test'], 'Which images to read. Default test.'),
  chart: text(
    'FILE.svg',
    'Draw how far its confidence can be trusted into this new file: reliability diagram, accuracy against share answered.',
  ),
  images: text('DIR', 'Read the pictures in this folder that --labels names, instead of a dataset.'),
  labels: text(
    'FILE',
    'What the pictures show: comma-separated values with the columns file and label. Default: labels.csv in --images.',
  ),
  'group-by': texts(
    'COLUMN',
    'Accuracy for each value of this column of --labels too; may be given several times. Default: all columns of words with few different ones.',
  ),
  mistakes: text('FILE.png', 'Draw the pictures of --images that were not read right into this new file.'),
  threads,
  json,
};

export const reportOptions = {
  'data-dir': dataOptions['data-dir'],
  offline: dataOptions.offline,
  full: flag('Robustness on all test images instead of 500.'),
  out: text('FILE.html', 'Where to write it. Default: report.html in the folder of the run.'),
  threads,
  json,
};

const { limit: _, ...allModelData } = modelData;
export const predictOptions = {
  model,
  stages: text(
    'FILE.png|DIR',
    'Draw how a picture becomes what the network sees, step by step, into this new file; or into files of this folder.',
  ),
  index: wholeNumber('Instead of pictures, an image of the dataset, counted from 0.', 0),
  split: oneOf(['train', 'test'], 'Of which images. Default test.'),
  ...allModelData,
  threads,
  json,
};

export const inspectOptions = {
  index: wholeNumber('The image of the dataset to look at, counted from 0. Default 0.', 0),
  split: predictOptions.split,
  image: text('FILE', 'Instead, a picture of a digit: PNG, JPEG or WebP, or - for stdin.'),
  layer: text('NAME', 'Only this layer: its kernels, if it has some, and all that it makes of the image.'),
  target: wholeNumber('The class that occlusion and gradient ask about. Default the one that is read.', 0),
  out: text('DIR', 'Draw all of it into PNG files in this folder.'),
  ...allModelData,
  threads,
  json,
};

export const compareOptions = {
  out: text('FILE', 'Draw the comparison into this new file: a page (.html), or the curves alone (.svg).'),
  images: wholeNumber(
    'How many images of which the reading changed are listed at most, for each pair. Default 100, in the terminal 24.',
    0,
  ),
  'data-dir': dataOptions['data-dir'],
  offline: dataOptions.offline,
  threads,
  json,
};

export const studyOptions = {
  seeds: wholeNumber('With how many seeds each network is trained: 1, 2, 3 and so on. Default 5.', 1, 100),
  quick: flag('A version of about one minute, with fewer images, epochs and seeds: a wider interval.'),
  ...dataOptions,
  threads,
  out: text(
    'DIR',
    'The folder of the study: a new one, or one that was interrupted, to go on with it. Default: in studies/.',
  ),
  json,
};

export const summaryOptions = { recipe: recipeOptions.recipe, json };

export const dataCommandOptions = {
  ...dataOptions,
  download: flag('Fetch what is missing and keep it in the cache.'),
  json,
};

export const doctorOptions = {
  'data-dir': dataOptions['data-dir'],
  threads,
  identity: flag('Also train a small network and hold its weights, bit for bit, against those of every other machine.'),
  json,
};

export const benchOptions = {
  threads,
  numerics,
  seed,
  quick: flag('Shorter windows, for a first look: the figures vary more.'),
  json,
};

export const webOptions = {
  port: wholeNumber('Which port. Default: 7840, or the next one that is free.', 1, 65_535),
  host: text(
    'HOST',
    'Who can open it. Default 127.0.0.1: this machine alone; 0.0.0.0: all machines that can reach this one.',
  ),
  isolation: oneOf(
    ['yes', 'no'],
    'Whether the browser may share memory between threads. Default yes; no shows the page as hosts show it that send no headers: one thread.',
  ),
  json,
};

export const timeToAccuracyOptions = {
  ...recipeOptions,
  target: positiveNumber('The accuracy to be reached, such as 0.99. Default 0.99.', 1),
  seeds: wholeNumber('How many seeds to train with, each in a fresh process. Default 5.', 1, 1000),
  'first-seed': wholeNumber('The first of them; the others follow it. Default 1.', 0, Number.MAX_SAFE_INTEGER - 1000),
  on: oneOf(
    ['validation', 'test'],
    'Which images the accuracy is of: validation (the default), training images held out of the training, or test, after training on all training images. To choose by, take validation.',
  ),
  'validation-split': share("The share of the training images that is held out. Default: the recipe's, or 0.1."),
  ...dataOptions,
  threads,
  numerics,
  out: text('FILE', 'Write the result, with every seed and epoch, to this new JSON file.'),
  json,
};

/** What was said of threads and numerics, as the engine takes it. */
export function backendOptions({
  threads,
  numerics,
}: {
  readonly threads?: number | undefined;
  readonly numerics?: 'strict' | 'relaxed' | undefined;
}): WasmBackendOptions {
  return { ...(threads !== undefined && { threads }), ...(numerics !== undefined && { numerics }) };
}
