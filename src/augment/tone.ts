import { byDefault, number, required } from '../numeric/options.js';
import { Random, streams } from '../numeric/philox.js';
import type { AugmentationPlace } from './place.js';
import { type DrawnFrom, range } from './range.js';

/**
 * Ink and paper of other darkness: value * gain + offset, limited to 0 to 1. Of images whose values are from 0 to 1 once
 * they are divided.
 */
export interface ContrastOptions {
  /** Drawn evenly from [low, high], above 0. Below 1 the ink is pale, above 1 its grey edges darken. Default [1, 1]. */
  readonly gain?: DrawnFrom;
  /** Drawn evenly from [low, high], from -1 to 1. Above 0 the paper is grey. Default [0, 0]. */
  readonly offset?: DrawnFrom;
  /** That of an image to be changed. Default 1. */
  readonly probability?: number;
}

export const contrastTable = {
  gain: byDefault(range(number({ above: 0 }), 'two numbers above 0, [low, high]'), [1, 1]),
  offset: byDefault(range(number({ from: -1, to: 1 }), 'two numbers from -1 to 1, [low, high]'), [0, 0]),
  probability: byDefault(number({ from: 0, to: 1 }), 1),
};

/**
 * The grain of cameras, pencils and paper: each value gets a nearly normal number of its own, and is limited to 0 to 1
 * afterwards. Of images whose values are from 0 to 1 once they are divided.
 */
export interface NoiseOptions {
  /** Of an image's noise the standard deviation, drawn evenly from [low, high], which are from 0 to 1. */
  readonly deviation: DrawnFrom;
  /** That of an image to get noise. Default 1. */
  readonly probability?: number;
}

export const noiseTable = {
  deviation: required(range(number({ from: 0, to: 1 }), 'two numbers from 0 to 1, [low, high]')),
  probability: byDefault(number({ from: 0, to: 1 }), 1),
};

/** What an image's values are multiplied by, and what is added to them. */
export function contrastOf(
  { seed, epoch, image }: AugmentationPlace,
  { gain, offset, probability }: Required<ContrastOptions>,
): readonly [gain: number, offset: number] {
  const random = new Random(seed, streams.contrast, epoch, image);
  return random.uniform() < probability ? [random.uniform(...gain), random.uniform(...offset)] : [1, 0];
}

/** The standard deviation of an image's noise. */
export function noiseDeviation(
  { seed, epoch, image }: AugmentationPlace,
  { deviation, probability }: Required<NoiseOptions>,
): number {
  const random = new Random(seed, streams.noise, epoch, image);
  return random.uniform() < probability ? random.uniform(...deviation) : 0;
}
