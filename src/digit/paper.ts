import type { Grey } from './colour.js';
import { log } from '../numeric/exactMath.js';
import { flatten } from './flatten.js';
import { dilate, erode, quantile, shrunk, smooth } from './filters.js';
import { type Plane, plane } from './picture.js';
import { resample } from './resample.js';

/** How far each pixel is from its paper towards the ink, 1 at most; noise makes it negative here and there. */
export interface Ink extends Plane {
  /** Whether the ink is darker than the paper. */
  readonly dark: boolean;
  /** How sure that is, as the logarithm of a ratio, 0 or more; infinite where the paper has one colour. */
  readonly sureness: number;
  /** The lightness of the paper at each pixel, 0 to 1. */
  readonly paper: Plane;
}

/** What is known before. */
export interface KnownInk {
  /** Whether the ink is darker than the paper. */
  readonly dark: boolean;
  /** The lightness of all paper, 0 to 1. */
  readonly paper?: number;
}

/** Of the border, how much must be of one colour for the whole paper to have it. */
const FLAT_SHARE = 0.9;
/** What counts as one colour, and as a difference, 0 to 1. */
const FLAT_RANGE = 0.016;
/** The window for an uneven paper's lightness, of the side of a square as large: wider than strokes, narrower than shadows. */
const WINDOW = 0.3;
/** The radii of windows for the narrow things: the narrower, the likelier strokes rather than paper between strokes. */
const NARROW = [1, 2, 4, 8, 16];
/** The share of the pixels that are the darkest, and the lightest. */
const EXTREME = 0.02;
/** What the border's vote counts, that of narrow things being 1. */
const BORDER_VOTE = 1;
/** The picture's longer side at which the polarity is found, in pixels. */
const POLARITY_SIDE = 160;
/** The same at which an uneven paper is found, about. */
const PAPER_SIDE = 300;
/** The darkest paper whose shadows are divided out: below it noise would be multiplied. */
const DARKEST_DIVISOR = 0.12;

/**
 * Ink from paper: which of both is darker, how light the paper is at each pixel, and the difference.
 *
 * A border of one colour is the paper, everywhere; if need be after smooth light is taken away. Otherwise the paper is
 * uneven, by shadows or its own texture: a morphological closing (of dark ink; an opening of light ink) takes away whatever is narrower than the
 * window, and what it takes away is the ink. On paper, light multiplies: there the difference is divided by the
 * paper's lightness, so that ink in a shadow is as dark as elsewhere.
 */
export function findInk(seen: Grey, known?: KnownInk): Ink {
  if (known?.paper !== undefined) return inkOn(constant(seen, known.paper), seen, known.dark, Infinity);
  let grey = seen;
  let border = borderOf(grey);
  if (!border.flat) {
    const flattened = flatten(seen);
    if (flattened) {
      border = borderOf(flattened);
      // A surface that does not fit everywhere would leave ridges.
      if (border.flat) grey = flattened;
      else border = borderOf(seen);
    }
  }
  const votes = border.flat
    ? Infinity * (darkOnFlat(grey, border.level) >= 0 ? 1 : -1)
    : polarityVotes(grey, border.level);
  const dark = known?.dark ?? votes >= 0;
  const paper = border.flat ? constant(grey, border.level) : unevenPaper(grey, dark);
  return inkOn(paper, grey, dark, known ? Infinity : Math.abs(votes));
}

function inkOn(paper: Plane, grey: Grey, dark: boolean, sureness: number): Ink {
  const ink = plane(grey.width, grey.height);
  const divide = dark && grey.fromBlack;
  for (let i = 0; i < ink.data.length; i++) {
    const level = paper.data[i]!;
    const difference = dark ? level - grey.data[i]! : grey.data[i]! - level;
    ink.data[i] = divide ? difference / Math.max(level, DARKEST_DIVISOR) : difference;
  }
  return { ...ink, dark, sureness, paper };
}

interface Border {
  readonly level: number;
  readonly flat: boolean;
}

