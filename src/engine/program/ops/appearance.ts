import type { OpDefinition, OutputShape, TensorSpec } from '../types.js';
import { expectRank, expectShape, like } from './shapeRules.js';

/** Pixels by which strokes get wider where D below is taken whole. */
export const WIDENING = 2.1;
/** The most that changeStrokes does; what goes beyond is as these. */
export const THINNEST = -1.2;
export const THICKEST = 2 * WIDENING;

/**
 * Strokes of images of ink (0 none, 1 full) made wider or narrower by c = changes[n] pixels, -1.2 to 4.2.
 * Wider: y <- y + a (D(y) - y) twice, from y = x, with a = c / 2.1 limited to 0 to 1, then a = c / 2.1 - 1 likewise.
 * D is half the largest value of a pixel and its four neighbours, half that of it and its eight: a disc, nearly.
 * Narrower, with s = -c (1.75 + 0.42 c): the levels from 0.35 s to 1 - 0.0875 s of x + 0.3 s (E(x) - x) stretched to 0 to
 * 1, and what is beyond limited to that; E is as D, with the smallest. Erosion alone would turn thin strokes grey.
 * Pixels outside the image do not count. Where c is 0, y = x. The numbers make c true of digits, by their strokes' area
 * over half of its outline. Inputs: x [N, H, W, C], changes [N, 1].
 */
export const changeStrokes: OpDefinition<'changeStrokes'> = {
  shapes: ([x, changes]) => eachImage(x!, changes!, 1, 'The changes of width'),
  inPlace: 0,
};

/**
 * Each image smoothed by a filter of standard deviation s = sigmas[n] pixels, 0 to 1, along both axes: twice
 * (w, 1 - 2 w, w) with w = s^2 / 4. Outside the image stands its edge. Inputs: x [N, H, W, C], sigmas [N, 1].
 */
export const blur: OpDefinition<'blur'> = {
  shapes: ([x, sigmas]) => eachImage(x!, sigmas!, 1, 'The standard deviations'),
  inPlace: 0,
};

/**
 * y[n] = gain x[n] + offset + deviation * noise, limited to 0 to 1, where (gain, offset, deviation) = tones[n]. The noise
 * of value i of image n has mean 0 and variance 1 and is nearly normal: word i mod 4 of Philox4x32-10 at counter
 * (i / 4, b, a, stream), key (seed), gives (sum of its four bytes - 510) / sqrt(21845).
 * Inputs: x [N, H, W, C], tones [N, 3], keys u32 [N, 4], each (seed low, seed high, a, b).
 */
export const changeTone: OpDefinition<'changeTone'> = {
  shapes([x, tones, keys]) {
    expectShape(keys!, [x!.shape[0]!, 4], 'The keys (seed low, seed high, a, b)');
    return eachImage(x!, tones!, 3, 'The tones (gain, offset, deviation)');
  },
  inPlace: 0,
};

/** Images, and for each of them so many numbers. */
function eachImage(x: TensorSpec, numbers: TensorSpec, count: number, what: string): OutputShape[] {
  expectRank(x, 4, 'The images [N, height, width, channels]');
  expectShape(numbers, [x.shape[0]!, count], what);
  return [like(x)];
}
