import type { Padding2d } from '../../engine/program/types.js';
import { formatShape } from '../../numeric/tensor.js';
import { oneOf, type Size2d } from '../../numeric/options.js';
import { imageShape, Misfit, type Shape } from './layer.js';

/** `valid`: no padding. `same`: zeros around the image, so that stride 1 keeps its size. */
export type PaddingMode = 'valid' | 'same';
export const paddingMode = oneOf('valid', 'same');

/** A window sliding over an image: where it stands, and the rows and columns it gives. */
export interface SlidingWindow {
  readonly outHeight: number;
  readonly outWidth: number;
  readonly channels: number;
  readonly padding: Padding2d;
}

/**
 * Places a window on images of shape `input`. With `same` padding, sizes become ceil(size / stride), and if the number
 * of rows (or columns) to add is odd, the extra one is at the end, as TensorFlow does.
 * @throws Misfit if the input is no image or the window does not fit into it
 */
export function slidingWindow(input: Shape, window: Size2d, strides: Size2d, mode: PaddingMode): SlidingWindow {
  const [height, width, channels] = imageShape(input);
  const [top, bottom] = mode === 'same' ? samePadding(height, window[0], strides[0]) : [0, 0];
  const [left, right] = mode === 'same' ? samePadding(width, window[1], strides[1]) : [0, 0];
  const outHeight = Math.floor((height + top + bottom - window[0]) / strides[0]) + 1;
  const outWidth = Math.floor((width + left + right - window[1]) / strides[1]) + 1;
  if (outHeight < 1 || outWidth < 1) {
    throw new Misfit(
      `its window of ${window[0]}x${window[1]} does not fit into the input of ${height}x${width} ` +
        `(shape ${formatShape(input)})`,
      "Make the window smaller, pool less before it, or write padding: 'same'.",
    );
  }
  return { outHeight, outWidth, channels, padding: { top, bottom, left, right } };
}

function samePadding(size: number, window: number, stride: number): [before: number, after: number] {
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + window - size);
  const before = Math.floor(total / 2);
  return [before, total - before];
}
