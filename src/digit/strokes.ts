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
  const line = new Float64Array(width + 2);
  const envelope = { places: new Int32Array(width + 2), starts: new Float64Array(width + 3) };
  for (let y = 0; y < height; y++) {
    const row = result.data.subarray(y * width, (y + 1) * width);
    for (let begin = 0; begin < width; begin++) {
      if (row[begin] === 0) continue;
      let end = begin + 1;
      while (end < width && row[end] !== 0) end++;
      // Nothing beyond a pixel that is not set can be nearer than that one.
      const from = begin > 0 || of === 1 ? begin - 1 : begin;
      const to = end < width || of === 1 ? end + 1 : end;
      for (let x = from; x < to; x++) line[x - from] = x < begin || x >= end ? 0 : row[x]!;
      lowerEnvelope(line, to - from, envelope);
      const { places, starts } = envelope;
      let k = 0;
      for (let x = begin; x < end; x++) {
        while (starts[k + 1]! < x - from) k++;
        const apart = x - from - places[k]!;
        row[x] = apart * apart + line[places[k]!]!;
      }
      begin = end;
    }
  }
  return result;
}

/** Which of the parabolas that stand at 0, 1, … on the heights of `line` is the lowest, and from where on. */
function lowerEnvelope(
  line: Float64Array,
  count: number,
  { places, starts }: { readonly places: Int32Array; readonly starts: Float64Array },
): void {
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
  const result = plane(width, height);
  // Wider strokes keep what is inside them whole, thinner ones have nothing outside.
  const [changed, sign] = change > 0 ? ([0, -1] as const) : ([1, 1] as const);
  const { data: distances } = squaredDistances(padded, changed);
  for (let i = 0; i < result.data.length; i++) {
    const isSet = padded.data[i]!;
    const toEdge = sign * (Math.sqrt(distances[i]!) - 0.5);
    result.data[i] = isSet === changed ? Math.min(1, Math.max(0, 0.5 + toEdge + change / 2)) : isSet;
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
