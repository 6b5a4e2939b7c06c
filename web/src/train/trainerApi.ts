import type { Dataset } from '../../../src/data/dataset.js';
import type { Config } from '../../../src/nn/index.js';
import type { EpochLog } from '../../../src/train/logs.js';
import type { Recipe } from '../../../src/train/recipe.js';

/** What a page asks of the worker that trains, and what it is told. */

/** How a run shall be begun. */
export interface TrainingPlan {
  /** Of `recipes`, with the changes below. */
  readonly recipe: string;
  readonly seed: number;
  readonly dataset: Dataset['name'];
  /** Only the first so many training and test images, as `--limit` of the command line. Default all. */
  readonly limit?: number | undefined;
  /** Of all phases together. Default the recipe's. */
  readonly epochs?: number | undefined;
  /** Throughout, instead of the recipe's. */
  readonly learningRate?: number | undefined;
  /** False: no phase augments. */
  readonly augmentation: boolean;
  readonly numerics: 'strict' | 'relaxed';
}

/** A run as it is while it is in the worker. */
export interface RunFacts {
  /** Its place in the browser's storage. */
  readonly place: string;
  readonly recipe: Recipe;
  readonly seed: number;
  readonly dataset: Pick<Dataset, 'name' | 'source' | 'classNames'>;
  readonly trainCount: number;
  readonly validationCount: number;
  readonly epochs: number;
  /** Made before it was opened; 0 for a new run. */
  readonly steps: number;
  /** Of each epoch. */
  readonly stepsPerEpoch: readonly number[];
  readonly threads: number;
  readonly numerics: string;
  /** Its network as `toConfig` writes it: the pad reads with it and with the weights below. */
  readonly network: Config;
}

/** A run that is kept in the browser. */
export interface KeptRun {
  readonly place: string;
  readonly recipe: string;
  readonly seed: number;
  readonly dataset: string;
  readonly startedAt: string;
  /** Epochs that ended. */
  readonly epochs: number;
  readonly totalEpochs: number;
  /** Of the newest checkpoint; undefined where the run has come to its end, or has none yet. */
  readonly steps: number | undefined;
  /** Where it has come to its end. */
  readonly testAccuracy: number | undefined;
  /** The place the browser gives it, in bytes. */
  readonly bytes: number;
}

/** A run that is kept, but cannot be read: it is damaged, or of a newer version. */
export interface UnreadableRun {
  readonly place: string;
  readonly bytes: number;
  /** What is wrong with it, and what can be done. */
  readonly why: string;
}

/** What can be trained on. */
export interface KnownDataset {
  readonly name: Dataset['name'];
  /** Whether its images are here, made or kept. Synthetic digits always are. */
  readonly here: boolean;
  readonly source: string | undefined;
}

export interface NamedFile {
  /** With the folder it is in, if it is in one: `run/run.json`. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export type TrainerApi = {
  datasets(nothing: undefined): Promise<readonly KnownDataset[]>;
  /** MNIST (or Fashion-MNIST) out of files that were dropped: the four IDX files, gzipped or not, or an .npz. Kept. */
  addDataset(files: readonly NamedFile[]): Promise<KnownDataset>;
  /** From the mirrors that allow it. Kept. Progress comes as `loading`. */
  fetchDataset(name: Dataset['name']): Promise<KnownDataset>;

  /** The newest first. */
  runs(nothing: undefined): Promise<readonly (KeptRun | UnreadableRun)[]>;
  removeRun(place: string): Promise<void>;
  /** The run's folder as a .zip of the files that Node has: `cifra train --resume` goes on with it. */
  exportRun(place: string): Promise<NamedFile>;
  /** model.safetensors of the run. */
  exportModel(place: string): Promise<NamedFile>;
  /** The newest checkpoint of the run. */
  exportCheckpoint(place: string): Promise<NamedFile>;
  /** A run out of a .zip, a run's folder's files, or a checkpoint alone. @returns its place */
  importRun(files: readonly NamedFile[]): Promise<KeptRun>;

  /** A new run, standing before its first step. The one that was open is saved and closed. */
  begin(plan: TrainingPlan): Promise<RunFacts>;
  /** A kept run, standing at its newest checkpoint. */
  open(place: string): Promise<RunFacts>;
  play(nothing: undefined): Promise<void>;
  /** Stands still after the step in progress, with a checkpoint. */
  pause(nothing: undefined): Promise<void>;
  /**
   * One step, then stands still, and answers; so does `epoch`, later, unless it is told something else meanwhile. After
   * an epoch's last step it stands when the validation is through.
   */
  step(nothing: undefined): Promise<void>;
  /** To the end of the epoch, then stands still. */
  epoch(nothing: undefined): Promise<void>;
  /** Saves and closes the run; it can be opened again. */
  stop(nothing: undefined): Promise<void>;
};

export type TrainerState =
  | { readonly name: 'empty' }
  /** Data are fetched or made; done and total in images or bytes, where known. */
  | { readonly name: 'loading'; readonly what: string; readonly done: number; readonly total: number }
  | { readonly name: 'paused' | 'running' | 'validating' | 'testing' }
  | { readonly name: 'done'; readonly result: RunResult }
  | { readonly name: 'failed'; readonly code: string; readonly message: string };

export interface RunResult {
  readonly testAccuracy: number;
  readonly testErrors: number;
  readonly testCount: number;
  readonly weightsSha256: string;
  readonly seconds: number;
}

/** Where the training stands. At most ten times a second. */
export interface Pace {
  /** From 1. */
  readonly epoch: number;
  /** Made in this epoch, */
  readonly step: number;
  /** and in all epochs so far. */
  readonly steps: number;
  /** Of the whole training. */
  readonly totalSteps: number;
  /** Over the epoch so far. */
  readonly loss: number;
  readonly accuracy: number | undefined;
  /** Of the last step alone. */
  readonly batchLoss: number;
  readonly learningRate: number;
  readonly imagesPerSecond: number;
  /** Of all epochs, validation included; undefined while too little has been seen. */
  readonly secondsLeft: number | undefined;
  /** Of the newest saved checkpoint; 0 before the first. */
  readonly savedSteps: number;
}

export interface Mistake {
  /** 784 bytes. */
  readonly image: Uint8Array;
  readonly label: number;
  readonly predicted: number;
  /** Of the predicted class, 0 to 1. */
  readonly confidence: number;
}

export type TrainerEvents = {
  state: TrainerState;
  pace: Pace;
  /** The loss of each step since the last such event: [steps made, loss] in turn. For the live curve. */
  losses: Float32Array;
  /** All epochs that ended so far. */
  epochs: readonly EpochLog[];
  /** The weights now, by name: at most once a second while it runs, and whenever it comes to stand. */
  weights: ReadonlyMap<string, Float32Array>;
  /** On the validation images (a sample of them within an epoch, all after it): the most confident wrong answers. */
  mistakes: {
    readonly of: number;
    readonly errors: number;
    readonly steps: number;
    readonly worst: readonly Mistake[];
  };
  /** Something that does not end the run, such as storage that is full: told, and the training goes on. */
  warning: { readonly code: string; readonly message: string };
};
