import { sizeOf } from '../../../numeric/tensor.js';
import type { OpAttributes, Padding2d, TensorSpec } from '../../program/types.js';
import { fixed, type Lowering, type LoweringContext, type Memory, NONE, perRows } from './call.js';
import { applyActivation } from './elementwise.js';
import { winogradTile, winogradConv2d, winogradGradient } from './winograd.js';

type Size = readonly [height: number, width: number];

/** Images that share one partial sum of a kernel's gradient: the sum is over images, then over these. */
const IMAGES_PER_GROUP = 8;

function isPadded({ top, bottom, left, right }: Padding2d): boolean {
  return top + bottom + left + right > 0;
}

function paddedSize([, height, width]: readonly number[], { top, bottom, left, right }: Padding2d): Size {
  return [height! + top + bottom, width! + left + right];
}

/** Where the pixels' patches begin. */
function offsetFloats(height: number, width: number): number {
  return height * width + 4;
}

/** These, and the patches of the pixels that are worked on at a time. */
function patchFloats(height: number, width: number, depth: number): number {
  return offsetFloats(height, width) + Math.max(4 * depth, 16384);
}

/** Memory for as many images of another size as x has. */
function imagesOf(x: TensorSpec, shape: readonly number[], context: LoweringContext): Memory {
  const floats = sizeOf(shape);
  return x.batched ? context.scratch(floats, 'rows') : context.scratch(x.shape[0]! * floats, 'all');
}

/** x with its zeros around it: x itself where there are none. */
function padded(x: TensorSpec, padding: Padding2d, context: LoweringContext): Memory {
  if (!isPadded(padding)) return x;
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const [high, wide] = paddedSize(x.shape, padding);
  const copy = imagesOf(x, [high, wide, channels], context);
  const { top, bottom, left, right } = padding;
  context.call('pad2d', perRows(x), [x, copy, height, width, channels, top, bottom, left, right], [copy]);
  return copy;
}

export const conv2d: Lowering<'conv2d'> = (
  { inputs: [x, kernel, bias], outputs: [y], attributes: { strides, padding, activation } },
  context,
) => {
  const relu = activation?.kind === 'relu';
  const tile = winogradTile(kernel!.shape, y!.shape, { strides });
  if (tile) {
    winogradConv2d(tile, { x: x!, kernel: kernel!, bias, y: y! }, { padding }, relu, context);
  } else {
    const [kh, kw, inChannels, outChannels] = kernel!.shape as [number, number, number, number];
    const [, outHeight, outWidth] = y!.shape as [number, number, number, number];
    const [height, width] = paddedSize(x!.shape, padding);
    const source = padded(x!, padding, context);
    const depth = kh * kw * inChannels;
    const panels = Math.ceil(outChannels / 8);
    const kept = context.isFixed(kernel!);
    const packed = context.scratch(panels * 8 * depth, kept ? 'kept' : 'all');
    const pack = [kernel!, packed, depth, outChannels, outChannels, 1, depth];
    context.call('matmulPack', fixed(panels), pack, [packed], { once: kept });
    const shape = [height, width, inChannels, outHeight, outWidth, outChannels, kh, kw, ...strides, relu ? 1 : 0];
    const space = context.scratch(patchFloats(outHeight, outWidth, depth) + 32, 'thread');
    context.call('conv2d', perRows(y!), [source, packed, bias ?? NONE, y!, space, ...shape], [y!, space], {
      multiplyAdds: sizeOf(y!.shape) * depth,
    });
  }
  if (activation && !relu) applyActivation(y!, y!, activation, context);
};

export const conv2dGradient: Lowering<'conv2dGradient'> = (
  { inputs: [x, kernel, dy], outputs: [dx, dKernel], attributes },
  context,
) => {
  const tile = winogradTile(kernel!.shape, dy!.shape, attributes);
  if (tile) {
    winogradGradient(tile, { x: x!, kernel: kernel!, dy: dy!, dx: dx!, dKernel: dKernel! }, attributes, context);
  } else {
    inputGradient(dy!, kernel!, dx!, attributes, context);
    kernelGradient(x!, dy!, dKernel!, attributes, context);
  }
};

