import type { OpDefinition } from '../types.js';
import { expectRank, expectShape, like } from './shapeRules.js';

/** y = x / divisor as f32; x may be bytes. */
export const rescale: OpDefinition<'rescale'> = { shapes: ([x]) => [like(x!)] };

/**
 * Each image moved by its own affine map, bilinear: y[n, i, j, c] = x[n] / divisor at row m3*j + m4*i + m5 and column
 * m0*j + m1*i + m2 of the input, where m = matrices[n] (output place to input place, in pixels, (column, row)).
 * Places outside the image, as fillMode: `nearest` the edge's value, `reflect` dcba|abcd|dcba, `wrap` abcd|abcd|abcd,
 * `constant` fillValue (in units of y) wherever the place itself is outside. Inputs: x [N, H, W, C], matrices [N, 6].
 */
export const warpAffine: OpDefinition<'warpAffine'> = {
  shapes([x, matrices]) {
    expectRank(x!, 4, 'The images [N, height, width, channels]');
    expectShape(matrices!, [x!.shape[0]!, 6], 'The matrices');
    return [like(x!)];
  },
};

/** y[n, c] = 1 where c = labels[n], else 0. Input: labels [N] (u8 or i32). */
export const oneHot: OpDefinition<'oneHot'> = {
  shapes: ([labels], { classes }) => [{ shape: [labels!.shape[0]!, classes], batched: labels!.batched }],
};