/** The median of the outermost pixels, and whether most are near it. */
function borderOf({ width, height, data }: Plane): Border {
  const depth = Math.max(1, Math.round(Math.min(width, height) / 60));
  const values: number[] = [];
  for (let y = 0; y < height; y++) {
    const inside = y >= depth && y < height - depth;
    for (let x = 0; x < width; x++) {
      if (inside && x === depth && width > 2 * depth) x = width - depth;
      values.push(data[y * width + x]!);
    }
  }
  const all = Float32Array.from(values);
  const level = quantile(all, 0.5);
  const near = values.filter((value) => Math.abs(value - level) <= FLAT_RANGE).length;
  return { level, flat: near >= FLAT_SHARE * values.length };
}

/** With a flat border: how much the darker parts differ from it, less how much the lighter parts do. */
function darkOnFlat(grey: Grey, level: number): number {
  let sum = 0;
  for (const value of grey.data) {
    const difference = level - value;
    if (Math.abs(difference) > FLAT_RANGE) sum += difference * Math.abs(difference);
  }
  return sum;
}

/**
 * With an uneven border: the sum of two votes, as logarithms of ratios, positive for dark ink. One is whether a closing or an
 * opening takes more away, that is, whether the narrow things in the picture are dark or light; the other whether the
 * darkest or the lightest parts are further from the border's median, which decides where the strokes are so thick
 * that paper and ink are equally narrow.
 */
function polarityVotes(grey: Grey, level: number): number {
  const factor = Math.ceil(Math.max(grey.width, grey.height) / POLARITY_SIDE);
  const small = factor === 1 ? smooth(grey) : shrunk(grey, factor);
  let darker = 0;
  let lighter = 0;
  for (const radius of NARROW) {
    if (2 * radius >= Math.min(small.width, small.height)) break;
    const closed = erode(dilate(small, radius), radius);
    const opened = dilate(erode(small, radius), radius);
    let below = 0;
    let above = 0;
    for (let i = 0; i < small.data.length; i++) {
      const down = closed.data[i]! - small.data[i]!;
      const up = small.data[i]! - opened.data[i]!;
      below += down * down;
      above += up * up;
    }
    // Noise is as much light as dark.
    const weight = 1 / (radius * radius * radius);
    darker += weight * Math.max(0, below - above);
    lighter += weight * Math.max(0, above - below);
  }
  const toDarkest = Math.max(0, level - quantile(small.data, EXTREME));
  const toLightest = Math.max(0, quantile(small.data, 1 - EXTREME) - level);
  return logRatio(darker, lighter) + BORDER_VOTE * logRatio(toDarkest, toLightest);
}

function logRatio(a: number, b: number): number {
  const least = 1e-6;
  return log((a + least) / (b + least));
}

/** A closing or an opening; beyond its edges the picture goes on as it is there, lest a slanted shadow end in a wedge. */
function unevenPaper(grey: Grey, dark: boolean): Plane {
  const { width, height } = grey;
  const factor = Math.max(1, Math.round(Math.max(width, height) / PAPER_SIDE));
  const small = smooth(shrunk(grey, factor));
  const radius = windowRadius(small);
  const wide = padded(small, radius);
  const closed = dark ? erode(dilate(wide, radius), radius) : dilate(erode(wide, radius), radius);
  const inside = { left: radius, top: radius, right: radius + width / factor, bottom: radius + height / factor };
  return resample(closed, inside, width, height);
}

function padded({ width, height, data }: Plane, margin: number): Plane {
  const result = plane(width + 2 * margin, height + 2 * margin);
  for (let y = 0; y < result.height; y++) {
    const row = Math.min(height - 1, Math.max(0, y - margin)) * width;
    const to = y * result.width;
    result.data.fill(data[row]!, to, to + margin);
    result.data.set(data.subarray(row, row + width), to + margin);
    result.data.fill(data[row + width - 1]!, to + margin + width, to + result.width);
  }
  return result;
}

function windowRadius({ width, height }: Plane): number {
  return Math.max(2, Math.round((WINDOW / 2) * Math.sqrt(width * height)));
}

function constant({ width, height }: Plane, level: number): Plane {
  const result = plane(width, height);
  result.data.fill(level);
  return result;
}
