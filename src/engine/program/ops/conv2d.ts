import { formatShape, sizeOf } from '../../../numeric/tensor.js';
import type { OpDefinition, TensorSpec } from '../types.js';
import { expect, expectRank, expectShape, expectUnfused, windowed } from './shapeRules.js';

/**
 * Cross-correlation, channels last:
 * y[n, i, j, o] = activation(bias[o] + sum over u, v, c of x[n, i*sh + u - top, j*sw + v - left, c] * kernel[u, v, c, o]).
 * Inputs: x [N, H, W, C], kernel [kh, kw, C, O], bias [O] (optional). Bias and activation are joined to it by fusion.
 */
export const conv2d: OpDefinition<'conv2d'> = {
  shapes([x, kernel, bias], { strides, padding }) {
    expectRank(kernel!, 4, 'The kernel [height, width, in, out]');
    const [kernelHeight, kernelWidth, inChannels, outChannels] = kernel!.shape as [number, number, number, number];
    const [count, outHeight, outWidth] = windowed(x!, [kernelHeight, kernelWidth], strides, padding);
    expect(
      x!.shape[3] === inChannels,
      () =>
        `The kernel ${formatShape(kernel!.shape)} takes ${inChannels} channels, the input ${formatShape(x!.shape)} has ${x!.shape[3]}`,
    );
    if (bias) expectShape(bias, [outChannels], 'The bias');
    return [{ shape: [count, outHeight, outWidth, outChannels], batched: x!.batched }];
  },
  gradient({ op, outputGradients: [dy], needs, emit }) {
    expectUnfused(op);
    const [x, kernel] = op.inputs as [TensorSpec, TensorSpec];
    const { strides, padding } = op.attributes;
    if (needs[0] && needs[1]) return emit('conv2dGradient', [x, kernel, dy!], { strides, padding });
    if (needs[0]) return emit('conv2dInputGradient', [dy!, kernel], { strides, padding, inputShape: x.shape });
    const [dKernel] = emit('conv2dKernelGradient', [x, dy!], { strides, padding, kernelShape: kernel.shape });
    return [undefined, dKernel];
  },
  multiplyAdds: ({ inputs, outputs }) => multiplyAdds(inputs[1]!.shape, outputs[0]!.shape),
};

/** dx and dKernel together. Inputs: x [N, H, W, C], kernel [kh, kw, C, O], dy [N, outH, outW, O]. */
export const conv2dGradient: OpDefinition<'conv2dGradient'> = {
  shapes: ([x, kernel]) => [
    { shape: x!.shape, batched: x!.batched },
    { shape: kernel!.shape, batched: false },
  ],
  multiplyAdds: ({ inputs }) => 2 * multiplyAdds(inputs[1]!.shape, inputs[2]!.shape),
};

/** dx: the adjoint of conv2d in x. Inputs: dy [N, outH, outW, O], kernel [kh, kw, C, O]. */
export const conv2dInputGradient: OpDefinition<'conv2dInputGradient'> = {
  shapes: ([dy], { inputShape }) => [{ shape: inputShape, batched: dy!.batched }],
  multiplyAdds: ({ inputs }) => multiplyAdds(inputs[1]!.shape, inputs[0]!.shape),
};

/** dKernel: the adjoint of conv2d in the kernel, summed over the batch. Inputs: x [N, H, W, C], dy [N, outH, outW, O]. */
export const conv2dKernelGradient: OpDefinition<'conv2dKernelGradient'> = {
  shapes: (_, { kernelShape }) => [{ shape: kernelShape, batched: false }],
  multiplyAdds: ({ inputs, attributes }) => multiplyAdds(attributes.kernelShape, inputs[1]!.shape),
};

function multiplyAdds(kernelShape: readonly number[], outputShape: readonly number[]): number {
  return sizeOf(outputShape) * sizeOf(kernelShape.slice(0, 3));
}
