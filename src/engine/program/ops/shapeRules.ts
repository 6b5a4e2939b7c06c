import { formatShape } from '../../../numeric/tensor.js';
import { type Op, type OutputShape, type Padding2d, ShapeMismatch, type TensorSpec } from '../types.js';

export function expect(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new ShapeMismatch(message());
}

export function expectRank(tensor: TensorSpec, rank: number, what: string): void {
  expect(
    tensor.shape.length === rank,
    () => `${what} must have ${rank} axes, but has shape ${formatShape(tensor.shape)}`,
  );
}

export function expectShape(tensor: TensorSpec, shape: readonly number[], what: string): void {
  expect(
    tensor.shape.length === shape.length && tensor.shape.every((size, axis) => size === shape[axis]),
    () => `${what} must have shape ${formatShape(shape)}, but has ${formatShape(tensor.shape)}`,
  );
}

/** The output has the shape of `tensor`. */
export function like(tensor: TensorSpec): OutputShape {
  return { shape: tensor.shape, batched: tensor.batched };
}

export function unbatched(...shape: number[]): OutputShape {
  return { shape, batched: false };
}

export function lastAxis(tensor: TensorSpec): number {
  return tensor.shape.at(-1) ?? 1;
}

/** How many windows of `window` fit along an axis of `size` with `before` and `after` zeros around it. */
function windows(size: number, before: number, after: number, window: number, stride: number): number {
  return Math.floor((size + before + after - window) / stride) + 1;
}

/** `[N, H, W, C]` to the `[N, outHeight, outWidth]` a sliding window gives. */
export function windowed(
  input: TensorSpec,
  window: readonly [number, number],
  strides: readonly [number, number],
  padding: Padding2d,
): [number, number, number] {
  expectRank(input, 4, 'The input [N, height, width, channels]');
  const [count, height, width] = input.shape as [number, number, number, number];
  const outHeight = windows(height, padding.top, padding.bottom, window[0], strides[0]);
  const outWidth = windows(width, padding.left, padding.right, window[1], strides[1]);
  expect(
    outHeight >= 1 && outWidth >= 1,
    () =>
      `A window of ${window[0]}x${window[1]} does not fit into the input of ${height}x${width} ` +
      `(shape ${formatShape(input.shape)})`,
  );
  return [count, outHeight, outWidth];
}

/** Fusion comes after differentiation: an op that has its bias or activation joined to it has no gradient. */
export function expectUnfused({ name, inputs, attributes, label }: Op<'conv2d' | 'matmul'>): void {
  if (inputs.length === 2 && attributes.activation === undefined) return;
  throw new Error(`${name} in "${label}": differentiate before bias and activation are joined to it`);
}
