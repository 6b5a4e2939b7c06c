import type { Op, TensorSpec, OpAttributes } from '../../program/types.js';
import { fixed, type Lowering, type LoweringContext, NONE, perRows } from './call.js';
import { applyActivation } from './elementwise.js';

const TILE = 4;
const FREQUENCIES = 36;
const SLAB_GAP = 16;
/** Floats for the values between two passes of a transform. */
const PASSES = 208;
/** Enough that a panel of the kernel serves many tiles, few enough that V and M stay in the second cache. */
const TILES_PER_UNIT = 32;
/** A batch is cut into about this many units, if it has the tiles. */
const UNITS = 16;
/** Images that share one gradient of the transformed kernel: the sum is over images, then over these. */
const IMAGES_PER_UNIT = 8;

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
  const [, height, width] = output as [number, number, number];
  const direct = height * width * 9 * C! * O!;
  const winograd = tilesOf(output) * FREQUENCIES * (C! * O! + TRANSFORM_COST * (C! + O!));
  return winograd < direct;
}

function workspace(tiles: number, C: number, O: number, context: LoweringContext) {
  return context.workspace(PASSES + FREQUENCIES * (C + tiles * C + SLAB_GAP + tiles * O + SLAB_GAP));
}

function packed(kernel: TensorSpec, transposed: boolean, context: LoweringContext) {
  const [, , C, O] = kernel.shape as [number, number, number, number];
  const kept = context.isFixed(kernel);
  const target = context.scratch(FREQUENCIES * C * O, kept);
  const name = transposed ? 'winogradKernelTransposed' : 'winogradKernel';
  const space = context.workspace(PASSES);
  const args = [kernel, target, space, C, O];
  context.call(name, fixed(transposed ? O : C), args, [target, space], kept);
  return target;
}

const multipleOf4 = (value: number) => Math.ceil(value / 4) * 4;

export const winogradConv2d: Lowering<'conv2d'> = (
  { inputs: [x, kernel, bias], outputs: [y], attributes: { padding, activation } },
  context,
) => {
  const [count, H, W, C] = x!.shape as [number, number, number, number];
  const [, OH, OW, O] = y!.shape as [number, number, number, number];
  const tiles = tilesOf(y!.shape);
  const perUnit = Math.min(TILES_PER_UNIT, multipleOf4((count * tiles) / UNITS));
  const space = workspace(perUnit, C, O, context);
  const u = packed(kernel!, false, context);
  const relu = activation?.kind === 'relu' ? 1 : 0;
  const shape = [H, W, C, OH, OW, O, padding.top, padding.left, perUnit];
  const units = { ...perRows(y!, perUnit), perRow: tiles };
  context.call('winogradConv2d', units, [x!, u, bias ?? NONE, y!, space, ...shape, relu], [y!, space]);
  if (activation && relu === 0) applyActivation(y!, y!, activation, context);
};

function gradient(
  { x, dy, kernel, dx, dKernel }: Partial<Record<'x' | 'dy' | 'kernel' | 'dx' | 'dKernel', TensorSpec>>,
  { padding }: Pick<OpAttributes['conv2d'], 'padding'>,
  context: LoweringContext,
): void {
  const [count, H, W, C] = (x ?? dx)!.shape as [number, number, number, number];
  const [, OH, OW, O] = dy!.shape as [number, number, number, number];
  const tiles = tilesOf(dy!.shape);
  const perBlock = Math.min(IMAGES_PER_UNIT, Math.max(1, Math.floor(TILES_PER_UNIT / tiles)));
  const space = workspace(multipleOf4(perBlock * tiles), C, O, context);
  const u = kernel && packed(kernel, true, context);
  const du = dKernel && context.scratch(Math.ceil(count / IMAGES_PER_UNIT) * FREQUENCIES * C * O);
  const shape = [H, W, C, OH, OW, O, padding.top, padding.left, IMAGES_PER_UNIT, perBlock];
  context.call(
    'winogradGradient',
    perRows(dy!, IMAGES_PER_UNIT),
    [x ?? NONE, dy!, u ?? NONE, dx ?? NONE, du ?? NONE, space, ...shape],
    [dx, du, space].filter((item) => item !== undefined),
  );
  if (du && dKernel) {
    const passes = context.workspace(PASSES);
    context.call(
      'winogradKernelGradient',
      fixed(C, dy),
      [du, dKernel, passes, C, O, IMAGES_PER_UNIT],
      [dKernel, passes],
    );
  }
}

export function winogradInputGradient(op: Op<'conv2dInputGradient'>, context: LoweringContext): void {
  const [dy, kernel] = op.inputs as [TensorSpec, TensorSpec];
  gradient({ dy, kernel, dx: op.outputs[0]! }, op.attributes, context);
}

export function winogradKernelGradient(op: Op<'conv2dKernelGradient'>, context: LoweringContext): void {
  const [x, dy] = op.inputs as [TensorSpec, TensorSpec];
  gradient({ x, dy, dKernel: op.outputs[0]! }, op.attributes, context);
}
