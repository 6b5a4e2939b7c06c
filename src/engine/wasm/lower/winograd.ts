import type { OpAttributes, TensorSpec } from '../../program/types.js';
import { fixed, type LoweringContext, type Memory, NONE, perRows, type Scratch } from './call.js';

const SLAB_GAP = 16;
/** Floats for the values between two passes of a transform. */
const PASSES = 400;
/** Forward, this many tiles at a time are enough for a panel of the kernel. */
const ENOUGH_TILES = 16;
/** Images that share one gradient of the transformed kernel: the sum is over images, then over these. */
const IMAGES_PER_GROUP = 8;

/**
 * The tiles there are: their size, how many of them at a time (enough that a panel of the kernel serves many, few enough
 * that V and M stay in the second cache), and what transforming one value of V or M costs, in multiply-adds.
 */
const TILES = [
  { size: 4, most: 36, transform: 6 },
  { size: 5, most: 32, transform: 8 },
  { size: 6, most: 20, transform: 8 },
] as const;
type Tile = (typeof TILES)[number];

function frequenciesOf({ size }: Tile): number {
  return (size + 2) * (size + 2);
}

function countTiles({ size }: Tile, [, height, width]: readonly number[]): number {
  return Math.ceil(height! / size) * Math.ceil(width! / size);
}

/**
 * The tile by which a convolution with this kernel and output takes the fewest multiply-adds, transforms included;
 * undefined where the definition takes fewer, and for windows other than 3x3 at stride 1. Counted, not measured.
 */
export function winogradTile(
  [kh, kw, C, O]: readonly number[],
  output: readonly number[],
  { strides }: Pick<OpAttributes['conv2d'], 'strides'>,
): Tile | undefined {
  if (kh !== 3 || kw !== 3 || strides[0] !== 1 || strides[1] !== 1 || C! % 8 !== 0 || O! % 8 !== 0) return undefined;
  const [, height, width] = output as [number, number, number, number];
  let least = height * width * 9 * C! * O!;
  let best: Tile | undefined;
  for (const tile of TILES) {
    const cost = countTiles(tile, output) * frequenciesOf(tile) * (C! * O! + tile.transform * (C! + O!));
    if (cost < least) [least, best] = [cost, tile];
  }
  return best;
}

/** How many images, a power of two, have no more than so many tiles, if one has not. */
function imagesWithin(most: number, tiles: number): number {
  let images = 1;
  while (2 * images * tiles <= most) images *= 2;
  return images;
}

/** V and M of so many tiles, and what a transform needs. */
function workspace(tile: Tile, tiles: number, C: number, O: number, context: LoweringContext): Scratch {
  const floats = frequenciesOf(tile) * (C + tiles * C + SLAB_GAP + tiles * O + SLAB_GAP);
  return context.scratch(PASSES + floats, 'thread');
}

function packed(tile: Tile, kernel: TensorSpec, transposed: boolean, context: LoweringContext): Scratch {
  const [, , C, O] = kernel.shape as [number, number, number, number];
  const kept = context.isFixed(kernel);
  const target = context.scratch(frequenciesOf(tile) * C * O, kept ? 'kept' : 'all');
  const name = transposed ? 'winogradKernelTransposed' : 'winogradKernel';
  const space = context.scratch(PASSES + 36, 'thread');
  const args = [kernel, target, space, tile.size, C, O];
  context.call(name, fixed(transposed ? O : C), args, [target, space], { once: kept });
  return target;
}

/** y = conv(x, kernel) + bias, ReLU if relu. */
export function winogradConv2d(
  tile: Tile,
  { x, kernel, bias, y }: Record<'x' | 'kernel' | 'y', TensorSpec> & { readonly bias: TensorSpec | undefined },
  { padding }: Pick<OpAttributes['conv2d'], 'padding'>,
  relu: boolean,
  context: LoweringContext,
): void {
  const [count, H, W, C] = x.shape as [number, number, number, number];
  const [, OH, OW, O] = y.shape as [number, number, number, number];
  const tiles = countTiles(tile, y.shape);
  const images = imagesWithin(ENOUGH_TILES, tiles);
  // All tiles of the images at once, or equal parts of them.
  const parts = Math.ceil((images * tiles) / tile.most);
  const most = multipleOf4((images * tiles) / parts);
  const space = workspace(tile, most, C, O, context);
  const u = packed(tile, kernel, false, context);
  const shape = [tile.size, H, W, C, OH, OW, O, padding.top, padding.left, most, relu ? 1 : 0];
  const units = { ...perRows(y), rowsAtOnce: images };
  context.call('winogradConv2d', units, [x, u, bias ?? NONE, y, space, ...shape], [y, space], {
    multiplyAdds: count * tiles * frequenciesOf(tile) * C * O,
  });
}

/** dx and dKernel of dy: both, or the one that is given. */
export function winogradGradient(
  tile: Tile,
  { x, kernel, dy, dx, dKernel }: Partial<Record<'x' | 'kernel' | 'dx' | 'dKernel', TensorSpec>> & { dy: TensorSpec },
  { padding }: Pick<OpAttributes['conv2d'], 'padding'>,
  context: LoweringContext,
): void {
  const [count, H, W, C] = (x ?? dx)!.shape as [number, number, number, number];
  const [, OH, OW, O] = dy.shape as [number, number, number, number];
  const tiles = countTiles(tile, dy.shape);
  const images = Math.min(IMAGES_PER_GROUP, imagesWithin(tile.most, tiles));
  const space = workspace(tile, multipleOf4(images * tiles), C, O, context);
  const frequencies = frequenciesOf(tile);
  const u = dx && packed(tile, kernel!, true, context);
  const du = dKernel && context.scratch(Math.ceil(count / IMAGES_PER_GROUP) * frequencies * C * O, 'all');
  const shape = [tile.size, H, W, C, OH, OW, O, padding.top, padding.left, IMAGES_PER_GROUP, images];
  const inputs = [(dKernel && x) ?? NONE, dy, u ?? NONE];
  const outputs: Memory[] = [dx, du, space].filter((item) => item !== undefined);
  const units = { ...perRows(dy), rowsAtOnce: images, group: dKernel ? IMAGES_PER_GROUP : 1 };
  context.call('winogradGradient', units, [...inputs, dx ?? NONE, du ?? NONE, space, ...shape], outputs, {
    multiplyAdds: count * tiles * frequencies * C * O * (dx && dKernel ? 2 : 1),
  });
  if (!du) return;
  const sum = context.scratch(frequencies * O, 'thread');
  const args = [du, dKernel, sum, tile.size, C, O, IMAGES_PER_GROUP];
  context.call('winogradKernelGradient', fixed(C, dy), args, [dKernel, sum]);
}

function multipleOf4(value: number): number {
  return Math.ceil(value / 4) * 4;
}
