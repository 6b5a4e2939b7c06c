import {
  type CommandOption,
  type CommandOptions,
  type CommandWords,
  type OptionValues,
  readArguments,
} from './arguments.js';
import * as options from './options.js';
import { Output } from './terminal/output.js';

export interface Command {
  readonly about: string;
  readonly options: CommandOptions;
  /** What it takes besides options; nothing if left out. */
  readonly words?: CommandWords;
  /** Command lines that work, without `cifra`. */
  readonly examples: readonly string[];
  /** Reads the words after the command's name and does what they say. @throws UsageError, and what the command throws */
  run(name: string, words: readonly string[]): Promise<void>;
}

type OptionsWithJson = CommandOptions & { readonly json: CommandOption<true> };

interface Definition<T extends OptionsWithJson> extends Omit<Command, 'run'> {
  readonly options: T;
  /** The code, loaded when it is called for. */
  load(): Promise<(values: OptionValues<T>, output: Output, words: readonly string[]) => Promise<void>>;
}

function command<T extends OptionsWithJson>({ load, ...rest }: Definition<T>): Command {
  return {
    ...rest,
    async run(name, given) {
      const { values, words } = readArguments(name, given, rest.options, rest.words);
      const run = await load();
      await run(values, new Output(values.json === true), words);
    },
  };
}

/** Every command by name, in the order in which help lists them. */
export const commands: Readonly<Record<string, Command>> = {
  start: command({
    about: 'The ten steps from the MNIST files to a prediction, each shown with what it does.',
    options: options.startOptions,
    examples: ['start --quick', 'start'],
    load: async () => (await import('./commands/start.js')).start,
  }),
  train: command({
    about: 'Train a network by a recipe; the run and its model go to a folder of their own.',
    options: options.trainOptions,
    examples: [
      'train --recipe seed --seed 1',
      'train --limit 10000 --epochs 1',
      'train --print-recipe > my-recipe.json',
      'train --recipe my-recipe.json --json',
      'train --resume runs/DIR',
    ],
    load: async () => (await import('./commands/train.js')).train,
  }),
  evaluate: command({
    about: 'How well a model reads a dataset, or pictures of your own with labels.',
    options: options.evaluateOptions,
    examples: [
      'evaluate --model runs/DIR',
      'evaluate --model runs/DIR --dataset fashion-mnist',
      'evaluate --model runs/DIR --images photos --labels labels.csv --mistakes mistakes.png',
    ],
    load: async () => (await import('./commands/evaluate.js')).evaluate,
  }),
  predict: command({
    about: 'Which digit stands in a picture: a photo, scan or drawing, or an image of a dataset.',
    words: {
      value: 'FILE...',
      about:
        'PNG, JPEG or WebP pictures of one digit each: files, folders (all pictures in them), patterns such as "scans/**/*.png", or - for stdin.',
    },
    options: options.predictOptions,
    examples: [
      'predict --model runs/DIR photo.jpg',
      'predict --model runs/DIR scans more/*.png --json',
      'predict --model runs/DIR photo.jpg --stages stages.png',
      'predict --model runs/DIR --index 1200 --split train',
    ],
    load: async () => (await import('./commands/predict.js')).predict,
  }),
  report: command({
    about: 'The story of a run as one page: curves, mistakes, kernels, feature maps.',
    words: { value: 'RUN', about: 'The folder of a run.' },
    options: options.reportOptions,
    examples: ['report runs/DIR', 'report runs/DIR --full --out report.html'],
    load: async () => (await import('./commands/report.js')).report,
  }),
  inspect: command({
    about: 'Look inside a network: kernels, feature maps, and which pixels decide.',
    words: { value: '[MODEL]', about: "A run's folder, or a .safetensors file; the model that comes with Cifra." },
    options: options.inspectOptions,
    examples: [
      'inspect --index 1200',
      'inspect runs/DIR --index 1200 --out pictures',
      'inspect runs/DIR --image photo.jpg --layer conv2d_1 --json',
    ],
    load: async () => (await import('./commands/inspect.js')).inspect,
  }),
  compare: command({
    about: 'Runs side by side: settings, figures, and the images that only one reads right.',
    words: { value: 'RUN RUN...', about: 'The folders of two or more runs; the others are held against the first.' },
    options: options.compareOptions,
    examples: [
      'compare runs/A runs/B',
      'compare runs/A runs/B runs/C --out compare.html',
      'compare runs/A runs/B --json',
    ],
    load: async () => (await import('./commands/compare.js')).compare,
  }),
  study: command({
    about: "The notebook's claims, over several seeds: an answer, its uncertainty, a picture.",
    words: { value: 'NAME', about: 'batch-normalization or augmentation.' },
    options: options.studyOptions,
    examples: [
      'study batch-normalization',
      'study augmentation --quick',
      'study augmentation --seeds 10 --out my-study',
    ],
    load: async () => (await import('./commands/study.js')).study,
  }),
  summary: command({
    about: "The table of a recipe's network: layers, shapes, parameters, multiply-adds.",
    options: options.summaryOptions,
    examples: ['summary --recipe seed'],
    load: async () => (await import('./commands/summary.js')).summary,
  }),
  web: command({
    about: 'The page: draw digits and look into the network, train one, in your browser.',
    options: options.webOptions,
    examples: ['web', 'web --port 8000', 'web --isolation no'],
    load: async () => (await import('./commands/web.js')).web,
  }),
  data: command({
    about: 'Which data are where, whether they are the published ones, and how they look.',
    options: options.dataCommandOptions,
    examples: ['data', 'data --dataset mnist --download'],
    load: async () => (await import('./commands/data.js')).data,
  }),
  doctor: command({
    about: 'Whether this machine has what Cifra needs, and the engine computes as it should.',
    options: options.doctorOptions,
    examples: ['doctor', 'doctor --identity'],
    load: async () => (await import('./commands/doctor.js')).doctor,
  }),
  bench: command({
    about: 'How fast this machine trains and runs the seed network at batch 128.',
    options: options.benchOptions,
    examples: ['bench', 'bench --threads 1 --json'],
    load: async () => (await import('./commands/bench.js')).bench,
  }),
  'time-to-accuracy': command({
    about: 'How long a recipe trains and how well it reads then, over several seeds.',
    options: options.timeToAccuracyOptions,
    examples: [
      'time-to-accuracy --recipe seed --target 0.99 --seeds 10',
      'time-to-accuracy --recipe my-recipe.json --on test --out timing.json',
    ],
    load: async () => (await import('./commands/timeToAccuracy.js')).timeToAccuracy,
  }),
};
