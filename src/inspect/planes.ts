import type { Tensor } from '../numeric/tensor.js';

/** Numbers as small pictures of one size: `data[(i * height + row) * width + column]` is of picture i. */
export interface Planes {
  readonly data: Float32Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/** The numbers of picture `index`, row by row; shares memory. */
export function plane({ data, height, width }: Planes, index: number): Float32Array {
  return data.subarray(index * height * width, (index + 1) * height * width);
}

/**
 * A row of a tensor, such as an image's feature maps [count, height, width, channels], as a picture for each channel. One
 * with a single axis after the count, [count, units], is one picture of one line.
 */
export function planesOf({ data, shape }: Tensor, row: number): Planes {
  const [, ...sizes] = shape;
  const [height, width, count] = sizes.length === 3 ? (sizes as [number, number, number]) : [1, sizes[0]!, 1];
  const area = height * width;
  const from = row * area * count;
  const planes = new Float32Array(area * count);
  for (let i = 0; i < count; i++) {
    for (let at = 0; at < area; at++) planes[i * area + at] = data[from + at * count + i]!;
  }
  return { data: planes, count, height, width };
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

export function rangeOf(values: ArrayLike<number>): Range {
  let [min, max] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    min = Math.min(min, values[i]!);
    max = Math.max(max, values[i]!);
  }
  return { min, max };
}

/** The largest absolute value: the ends of a scale with 0 in its middle. */
export function symmetricScale({ min, max }: Range): number {
  return Math.max(-min, max, 0);
}

/**
 * The value that a share of the values do not exceed, such as 0.99 for a scale that a few outliers must not stretch. The
 * largest one where the outliers are near: less than half above it.
 */
export function upperEnd(values: ArrayLike<number>, share = 0.99): number {
  const sorted = Float32Array.from(values).sort();
  const largest = sorted.at(-1)!;
  const end = sorted[Math.floor(share * (sorted.length - 1))]!;
  return end > 0 && largest > 1.5 * end ? end : largest;
}
