import type { OpDefinition } from '../types.js';
import { expect, expectRank, expectShape, like } from './shapeRules.js';

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

/**
 * As warpAffine, with a smooth displacement added to where each pixel looks: (right, below) pixels of the input, a
 * uniform cubic B-spline over control points `spacing` pixels apart, with the grid's centre on the image's. At row i of
 * the output, column j:
 *   sum over p, q of b(v - p) b(u - q) points[n, p, q], v = (i - (H - 1) / 2) / spacing + (R - 1) / 2, u likewise,
 * b the cubic B-spline, which reaches from -2 to 2. So no displacement is larger than the largest point. Inputs:
 * x [N, H, W, C], matrices [N, 6], points [N, R, K, 2], (right, below): R = controlPoints(H, spacing), K of W.
 */
export const warpElastic: OpDefinition<'warpElastic'> = {
  shapes([x, matrices, points], { spacing }) {
    expectRank(x!, 4, 'The images [N, height, width, channels]');
    const [count, height, width] = x!.shape as [number, number, number];
    expect(spacing > 0, () => `The control points must be some pixels apart, but are ${spacing}`);
    expectShape(matrices!, [count, 6], 'The matrices');
    const grid = [count, controlPoints(height, spacing), controlPoints(width, spacing), 2];
    expectShape(points!, grid, 'The control points');
    return [like(x!)];
  },
};

/** How many control points it takes along an axis, such that every one of its pixels has four around it. */
export function controlPoints(size: number, spacing: number): number {
  return Math.max(Math.ceil((size - 1) / spacing) + 3, 4);
}
