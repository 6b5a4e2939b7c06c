import { byDefault, number, required } from '../numeric/options.js';
import { Random, streams } from '../numeric/philox.js';
import type { AugmentationPlace } from './place.js';
import { type DrawnFrom, range } from './range.js';

/** A picture out of focus, or enlarged. */
export interface BlurOptions {
  /** The filter's standard deviation in pixels, drawn evenly from [low, high], which are from 0 to 1. */
  readonly sigma: DrawnFrom;
  /** That of an image to be blurred. Default 1. */
  readonly probability?: number;
}

export const blurTable = {
  sigma: required(range(number({ from: 0, to: 1 }), 'two numbers of pixels, [low, high], from 0 to 1')),
  probability: byDefault(number({ from: 0, to: 1 }), 1),
};

/** The standard deviation of an image's filter, in pixels; 0 for none. */
export function blurSigma(
  { seed, epoch, image }: AugmentationPlace,
  { sigma, probability }: Required<BlurOptions>,
): number {
  const random = new Random(seed, streams.blur, epoch, image);
  return random.uniform() < probability ? random.uniform(...sigma) : 0;
}
