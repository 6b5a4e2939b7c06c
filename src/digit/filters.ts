import { type Plane, plane } from './picture.js';

/**
 * The largest value within `radius` pixels to each side and up and down. Running maxima by van Herk (1992) and Gil and
 * Werman (1993): three comparisons a pixel and direction, whatever the radius.
 */
export function dilate(source: Plane, radius: number): Plane {
  return transposed(rowExtremes(transposed(rowExtremes(source, radius, 1)), radius, 1));
}

/** The smallest value within `radius` pixels to each side and up and down. */
export function erode(source: Plane, radius: number): Plane {
  return transposed(rowExtremes(transposed(rowExtremes(source, radius, -1)), radius, -1));
}

function rowExtremes({ width, height, data }: Plane, radius: number, sign: 1 | -1): Plane {
  const result = plane(width, height);
  const window = 2 * radius + 1;
  const padded = Math.ceil((width + 2 * radius) / window) * window;
  const line = new Float32Array(padded).fill(-Infinity);
  const forward = new Float32Array(padded);
  const backward = new Float32Array(padded);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) line[radius + x] = sign * data[y * width + x]!;
    for (let start = 0; start < padded; start += window) {
      const last = start + window - 1;
      let best = (forward[start] = line[start]!);
      for (let i = start + 1; i <= last; i++) {
        const value = line[i]!;
        if (value > best) best = value;
        forward[i] = best;
      }
      best = backward[last] = line[last]!;
      for (let i = last - 1; i >= start; i--) {
        const value = line[i]!;
        if (value > best) best = value;
        backward[i] = best;
      }
    }
    for (let x = 0; x < width; x++) {
      const a = backward[x]!;
      const b = forward[x + window - 1]!;
      result.data[y * width + x] = sign * (a > b ? a : b);
    }
  }
  return result;
}

function transposed({ width, height, data }: Plane): Plane {
  const result = plane(height, width);
  // In tiles, so that both sides stay in the cache.
  const TILE = 32;
  for (let y0 = 0; y0 < height; y0 += TILE) {
    for (let x0 = 0; x0 < width; x0 += TILE) {
      const yEnd = Math.min(y0 + TILE, height);
      const xEnd = Math.min(x0 + TILE, width);
      for (let y = y0; y < yEnd; y++) {
        for (let x = x0; x < xEnd; x++) result.data[x * height + y] = data[y * width + x]!;
      }
    }
  }
  return result;
}

/** Smoothed with the weights 1, 2, 1 in both directions; the edge's pixels go on beyond it. */
export function smooth({ width, height, data }: Plane): Plane {
  const across = plane(width, height);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const left = data[row + (x > 0 ? x - 1 : 0)]!;
      const right = data[row + (x < width - 1 ? x + 1 : x)]!;
      across.data[row + x] = (left + 2 * data[row + x]! + right) / 4;
    }
  }
  const result = plane(width, height);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const above = y > 0 ? row - width : row;
    const below = y < height - 1 ? row + width : row;
    for (let x = 0; x < width; x++) {
      result.data[row + x] = (across.data[above + x]! + 2 * across.data[row + x]! + across.data[below + x]!) / 4;
    }
  }
  return result;
}

const SAMPLE = 30_000;

/** The value below which `share` of the values lie, 0 to 1, within 1/2000 of their range; of many, from a sample. */
export function quantile(values: Float32Array, share: number): number {
  const BINS = 2000;
  let low = Infinity;
  let high = -Infinity;
  // An odd step does not meet the same columns again and again.
  const step = values.length > SAMPLE ? Math.floor(values.length / SAMPLE) | 1 : 1;
  for (let i = 0; i < values.length; i += step) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(high > low)) return values.length > 0 ? low : 0;
  const histogram = new Uint32Array(BINS);
  const scale = (BINS - 1) / (high - low);
  let count = 0;
  for (let i = 0; i < values.length; i += step) {
    histogram[Math.floor((values[i]! - low) * scale + 0.5)]!++;
    count++;
  }
  let below = 0;
  for (let bin = 0; bin < BINS; bin++) {
    below += histogram[bin]!;
    if (below >= share * count) return low + bin / scale;
  }
  return high;
}

/** By a whole factor, each pixel a mean. */
export function shrunk(source: Plane, factor: number): Plane {
  if (factor === 1) return source;
  const result = plane(Math.ceil(source.width / factor), Math.ceil(source.height / factor));
  for (let y = 0; y < result.height; y++) {
    const bottom = Math.min((y + 1) * factor, source.height);
    for (let x = 0; x < result.width; x++) {
      const right = Math.min((x + 1) * factor, source.width);
      let sum = 0;
      for (let py = y * factor; py < bottom; py++) {
        for (let px = x * factor; px < right; px++) sum += source.data[py * source.width + px]!;
      }
      result.data[y * result.width + x] = sum / ((bottom - y * factor) * (right - x * factor));
    }
  }
  return result;
}
