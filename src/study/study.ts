import type { Dataset, LabelledImages } from '../data/dataset.js';
import type { Interval } from '../numeric/statistics.js';
import type { Recipe } from '../train/recipe.js';

/**
 * A question about training as data: recipes that differ in one thing, trained with the same seeds on the same images, and
 * what is measured of each. Which outcomes answer is said before anything is trained.
 */
export interface Study {
  /** For commands and folders: "batch-normalization". */
  readonly name: string;
  readonly title: string;
  readonly question: string;
  /** What is trained with each seed. */
  readonly variants: readonly Variant[];
  /** Read by every trained network. */
  readonly readings: readonly Reading[];
  readonly outcomes: readonly Outcome[];
  /** Which variants are held against which; the first one answers. */
  readonly contrasts: readonly Contrast[];
  /** So many of the dataset's training images are trained on, the first ones. */
  readonly trainImages: number;
  /** On so many test images, the first ones, accuracy is followed from epoch to epoch. */
  readonly watchedImages: number;
}

export interface Variant {
  readonly name: string;
  readonly label: string;
  /** Complete: see `recipeFrom`. */
  readonly recipe: Recipe;
}

/** Images that a trained network reads. */
export interface Reading {
  readonly name: string;
  readonly label: string;
  /**
   * Whether batch normalization's statistics are computed anew for it, from the first 2,000 images trained on, instead of
   * the moving averages that training leaves behind. Default false.
   */
  readonly settled?: boolean;
  images(dataset: Dataset): LabelledImages;
}

export interface Outcome {
  readonly name: string;
  /** For tables and pictures: "test accuracy, at the end". */
  readonly label: string;
  /** A share from 0 to 1, steps of training, or its seconds. */
  readonly unit: 'share' | 'steps' | 'seconds';
  readonly better: 'higher' | 'lower';
  /** Outcomes of one unit share a picture, unless they name another: one that dwarfs the rest. */
  readonly picture?: string;
  /** How the answer begins for each verdict, where the outcome is part of it. */
  readonly says?: Readonly<Record<Verdict, string>>;
  of(result: TrainingResult): number;
}

export interface Contrast {
  readonly name: string;
  /** "at learning rate 0.001"; empty where there is one contrast only. */
  readonly label: string;
  /** Names of variants: the difference is that of the first less that of the second. */
  readonly variant: string;
  readonly baseline: string;
}

/** What came of one training. It is JSON. */
export interface TrainingResult {
  readonly variant: string;
  readonly seed: number;
  /** Of the whole training. */
  readonly steps: number;
  /** The mean training loss of the steps from the point before to this one. */
  readonly losses: readonly { readonly step: number; readonly loss: number }[];
  /** After each epoch, on the watched test images, with the moving averages as they then are. */
  readonly epochs: readonly { readonly step: number; readonly accuracy: number }[];
  /** By the name of the reading. */
  readonly readings: Readonly<Record<string, ReadingResult>>;
  /** Of training alone. */
  readonly imagesPerSecond: number;
  /** Readings included. */
  readonly seconds: number;
  readonly weightsSha256: string;
}

export interface ReadingResult {
  /** 0 to 1. */
  readonly accuracy: number;
  readonly errors: number;
  readonly count: number;
}

/** What the one variant is better or worse by than the other, over the seeds. */
export interface Effect {
  readonly contrast: string;
  readonly outcome: string;
  readonly seeds: readonly number[];
  /** Variant less baseline, seed by seed. */
  readonly differences: readonly number[];
  readonly variantMean: number;
  readonly baselineMean: number;
  /** The mean of the differences. */
  readonly estimate: number;
  /** 95%, by Student's t over the seeds; undefined for a single seed. */
  readonly interval?: Interval;
  /** By the rule: the interval leaves out 0, on the better or the worse side; or no difference was found. */
  readonly verdict: Verdict;
}

export type Verdict = 'helps' | 'hurts' | 'no difference found';

export interface Findings {
  readonly effects: readonly Effect[];
  /** One sentence for each outcome that answers, the first for the study's question. */
  readonly answer: readonly string[];
}
