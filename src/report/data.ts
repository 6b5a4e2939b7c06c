import type { LayerSummary } from '../nn/index.js';
import type { Interval } from '../numeric/statistics.js';
import type { MetricsRow } from '../runs/metrics.js';
import type { RunRecord } from '../runs/runRecord.js';
import type { TestResult } from '../train/testModel.js';

/** Everything that a run's report shows: numbers and small pictures, no words of explanation. It is JSON. */
export interface ReportData {
  /** The folder's own name. */
  readonly name: string;
  readonly record: RunRecord;
  readonly dataset: {
    /** "MNIST" */
    readonly title: string;
    readonly classNames: readonly string[];
  };
  /** What cannot be shown, and why, in sentences for people. */
  readonly missing: readonly string[];
  /** From metrics.csv, as they stand there. */
  readonly epochs: readonly MetricsRow[];
  /** The recipe's parts, in epochs from 1. */
  readonly phases: readonly PhaseData[];
  readonly network?: NetworkData;
  /** How the model reads the test images. */
  readonly test?: TestData;
  /** The first convolution's kernels and some predictions after each epoch. */
  readonly progress?: ProgressData;
  /** What each layer makes of some of the test images. */
  readonly featureMaps?: readonly FeatureMapsData[];
  readonly augmentation?: AugmentationData;
  readonly robustness?: RobustnessData;
  readonly time?: StepTime;
}

export interface PhaseData {
  readonly firstEpoch: number;
  readonly lastEpoch: number;
  readonly augmented: boolean;
  readonly batchSize: number;
}

export interface NetworkData {
  readonly name: string;
  readonly parameters: number;
  readonly multiplyAdds: number;
  readonly layers: readonly LayerSummary[];
}

export interface TestData extends Omit<TestResult, 'probabilities'> {
  readonly classes: readonly ClassData[];
  /** The images that can be looked at: every error, and of each class the rightly read ones of the largest loss. */
  readonly images: readonly ReadImage[];
  /** They side by side, in their order: see `Sprite`. */
  readonly sprite: Sprite;
}

export interface ClassData {
  readonly name: string;
  /** Test images of it. */
  readonly count: number;
  /** Of those taken for it, the share that were; undefined if none was. 0 to 1. */
  readonly precision?: number;
  /** Of those that were, the share taken for it. 0 to 1. */
  readonly recall: number;
}

export interface ReadImage {
  /** Of the test images, from 0. */
  readonly index: number;
  readonly label: number;
  readonly predicted: number;
  readonly loss: number;
  /** The three likeliest classes, the likeliest first. */
  readonly top: readonly { readonly label: number; readonly probability: number }[];
}

/** Pictures of one size in one PNG, row by row, `columns` in each row. */
export interface Sprite {
  /** data:image/png;base64,… */
  readonly png: string;
  /** Of one picture, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly count: number;
}

export interface ProgressData {
  /** The layer whose kernels are shown. */
  readonly layer: string;
  /** Height, width, channels, filters. */
  readonly shape: readonly [number, number, number, number];
  /** Which of `test.images` were watched: the same ones after every epoch. */
  readonly watched: readonly number[];
  /** From before the training (epoch 0) to its end. */
  readonly snapshots: readonly {
    readonly epoch: number;
    /** The kernels, as `shape` says. */
    readonly kernels: readonly number[];
    /** For each watched image, the probability of each class. */
    readonly probabilities: readonly (readonly number[])[];
  }[];
}

export interface FeatureMapsData {
  /** Which of `test.images`. */
  readonly image: number;
  readonly layers: readonly {
    readonly name: string;
    readonly type: string;
    /** Height, width, channels; or the units alone. */
    readonly shape: readonly number[];
    readonly min: number;
    readonly max: number;
    /** One picture for each channel, coloured from `min` to `max`. */
    readonly sprite: Sprite;
  }[];
}

export interface AugmentationData {
  /** Each row: a training image, then what the network was given of it, an epoch each. */
  readonly sprite: Sprite;
  readonly epochs: readonly number[];
}

export interface RobustnessData {
  /** How many of the test images, the same for all. */
  readonly count: number;
  readonly strips: readonly {
    /** "rotation" */
    readonly name: string;
    /** Of its values: "degrees", "pixels", "times". */
    readonly unit: string;
    readonly values: readonly number[];
    /** The value at which an image is as it is. */
    readonly neutral: number;
    /** 0 to 1, for each value. */
    readonly accuracy: readonly number[];
    readonly intervals: readonly Interval[];
    /** One image at each value. */
    readonly sprite: Sprite;
  }[];
}

/** Where the time of one training step goes. */
export interface StepTime {
  /** Milliseconds of a whole step, the median. */
  readonly step: number;
  readonly batchSize: number;
  /** The largest first; shares of 1. */
  readonly parts: readonly { readonly name: string; readonly share: number }[];
}
