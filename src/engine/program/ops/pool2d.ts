import type { OpDefinition } from '../types.js';
import { expectShape, windowed } from './shapeRules.js';

/**
 * y[n, i, j, c] = the largest x in the window that starts at (i*sh - top, j*sw - left); places outside the image do
 * not count. NaN in the window gives NaN. Input: x [N, H, W, C].
 * Outputs: y, and where in the window the largest first is, counted in row-major order: in bytes (255: nowhere, there is
 * NaN) unless the window has more than 255 places, then as i32 (-1: nowhere).
 */
export const maxPool2d: OpDefinition<'maxPool2d'> = {
  shapes([x], { poolSize, strides, padding }) {
    const output = { shape: [...windowed(x!, poolSize, strides, padding), x!.shape[3]!], batched: x!.batched };
    return [output, { ...output, dtype: poolSize[0] * poolSize[1] <= 255 ? 'u8' : 'i32' }];
  },
  gradient: ({ op, outputGradients: [dy], emit }) =>
    emit('maxPool2dGradient', [op.outputs[1]!, dy!], { ...op.attributes, inputShape: op.inputs[0]!.shape }),
};

/** dx: each dy goes to where the largest value of its window was. Inputs: these places and dy. */
export const maxPool2dGradient: OpDefinition<'maxPool2dGradient'> = {
  shapes([places, dy], { inputShape }) {
    expectShape(dy!, places!.shape, 'The gradient');
    return [{ shape: inputShape, batched: dy!.batched }];
  },
};

/**
 * y[n, i, j, c] = the mean of x over the window that starts at (i*sh - top, j*sw - left); places outside the image do
 * not count, neither in the sum nor in the number (as Keras). A window of the whole image is global average pooling.
 */
export const averagePool2d: OpDefinition<'averagePool2d'> = {
  shapes: ([x], { poolSize, strides, padding }) => [
    { shape: [...windowed(x!, poolSize, strides, padding), x!.shape[3]!], batched: x!.batched },
  ],
  gradient: ({ op, outputGradients: [dy], emit }) =>
    emit('averagePool2dGradient', [dy!], { ...op.attributes, inputShape: op.inputs[0]!.shape }),
};

/** dx: each dy, divided by the number of places in its window, added to all of them. Input: dy. */
export const averagePool2dGradient: OpDefinition<'averagePool2dGradient'> = {
  shapes: ([dy], { inputShape }) => [{ shape: inputShape, batched: dy!.batched }],
};
