import { CifraError } from './errors.js';

/** What a host tensor may store its values in. */
export type TypedData = Float32Array | Float64Array | Uint8Array | Int32Array | Uint32Array;

/**
 * A dense array in row-major order: the last axis varies fastest. Images are `[count, height, width, channels]`.
 *
 * `divisor` (default 1) is what every stored value is divided by when it is read. It lets images stay bytes in memory:
 * `{ data: Uint8Array, shape: [60000, 28, 28, 1], divisor: 255 }` stands for values from 0 to 1, at a quarter of the
 * bytes; the division happens when a batch is made.
 */
export interface Tensor<D extends TypedData = TypedData> {
  readonly data: D;
  readonly shape: readonly number[];
  readonly divisor?: number;
}

/** The number of values a shape holds: the product of its sizes. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const dimension of shape) size *= dimension;
  return size;
}

/** `[60000, 28, 28, 1]`, as messages print a shape. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/**
 * A tensor over `data` with `shape`.
 * @throws CifraError `tensor-shape` if the sizes are not whole numbers >= 0 or their product is not `data.length`.
 */
export function tensor<D extends TypedData>(data: D, shape: readonly number[], divisor = 1): Tensor<D> {
  if (shape.some((size) => !Number.isInteger(size) || size < 0) || sizeOf(shape) !== data.length) {
    throw new CifraError(
      'tensor-shape',
      `A tensor of shape ${formatShape(shape)} needs ${sizeOf(shape)} values, but was given ${data.length}.`,
      'Give a shape of whole numbers whose product is the number of values.',
    );
  }
  return divisor === 1 ? { data, shape } : { data, shape, divisor };
}

/** Rows `begin` (included) to `end` (excluded) along the first axis, sharing memory with `source`. */
export function rows<T extends Tensor>(source: T, begin: number, end: number): T {
  const count = source.shape[0] ?? 0;
  if (!(Number.isInteger(begin) && Number.isInteger(end) && 0 <= begin && begin <= end && end <= count)) {
    throw new CifraError('tensor-rows', `Rows ${begin} to ${end} do not lie within the ${count} rows of this tensor.`);
  }
  const stride = sizeOf(source.shape.slice(1));
  return {
    ...source,
    data: source.data.subarray(begin * stride, end * stride),
    shape: [end - begin, ...source.shape.slice(1)],
  };
}
