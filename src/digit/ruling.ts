import { quantile } from './filters.js';
import { type Mask, mask, type Plane } from './picture.js';
import type { InkLevels } from './threshold.js';

export interface Ruling {
  /** The pixels that belong to lines of the paper and to nothing else. */
  readonly erased: Mask;
  /** How many lines there are, both ways. */
  readonly lines: number;
}

/** Smaller pictures have no ruling: a stroke would be taken for it. */
const LEAST_SIDE = 64;
/** How much a line falls at most, in pixels a pixel: four and a half degrees. */
const STEEPEST = 0.08;
/** Of the picture's width, how much of a line must be inked. */
const INKED = 0.7;
/** The thickest line, of the picture's height, and at least this in pixels. */
const THICKEST = 0.025;
const THICKEST_PIXELS = 4;
/** In how many places along a line the ink is looked up, about. */
const COLUMNS = 64;
/** A single line counts as ruling only if it is fainter than this share of a full stroke. */
const FAINT = 0.7;

/**
 * The ruling of paper: lines of one slope, nearly level or nearly upright, that go from edge to edge. For each slope the
 * inked pixels are counted along every line (a Hough transform over few angles); a line is ruling if most of it is
 * inked, up to both edges, and it is thin. As a digit's own bar may do that in a picture cut to its size, there must be
 * two lines or a faint one. A line is erased where the ink is not thicker than the line: strokes that cross it remain.
 */
export function findRuling(ink: Plane, levels: InkLevels): Ruling | undefined {
  if (Math.min(ink.width, ink.height) < LEAST_SIDE) return undefined;
  const level = linesAcross(ink, levels, false);
  const upright = linesAcross(ink, levels, true);
  const lines = level.length + upright.length;
  if (lines === 0 || (lines === 1 && [...level, ...upright][0]!.ink > FAINT * levels.full)) return undefined;
  const erased = mask(ink.width, ink.height);
  for (const line of level) erase(ink, line, levels, false, erased);
  for (const line of upright) erase(ink, line, levels, true, erased);
  return { erased, lines };
}

/** Pixels `top` to `bottom`, left out, at the left edge, and `slope` more for each pixel to the right. */
interface Line {
  readonly top: number;
  readonly bottom: number;
  readonly slope: number;
  /** The median ink along it. */
  readonly ink: number;
}

function linesAcross({ width, height, data }: Plane, levels: InkLevels, turned: boolean): Line[] {
  const [length, depth] = turned ? [height, width] : [width, height];
  const [along, across] = turned ? [width, 1] : [1, width];
  const step = Math.max(1, Math.floor(length / COLUMNS));
  const fall = Math.ceil(STEEPEST * length);
  const threshold = levels.floor;
  // Where ink is, in columns of the pixels looked at, so that the counting below goes through memory in order.
  const columns = Math.floor((length - 1) / step) + 1;
  const inked = new Uint8Array(columns * depth);
  let crossed = 0;
  for (let c = 0; c < columns; c++) {
    let any = 0;
    for (let y = 0; y < depth; y++)
      any |= inked[c * depth + y] = data[c * step * along + y * across]! > threshold ? 1 : 0;
    crossed += any;
  }
  const enough = INKED * columns;
  if (crossed < enough) return [];
  let best: { counts: Uint16Array; slope: number; score: number } | undefined;
  for (let down = -fall; down <= fall; down++) {
    const slope = down / length;
    const counts = new Uint16Array(depth);
    for (let c = 0; c < columns; c++) {
      const shift = Math.round(slope * c * step);
      const first = Math.max(0, -shift);
      const end = Math.min(depth, depth - shift);
      const base = c * depth + shift;
      for (let y = first; y < end; y++) counts[y]! += inked[base + y]!;
    }
    let score = 0;
    for (const count of counts) if (count >= enough) score += count * count;
    if (score > 0 && (best === undefined || score > best.score)) best = { counts, slope, score };
  }
  if (best === undefined) return [];
  const lines: Line[] = [];
  const { counts, slope } = best;
  const thickest = Math.max(THICKEST_PIXELS, THICKEST * depth);
  for (let y = 0; y < depth; y++) {
    if (counts[y]! < enough) continue;
    const top = y;
    while (y < depth && counts[y]! >= enough) y++;
    if (y - top > thickest) continue;
    const middle = (top + y - 1) / 2;
    const values: number[] = [];
    for (let x = 0; x < length; x += step) {
      const at = Math.round(middle + slope * x);
      if (at >= 0 && at < depth) values.push(data[x * along + at * across]!);
    }
    const edge = Math.max(2, Math.ceil(values.length / 25));
    const reaches = [values.slice(0, edge), values.slice(-edge)].every((end) => end.some((value) => value > threshold));
    if (reaches) lines.push({ top, bottom: y, slope, ink: quantile(Float32Array.from(values), 0.5) });
  }
  return lines;
}

function erase({ width, height, data }: Plane, line: Line, levels: InkLevels, turned: boolean, erased: Mask): void {
  const [length, depth] = turned ? [height, width] : [width, height];
  const [along, across] = turned ? [width, 1] : [1, width];
  const paper = levels.paper + 0.4 * (line.ink - levels.paper);
  const strong = line.ink < FAINT * levels.full ? (line.ink + levels.full) / 2 : Infinity;
  const thick = line.bottom - line.top;
  const reach = thick + 3;
  for (let x = 0; x < length; x++) {
    const middle = Math.round((line.top + line.bottom - 1) / 2 + line.slope * x);
    // The inked run through the line, as far as it goes within reach.
    let top = middle;
    let bottom = middle;
    const inkAt = (y: number): number => (y < 0 || y >= depth ? -Infinity : data[x * along + y * across]!);
    if (inkAt(middle) <= paper) {
      if (inkAt(middle - 1) > paper) top = bottom = middle - 1;
      else if (inkAt(middle + 1) > paper) top = bottom = middle + 1;
      else continue;
    }
    while (middle - top < reach && inkAt(top - 1) > paper) top--;
    while (bottom - middle < reach && inkAt(bottom + 1) > paper) bottom++;
    if (bottom - top + 1 > thick + 2) continue;
    for (let y = top - 1; y <= bottom + 1; y++) {
      if (inkAt(y) > -Infinity && inkAt(y) < strong) erased.data[x * along + y * across] = 1;
    }
  }
}
