import type { OpDefinition } from '../types.js';
import { expectRank, expectShape, like } from './shapeRules.js';

/** y = x / divisor as f32; x may be bytes. */
export const rescale: OpDefinition<'rescale'> = { shapes: ([x]) => [like(x!)] };

/**
 * y[n, i, j] = value where top <= i < bottom and left <= j < right, (top, left, bottom, right) = rectangles[n]; elsewhere
 * x[n, i, j]. Inputs: x [N, H, W, C], rectangles i32 [N, 4].
 */
export const eraseRectangle: OpDefinition<'eraseRectangle'> = {
  shapes([x, rectangles]) {
    expectRank(x!, 4, 'The images [N, height, width, channels]');
    expectShape(rectangles!, [x!.shape[0]!, 4], 'The rectangles');
    return [like(x!)];
  },
  inPlace: 0,
};

/** y[n, c] = 1 where c = labels[n], else 0. Input: labels [N] (u8 or i32). */
export const oneHot: OpDefinition<'oneHot'> = {
  shapes: ([labels], { classes }) => [{ shape: [labels!.shape[0]!, classes], batched: labels!.batched }],
};
