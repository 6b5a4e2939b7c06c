import type { Scratch } from '../../program/memoryPlan.js';
import type { Padding2d, TensorSpec } from '../../program/types.js';
import { fixed, type Lowering, type LoweringContext, NONE, perRows } from './call.js';
import { applyActivation } from './elementwise.js';
import { usesWinograd, winogradConv2d, winogradInputGradient, winogradKernelGradient } from './winograd.js';

type Size = readonly [height: number, width: number];

const MAX_STRIPS = 4;
const TILES_PER_STRIP = 16;
const PIXELS_PER_BLOCK = 64;

function isPadded({ top, bottom, left, right }: Padding2d): boolean {
  return top + bottom + left + right > 0;
}

function paddedSize([, height, width]: readonly number[], { top, bottom, left, right }: Padding2d): Size {
  return [height! + top + bottom, width! + left + right];
}

/** x with its zeros around it: x itself where there are none. */
function padded(x: TensorSpec, padding: Padding2d, context: LoweringContext): TensorSpec | Scratch {
  if (!isPadded(padding)) return x;
  const [count, height, width, channels] = x.shape as [number, number, number, number];
  const [high, wide] = paddedSize(x.shape, padding);
  const copy = context.scratch(count * high * wide * channels);
  const { top, bottom, left, right } = padding;
  context.call('pad2d', perRows(x), [x, copy, height, width, channels, top, bottom, left, right], [copy]);
  return copy;
}

export const conv2d: Lowering<'conv2d'> = (op, context) => {
  const {
    inputs: [x, kernel, bias],
    outputs: [y],
    attributes,
  } = op;
  if (usesWinograd(kernel!.shape, y!.shape, attributes)) return winogradConv2d(op, context);
  const { strides, padding, activation } = attributes;
  const [kh, kw, inChannels, outChannels] = kernel!.shape as [number, number, number, number];
  const [, outHeight, outWidth] = y!.shape as [number, number, number, number];
  const [height, width] = paddedSize(x!.shape, padding);
  const source = padded(x!, padding, context);
  const depth = kh * kw * inChannels;
  const panels = Math.ceil(outChannels / 8);
  const kept = context.isFixed(kernel!);
  const packed = context.scratch(panels * 8 * depth, kept);
  const pack = [kernel!, packed, depth, outChannels, outChannels, 1, depth];
  context.call('matmulPack', fixed(panels), pack, [packed], kept);
  const tiles = Math.ceil((outHeight * outWidth) / 4);
  const strips = Math.min(MAX_STRIPS, Math.ceil(tiles / TILES_PER_STRIP));
  const shape = [height, width, inChannels, outHeight, outWidth, outChannels, kh, kw, ...strides];
  const relu = activation?.kind === 'relu' ? 1 : 0;
  context.call('conv2d', perRows(y!, 1, strips), [source, packed, bias ?? NONE, y!, ...shape, strips, relu], [y!]);
  if (activation && relu === 0) applyActivation(y!, y!, activation, context);
};

export const conv2dInputGradient: Lowering<'conv2dInputGradient'> = (op, context) => {
  const {
    inputs: [dy, kernel],
    outputs: [dx],
    attributes,
  } = op;
  if (usesWinograd(kernel!.shape, dy!.shape, attributes)) return winogradInputGradient(op, context);
  const { strides, padding } = attributes;
  const [kh, kw, inChannels, outChannels] = kernel!.shape as [number, number, number, number];
  const [count, outHeight, outWidth] = dy!.shape as [number, number, number, number];
  const [height, width] = paddedSize(dx!.shape, padding);
  const panels = Math.ceil(inChannels / 8);
  const kept = context.isFixed(kernel!);
  const packed = context.scratch(kh * kw * panels * 8 * outChannels, kept);
  const pack = [kernel!, packed, inChannels, outChannels];
  context.call('conv2dPackTransposed', fixed(kh * kw * panels), pack, [packed], kept);
  const target = isPadded(padding) ? context.scratch(count * height * width * inChannels) : dx!;
  const shape = [height, width, inChannels, outHeight, outWidth, outChannels, kh, kw, ...strides];
  context.call('conv2dInputGradient', perRows(dy!), [dy!, packed, target, ...shape], [target]);
  if (target !== dx) {
    const { top, bottom, left, right } = padding;
    const [, h, w] = dx!.shape as [number, number, number, number];
    context.call('crop2d', perRows(dx!), [target, dx!, h, w, inChannels, top, bottom, left, right], [dx!]);
  }
};

export const conv2dKernelGradient: Lowering<'conv2dKernelGradient'> = (op, context) => {
  const {
    inputs: [x, dy],
    outputs: [dKernel],
    attributes,
  } = op;
  if (usesWinograd(dKernel!.shape, dy!.shape, attributes)) return winogradKernelGradient(op, context);
  const { strides, padding } = attributes;
  const [kh, kw, inChannels, outChannels] = dKernel!.shape as [number, number, number, number];
  const [, outHeight, outWidth] = dy!.shape as [number, number, number, number];
  const [height, width] = paddedSize(x!.shape, padding);
  const source = padded(x!, padding, context);
  const count = Math.ceil((kh * kw * inChannels) / 4) * Math.ceil(outChannels / 8);
  const blockRows = Math.max(1, Math.round(PIXELS_PER_BLOCK / outWidth));
  const shape = [height, width, inChannels, outHeight, outWidth, outChannels, kh, kw, ...strides];
  const units = { ...fixed(count, x), together: true };
  context.call('conv2dKernelGradient', units, [source, dy!, dKernel!, ...shape, blockRows], [dKernel!]);
};
