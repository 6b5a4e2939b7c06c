import { exp, log } from '../numeric/exactMath.js';
import { byDefault, number } from '../numeric/options.js';
import { Random, streams } from '../numeric/philox.js';
import type { AugmentationPlace } from './place.js';
import { type DrawnFrom, range } from './range.js';

/**
 * Random erasing (Zhong et al. 2020, "Random Erasing Data Augmentation"): a rectangle somewhere within the image gets one
 * value. With probability 1, equal areas and aspectRatio [1, 1], it is a square of one size: Cutout (DeVries and Taylor
 * 2017), but never over the image's edge.
 */
export interface ErasingOptions {
  /** That of an image to have a part erased. Default 0.5. */
  readonly probability?: number;
  /** The rectangle's share of the image, drawn evenly from [low, high]. Default [0.02, 0.33]. */
  readonly area?: DrawnFrom;
  /**
   * Its height over its width, drawn from [low, high] such that 1/2 is as likely as 2, as far as the rectangle then
   * fits into the image. Default [0.3, 3.3].
   */
  readonly aspectRatio?: DrawnFrom;
  /** What stands there afterwards, in the units of the divided image. Default 0. */
  readonly value?: number;
}

export const erasingTable = {
  probability: byDefault(number({ from: 0, to: 1 }), 0.5),
  area: byDefault(
    range(number({ above: 0, to: 1 }), 'two shares of the image, [low, high], above 0 and at most 1'),
    [0.02, 0.33],
  ),
  aspectRatio: byDefault(range(number({ above: 0 }), 'two numbers above 0, [low, high]'), [0.3, 3.3]),
  value: byDefault(number(), 0),
};

/**
 * Writes to `out[4 row ..]` the rectangle (top, left, bottom, right) of an image, the last two excluded, in whole pixels;
 * four zeros where nothing is erased.
 */
export function writeRectangle(
  out: { [index: number]: number },
  row: number,
  { seed, epoch, image, height, width }: AugmentationPlace,
  options: Required<ErasingOptions>,
): void {
  let [top, left, rows, columns] = [0, 0, 0, 0];
  const random = new Random(seed, streams.erasing, epoch, image);
  if (random.uniform() < options.probability) {
    const pixels = random.uniform(...options.area) * height * width;
    // The ratios with which as many pixels fit.
    const lowest = pixels / (width * width);
    const highest = (height * height) / pixels;
    const [low, high] = options.aspectRatio.map((ratio) => log(clamp(ratio, lowest, highest))) as [number, number];
    rows = clamp(Math.round(Math.sqrt(pixels * exp(random.uniform(low, high)))), 1, height);
    columns = clamp(Math.round(pixels / rows), 1, width);
    top = random.below(height - rows + 1);
    left = random.below(width - columns + 1);
  }
  const first = 4 * row;
  out[first] = top;
  out[first + 1] = left;
  out[first + 2] = top + rows;
  out[first + 3] = left + columns;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
