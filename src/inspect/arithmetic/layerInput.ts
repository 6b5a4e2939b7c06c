import type { AnyOp, OpName } from '../../engine/program/types.js';
import type { PlacedLayer } from '../../nn/index.js';
import { formatShape, sizeOf } from '../../numeric/tensor.js';
import type { InputWindow } from './types.js';

/** A layer as the arithmetic of its numbers needs it. */
export interface LayerInput {
  readonly placed: PlacedLayer;
  /** What the engine computes for it, in order. */
  readonly ops: readonly AnyOp[];
  /** What goes into it, of shape `placed.inputShape`. */
  readonly values: ArrayLike<number>;
  /** Its weight of that name, `kernel`; undefined if it has none. */
  weight(name: string): Float32Array | undefined;
}

/** The layer's op of that name, with its attributes. */
export function opOf<N extends OpName>({ ops, placed }: LayerInput, name: N): Extract<AnyOp, { name: N }> {
  const found = ops.find((op): op is Extract<AnyOp, { name: N }> => op.name === name);
  if (found) return found;
  throw new TypeError(`Layer "${placed.name}" has no op ${name}.`);
}

/** The window that a place of the output sees, in an input [height, width, channels]. */
export function windowAt(
  input: readonly number[],
  size: readonly [number, number],
  { strides, padding }: Pick<WindowAttributes, 'strides' | 'padding'>,
  at: readonly number[],
): InputWindow {
  const [height, width] = size;
  const top = at[0]! * strides[0] - padding.top;
  const left = at[1]! * strides[1] - padding.left;
  const inside = Array.from({ length: height * width }, (_, i) => {
    const row = top + Math.floor(i / width);
    const column = left + (i % width);
    return row >= 0 && row < input[0]! && column >= 0 && column < input[1]!;
  });
  return { top, left, height, width, inside };
}
type WindowAttributes = Extract<AnyOp, { name: 'maxPool2d' }>['attributes'];

/** One channel of the input within the window, row by row; 0 in the padding. */
export function valuesIn({ placed, values }: LayerInput, window: InputWindow, channel: number): Float64Array {
  const [, columns, channels] = placed.inputShape as readonly [number, number, number];
  return Float64Array.from(window.inside, (inside, i) => {
    if (!inside) return 0;
    const row = window.top + Math.floor(i / window.width);
    const column = window.left + (i % window.width);
    return values[(row * columns + column) * channels + channel]!;
  });
}

/** The number at a place of the input. */
export function valueAt({ placed, values }: LayerInput, at: readonly number[]): number {
  return values[offset(placed.inputShape, at)]!;
}

/** Where a place is in a row-major array of that shape. */
export function offset(shape: readonly number[], at: readonly number[]): number {
  return at.reduce((sum, index, axis) => sum * shape[axis]! + index, 0);
}

/** The place of a position in a row-major array of that shape. */
export function placeOf(shape: readonly number[], position: number): number[] {
  if (position >= sizeOf(shape)) throw new RangeError(`Position ${position} is beyond ${formatShape(shape)}.`);
  return shape.map((size, axis) => Math.floor(position / sizeOf(shape.slice(axis + 1))) % size);
}

export function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}
