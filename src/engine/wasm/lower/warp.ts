import type { FillMode, Op } from '../../program/types.js';
import { type Lowering, type LoweringContext, NONE, perRows } from './call.js';
import { isBytes } from './input.js';

const fillModes: Record<FillMode, number> = { constant: 0, nearest: 1, reflect: 2, wrap: 3 };

export const warpAffine: Lowering<'warpAffine'> = (op, context) => warp(op, context, 0);

export const warpElastic: Lowering<'warpElastic'> = (op, context) => warp(op, context, op.attributes.spacing);

function warp(op: Op<'warpAffine' | 'warpElastic'>, context: LoweringContext, spacing: number): void {
  const { inputs, outputs, attributes } = op;
  const [x, matrices, points] = inputs;
  const y = outputs[0]!;
  const { divisor, fillMode, fillValue } = attributes;
  const [height, width, channels] = x!.shape.slice(1) as [number, number, number];
  const [rows, columns] = (points?.shape.slice(1) ?? [0, 0]) as [number, number];
  const groups = Math.ceil(width / 4);
  // The table of weights, the reach of every four pixels, and a row of points.
  const scratch = points ? context.scratch(columns * groups * 4 + groups * 2 + columns * 2, 'thread') : NONE;
  const kernel = [
    isBytes(x!),
    divisor,
    fillModes[fillMode],
    fillValue,
    height,
    width,
    channels,
    rows,
    columns,
    spacing,
  ];
  context.call('warp', perRows(x!), [x!, matrices!, points ?? NONE, y, scratch, ...kernel], [y]);
}
