import { type Box, type Mask, mask, type Plane, plane } from './picture.js';

/**
 * For each set pixel the squared distance to the nearest pixel that is not set; what lies beyond the mask is not set.
 * Exact, by lower envelopes of parabolas (Felzenszwalb and Huttenlocher 2012).
 */
export function squaredDistances({ width, height, data }: Mask, of: 0 | 1 = 1): Plane {
  const result = plane(width, height);
  const far = (width + height) * (width + height);
  // Beyond the edge lies what is not set: the nearest is one pixel outside.
  for (let x = 0; x < width; x++) {
    let distance = of === 1 ? 0 : width + height;
    for (let y = 0; y < height; y++) {
      distance = data[y * width + x] === of ? distance + 1 : 0;
      result.data[y * width + x] = distance;
    }
    distance = of === 1 ? 0 : width + height;
    for (let y = height - 1; y >= 0; y--) {
      distance = data[y * width + x] === of ? distance + 1 : 0;
      const least = Math.min(distance, result.data[y * width + x]!);
      result.data[y * width + x] = Math.min(far, least * least);
    }
  }
  const edge = of === 1 ? 1 : 0;
  const count = width + 2 * edge;
  const line = new Float64Array(count);
  const places = new Int32Array(count);
  const starts = new Float64Array(count + 1);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) line[x + edge] = result.data[y * width + x]!;
    if (edge === 1) line[0] = line[count - 1] = 0;
    let last = 0;
    places[0] = 0;
    starts[0] = -Infinity;
    starts[1] = Infinity;
    for (let q = 1; q < count; q++) {
      let meets = crossing(line, q, places[last]!);
      while (meets <= starts[last]!) meets = crossing(line, q, places[--last]!);
      places[++last] = q;
      starts[last] = meets;
      starts[last + 1] = Infinity;
    }
    let k = 0;
    for (let q = edge; q < width + edge; q++) {
      while (starts[k + 1]! < q) k++;
      const apart = q - places[k]!;
      result.data[y * width + q - edge] = apart * apart + line[places[k]!]!;
    }
  }
  return result;
}

function crossing(line: Float64Array, q: number, p: number): number {
  return (line[q]! + q * q - line[p]! - p * p) / (2 * (q - p));
}

export interface StrokeWidth {
  /** The median width along the middle of the strokes, in pixels; 0 for an empty mask. */
  readonly width: number;
  /** The largest width, in pixels. */
  readonly widest: number;
}

/** The width of the strokes of a mask: twice the distance to the edge where it is largest among the neighbours'. */
export function strokeWidth(strokes: Mask): StrokeWidth {
  const { width, height } = strokes;
  const { data } = squaredDistances(strokes);
  const widths: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const here = data[y * width + x]!;
      if (here === 0) continue;
      let higher = 0;
      for (let ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, height - 1); ny++) {
        for (let nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, width - 1); nx++) {
          if (data[ny * width + nx]! > here) higher++;
        }
      }
      // The edge of a pixel is half a pixel nearer than the next one's centre.
      if (higher === 0) widths.push(2 * Math.sqrt(here) - 1);
    }
  }
  widths.sort((a, b) => a - b);
  return { width: widths[widths.length >> 1] ?? 0, widest: widths.at(-1) ?? 0 };
}

/**
 * The strokes of a mask wider by `change` pixels (narrower if negative), with soft edges, within a margin of
 * `ceil(change / 2) + 1` pixels more on each side.
 */
export function changeWidth(strokes: Mask, change: number): Plane {
  const margin = Math.max(0, Math.ceil(change / 2)) + 1;
  const width = strokes.width + 2 * margin;
  const height = strokes.height + 2 * margin;
  const padded = mask(width, height);
  for (let y = 0; y < strokes.height; y++) {
    const row = strokes.data.subarray(y * strokes.width, (y + 1) * strokes.width);
    padded.data.set(row, (y + margin) * width + margin);
  }
  const inside = squaredDistances(padded, 1);
  const outside = squaredDistances(padded, 0);
  const result = plane(width, height);
  for (let i = 0; i < result.data.length; i++) {
    const toEdge = padded.data[i] === 1 ? Math.sqrt(inside.data[i]!) - 0.5 : 0.5 - Math.sqrt(outside.data[i]!);
    result.data[i] = Math.min(1, Math.max(0, 0.5 + toEdge + change / 2));
  }
  return result;
}

/** The smallest box around everything above `limit`; undefined where nothing is. */
export function extent({ width, height, data }: Plane, limit: number): Box | undefined {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x]! <= limit) continue;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      if (y < top) top = y;
      bottom = y + 1;
    }
  }
  return right === 0 ? undefined : { left, top, right, bottom };
}
