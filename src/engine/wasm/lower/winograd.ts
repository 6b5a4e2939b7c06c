import type { OpAttributes, TensorSpec } from '../../program/types.js';
import { fixed, type LoweringContext, type Memory, NONE, perRows, type Scratch } from './call.js';

const TILE = 4;
const FREQUENCIES = 36;
const SLAB_GAP = 16;
/** Floats for the values between two passes of a transform. */
const PASSES = 208;
/** Enough that a panel of the kernel serves many tiles, few enough that V and M stay in the second cache. */
const MOST_TILES = 36;
/** Images that share one gradient of the transformed kernel: the sum is over images, then over these. */
const IMAGES_PER_GROUP = 8;

/** Multiply-adds of a channel pair that transforming one value of V or M costs. */
const TRANSFORM_COST = 6;

function tilesOf([, height, width]: readonly number[]): number {
  return Math.ceil(height! / TILE) * Math.ceil(width! / TILE);
}

/** Whether a convolution with this kernel and output is cheaper by Winograd's algorithm: counted, not measured. */
export function usesWinograd(
  [kh, kw, C, O]: readonly number[],
  output: readonly number[],
  { strides }: Pick<OpAttributes['conv2d'], 'strides'>,
): boolean {
  if (kh !== 3 || kw !== 3 || strides[0] !== 1 || strides[1] !== 1 || C! % 8 !== 0 || O! % 8 !== 0) return false;
  const [, height, width] = output as [number, number, number, number];
  const direct = height * width * 9 * C! * O!;
  const winograd = tilesOf(output) * FREQUENCIES * (C! * O! + TRANSFORM_COST * (C! + O!));
  return winograd < direct;
}

/** How many images, a power of two, have at most `MOST_TILES` tiles. */
function imagesAtOnce(tiles: number): number {
  let images = 1;
  while (2 * images * tiles <= MOST_TILES) images *= 2;
  return images;
}

/** V and M of so many tiles, and what a transform needs. */
function workspace(tiles: number, C: number, O: number, context: LoweringContext): Scratch {
  const floats = FREQUENCIES * (C + tiles * C + SLAB_GAP + tiles * O + SLAB_GAP);
  return context.scratch(PASSES + floats, 'thread');
}

function packed(kernel: TensorSpec, transposed: boolean, context: LoweringContext): Scratch {
  const [, , C, O] = kernel.shape as [number, number, number, number];
  const kept = context.isFixed(kernel);
  const target = context.scratch(FREQUENCIES * C * O, kept ? 'kept' : 'all');
  const name = transposed ? 'winogradKernelTransposed' : 'winogradKernel';
  const space = context.scratch(PASSES, 'thread');
  const args = [kernel, target, space, C, O];
  context.call(name, fixed(transposed ? O : C), args, [target, space], { once: kept });
  return target;
}

/** y = conv(x, kernel) + bias, ReLU if relu. */
export function winogradConv2d(
  { x, kernel, bias, y }: Record<'x' | 'kernel' | 'y', TensorSpec> & { readonly bias: TensorSpec | undefined },
  { padding }: Pick<OpAttributes['conv2d'], 'padding'>,
  relu: boolean,
  context: LoweringContext,
): void {
  const [count, H, W, C] = x.shape as [number, number, number, number];
  const [, OH, OW, O] = y.shape as [number, number, number, number];
  const tiles = tilesOf(y.shape);
  const images = imagesAtOnce(tiles);
  const most = Math.ceil(Math.min(MOST_TILES, images * tiles) / 4) * 4;
  const space = workspace(most, C, O, context);
  const u = packed(kernel, false, context);
  const shape = [H, W, C, OH, OW, O, padding.top, padding.left, most, relu ? 1 : 0];
  const units = { ...perRows(y), rowsAtOnce: images };
  context.call('winogradConv2d', units, [x, u, bias ?? NONE, y, space, ...shape], [y, space], {
    multiplyAdds: count * tiles * FREQUENCIES * C * O,
  });
}

/** dx and dKernel of dy: both, or the one that is given. */
export function winogradGradient(
  { x, kernel, dy, dx, dKernel }: Partial<Record<'x' | 'kernel' | 'dx' | 'dKernel', TensorSpec>> & { dy: TensorSpec },
  { padding }: Pick<OpAttributes['conv2d'], 'padding'>,
  context: LoweringContext,
): void {
  const [count, H, W, C] = (x ?? dx)!.shape as [number, number, number, number];
  const [, OH, OW, O] = dy.shape as [number, number, number, number];
  const tiles = tilesOf(dy.shape);
  const images = Math.min(IMAGES_PER_GROUP, imagesAtOnce(tiles));
  const space = workspace(Math.ceil((images * tiles) / 4) * 4, C, O, context);
  const u = dx && packed(kernel!, true, context);
  const du = dKernel && context.scratch(Math.ceil(count / IMAGES_PER_GROUP) * FREQUENCIES * C * O, 'all');
  const shape = [H, W, C, OH, OW, O, padding.top, padding.left, IMAGES_PER_GROUP, images];
  const inputs = [(dKernel && x) ?? NONE, dy, u ?? NONE];
  const outputs: Memory[] = [dx, du, space].filter((item) => item !== undefined);
  const units = { ...perRows(dy), rowsAtOnce: images, group: dKernel ? IMAGES_PER_GROUP : 1 };
  context.call('winogradGradient', units, [...inputs, dx ?? NONE, du ?? NONE, space, ...shape], outputs, {
    multiplyAdds: count * tiles * FREQUENCIES * C * O * (dx && dKernel ? 2 : 1),
  });
  if (!du) return;
  const sum = context.scratch(FREQUENCIES * O, 'thread');
  const args = [du, dKernel, sum, C, O, IMAGES_PER_GROUP];
  context.call('winogradKernelGradient', fixed(C, dy), args, [dKernel, sum]);
}