export const conv2dInputGradient: Lowering<'conv2dInputGradient'> = (
  { inputs: [dy, kernel], outputs: [dx], attributes },
  context,
) => {
  const tile = winogradTile(kernel!.shape, dy!.shape, attributes);
  if (tile) {
    winogradGradient(tile, { kernel: kernel!, dy: dy!, dx: dx! }, attributes, context);
  } else {
    inputGradient(dy!, kernel!, dx!, attributes, context);
  }
};

export const conv2dKernelGradient: Lowering<'conv2dKernelGradient'> = (
  { inputs: [x, dy], outputs: [dKernel], attributes },
  context,
) => {
  const tile = winogradTile(dKernel!.shape, dy!.shape, attributes);
  if (tile) {
    winogradGradient(tile, { x: x!, dy: dy!, dKernel: dKernel! }, attributes, context);
  } else {
    kernelGradient(x!, dy!, dKernel!, attributes, context);
  }
};

type Window = Pick<OpAttributes['conv2d'], 'strides' | 'padding'>;

function inputGradient(
  dy: TensorSpec,
  kernel: TensorSpec,
  dx: TensorSpec,
  { strides, padding }: Window,
  context: LoweringContext,
): void {
  const [kh, kw, inChannels, outChannels] = kernel.shape as [number, number, number, number];
  const [, outHeight, outWidth] = dy.shape as [number, number, number, number];
  const [height, width] = paddedSize(dx.shape, padding);
  const panels = Math.ceil(inChannels / 8);
  const kept = context.isFixed(kernel);
  const packed = context.scratch(kh * kw * panels * 8 * outChannels, kept ? 'kept' : 'all');
  const pack = [kernel, packed, inChannels, outChannels];
  context.call('conv2dPackTransposed', fixed(kh * kw * panels), pack, [packed], { once: kept });
  const target = isPadded(padding) ? imagesOf(dx, [height, width, inChannels], context) : dx;
  const shape = [height, width, inChannels, outHeight, outWidth, outChannels, kh, kw, ...strides];
  const space = context.scratch(offsetFloats(outHeight, outWidth), 'thread');
  context.call('conv2dInputGradient', perRows(dy), [dy, packed, target, space, ...shape], [target, space], {
    multiplyAdds: sizeOf(dy.shape) * kh * kw * inChannels,
  });
  if (target !== dx) {
    const { top, bottom, left, right } = padding;
    const [, h, w] = dx.shape as [number, number, number, number];
    context.call('crop2d', perRows(dx), [target, dx, h, w, inChannels, top, bottom, left, right], [dx]);
  }
}

function kernelGradient(
  x: TensorSpec,
  dy: TensorSpec,
  dKernel: TensorSpec,
  { strides, padding }: Window,
  context: LoweringContext,
): void {
  const [kh, kw, inChannels, outChannels] = dKernel.shape as [number, number, number, number];
  const [count, outHeight, outWidth] = dy.shape as [number, number, number, number];
  const [height, width] = paddedSize(x.shape, padding);
  const source = padded(x, padding, context);
  const size = sizeOf(dKernel.shape);
  const partial = context.scratch(Math.ceil(count / IMAGES_PER_GROUP) * size, 'all');
  const shape = [height, width, inChannels, outHeight, outWidth, outChannels, kh, kw, ...strides];
  const units = { ...perRows(dy), group: IMAGES_PER_GROUP };
  const space = context.scratch(patchFloats(outHeight, outWidth, kh * kw * inChannels) + 4, 'thread');
  const args = [source, dy, partial, space, ...shape, IMAGES_PER_GROUP];
  context.call('conv2dKernelGradient', units, args, [partial, space], {
    multiplyAdds: sizeOf(dy.shape) * kh * kw * inChannels,
  });
  context.call('sumChunks', fixed(size, dy), [partial, dKernel, IMAGES_PER_GROUP, size, 0], [dKernel]);
}
