import { byDefault, number } from '../numeric/options.js';
import { Random, streams } from '../numeric/philox.js';
import type { AugmentationPlace } from './place.js';

/**
 * Strokes wider and narrower, as by other pens. The change of an image is drawn evenly from -thinner to thicker, in pixels
 * across the stroke. Of images whose values are ink, 0 none and 1 full.
 */
export interface StrokesOptions {
  /** Pixels narrower, at most: 0 to 1.2. Default 0. */
  readonly thinner?: number;
  /** Pixels wider, at most: 0 to 4. Default 0. */
  readonly thicker?: number;
  /** That of an image to be changed. Default 1. */
  readonly probability?: number;
}

export const strokesTable = {
  thinner: byDefault(number({ from: 0, to: 1.2 }), 0),
  thicker: byDefault(number({ from: 0, to: 4 }), 0),
  probability: byDefault(number({ from: 0, to: 1 }), 1),
};

/** By how many pixels an image's strokes get wider; narrower, where negative. */
export function strokeChange(
  { seed, epoch, image }: AugmentationPlace,
  { thinner, thicker, probability }: Required<StrokesOptions>,
): number {
  const random = new Random(seed, streams.strokes, epoch, image);
  return random.uniform() < probability ? random.uniform(-thinner, thicker) : 0;
}
