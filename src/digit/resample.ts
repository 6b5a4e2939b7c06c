import { type Box, type Plane, plane } from './picture.js';

/**
 * The part of a plane in `box` at another size. Shrinking takes the mean of the area that a pixel covers, so that thin
 * strokes grow fainter but never vanish; enlarging interpolates linearly. `box` may have fractions.
 */
export function resample(source: Plane, box: Box, width: number, height: number): Plane {
  const across = weights(box.left, box.right, width, source.width);
  const down = weights(box.top, box.bottom, height, source.height);
  const rows = plane(width, source.height);
  for (let y = down.first; y < down.end; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = across.starts[x]!; k < across.starts[x + 1]!; k++) {
        sum += across.values[k]! * source.data[y * source.width + across.from[x]! + k - across.starts[x]!]!;
      }
      rows.data[y * width + x] = sum;
    }
  }
  const result = plane(width, height);
  for (let y = 0; y < height; y++) {
    for (let k = down.starts[y]!; k < down.starts[y + 1]!; k++) {
      const weight = down.values[k]!;
      const from = (down.from[y]! + k - down.starts[y]!) * width;
      for (let x = 0; x < width; x++) result.data[y * width + x]! += weight * rows.data[from + x]!;
    }
  }
  return result;
}

interface Weights {
  /** For each target pixel its first source pixel. */
  readonly from: Int32Array;
  /** For each target pixel where its weights begin in `values`; one more at the end. */
  readonly starts: Int32Array;
  readonly values: readonly number[];
  /** The source pixels in use, the end left out. */
  readonly first: number;
  readonly end: number;
}

function weights(low: number, high: number, count: number, limit: number): Weights {
  const from = new Int32Array(count);
  const starts = new Int32Array(count + 1);
  const values: number[] = [];
  const step = (high - low) / count;
  let first = limit;
  let end = 0;
  for (let i = 0; i < count; i++) {
    const center = low + (i + 0.5) * step;
    // Shrinking: a box as wide as the target pixel. Enlarging: a triangle over neighbouring source pixels.
    const reach = step >= 1 ? step / 2 : 1;
    const begin = Math.max(0, Math.floor(center - reach + (step >= 1 ? 0 : 0.5)));
    const last = Math.min(limit - 1, Math.ceil(center + reach - (step >= 1 ? 0 : 0.5)) - 1);
    starts[i] = values.length;
    from[i] = begin;
    let total = 0;
    for (let j = begin; j <= last; j++) {
      const weight =
        step >= 1
          ? Math.max(0, Math.min(j + 1, center + reach) - Math.max(j, center - reach))
          : Math.max(0, 1 - Math.abs(j + 0.5 - center));
      values.push(weight);
      total += weight;
    }
    for (let k = starts[i]!; k < values.length; k++) values[k] = total > 0 ? values[k]! / total : 0;
    first = Math.min(first, begin);
    end = Math.max(end, last + 1);
  }
  starts[count] = values.length;
  return { from, starts, values, first, end };
}
