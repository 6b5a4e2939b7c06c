import { CifraError } from '../numeric/errors.js';
import { log } from '../numeric/exactMath.js';
import { backdrop } from './composite.js';
import { quantile, smooth } from './filters.js';
import { fitToBox, placeByMass, BOX } from './frame.js';
import { type Geometry, measure, type Shape } from './geometry.js';
import { edgesTouched, type Group } from './group.js';
import { sortHoles } from './holes.js';
import { LIMITS } from './limits.js';
import { type Look, look, type View, viewOf } from './look.js';
import { type Box, checkPicture, longSide, type Mask, mask, type Plane, plane, type RgbaPicture } from './picture.js';
import { resample } from './resample.js';
import { sheetIn } from './sheet.js';
import { type Stage, stagesOf } from './stages.js';
import { changeWidth, extent, strokeWidth } from './strokes.js';

/** What a network trained on MNIST is to be given for a picture, and what was seen on the way. */
export interface NormalizedDigit {
  /** 28 x 28 bytes, 0 paper to 255 ink; all 0 where nothing was found. */
  readonly image: Uint8Array;
  readonly geometry: Geometry;
  /** The signs that stand in the picture, from left to right, in its pixels; the one in `image` is among them. */
  readonly signs: readonly Box[];
  /** What each step made of the picture, computed when asked for. */
  stages(): Stage[];
}

export interface NormalizeOptions {
  /** The picture is a sheet of exactly this colour, as a sketch pad is, and all else is ink: paper is not looked for. */
  readonly paper?: 'white' | 'black';
}

/** The glyph's longer side at which strokes are measured and changed, in pixels: 6 for each pixel of the box. */
const FINE = 120;
/** Less ink is none. */
const FAINT = 0.02;
/** Where the solid strokes fill this part of what was cut out, nothing else was. */
const WELL_CUT = 0.85;
/** Holes smaller than this share of the box are the grain of pencil and chalk; larger than that they mean something. */
const SMALL_HOLE = 0.002;
const LARGE_HOLE = 0.01;
/** Strokes thinner or thicker than this are brought to it, in pixels of the 20-pixel box. */
const WIDTHS = { least: 2.0, most: 4.6 };
/** Below this size a digit in a shrunken picture is looked at again, in more pixels. */
const SMALL = 120;
const MARGIN = 0.7;
/** From this on, it is certain whether ink is dark or light. */
const SURE = 5;
const SURENESS_WEIGHT = 0.7;
/** Inside a sheet begins so far from its edge, in parts of its longer side. */
const INSET = 0.015;

/**
 * The digit of any picture as MNIST has its digits: alpha laid on paper, colour to ink, the paper's light and texture
 * and its ruling taken away, specks dropped, the main strokes cut out, brought near MNIST's stroke width where they are
 * far from it, shrunk by area to a 20-pixel box and placed by their centre of mass.
 * @throws CifraError `picture-size`, `picture-data`, or `picture-paper` for a paper of another colour
 */
export function normalizeDigit(picture: RgbaPicture, { paper }: NormalizeOptions = {}): NormalizedDigit {
  checkPicture(picture);
  if (paper !== undefined) checkPaper(paper);
  const seen = lookCloser(picture, paper);
  const main = seen.groups.main;
  if (main === undefined) {
    const image = new Uint8Array(784);
    return { image, geometry: measure(seen, undefined), signs: [], stages: () => stagesOf(seen, undefined, image) };
  }
  const cut = cutOut(seen, main);
  const { strokes, shape } = bringWidth(cut);
  const box = fitToBox(strokes, extent(strokes, FAINT)!, BOX);
  const image = placeByMass(box);
  return {
    image,
    geometry: measure(seen, shape),
    signs: seen.groups.signs.map((sign) => inPicture(sign, seen, picture)),
    stages: () => stagesOf(seen, { cut, strokes, box }, image),
  };
}

function checkPaper(paper: string): void {
  if (paper === 'white' || paper === 'black') return;
  const what = `The paper is said to be ${JSON.stringify(paper)}, but can only be "white" or "black".`;
  throw new CifraError('picture-paper', what, 'Leave it out where it is anything else: it is found then.');
}

/**
 * The whole picture, or a part of it where that shows more: a small digit in a large picture without shrinking, and the
 * inside of a sheet that lies on something.
 */
function lookCloser(picture: RgbaPicture, paper: NormalizeOptions['paper']): Look {
  const back = backdrop(picture);
  const whole = { left: 0, top: 0, right: picture.width, bottom: picture.height };
  const view = viewOf(picture, whole, back);
  const known = paper && { dark: paper === 'white', paper: paper === 'white' ? 1 : 0 };
  const first = known ? look(view, known) : surerLook(view);
  const { main, signs } = first.groups;
  if (main === undefined) return first;
  const sheet = known ? undefined : sheetIn(first);
  if (sheet) {
    const inside = look(viewOf(picture, grown(inPicture(sheet, first, picture), -INSET, picture), back));
    return isWritten(inside) ? inside : first;
  }
  if (signs.length > 1 || first.factor === 1 || longSide(main) >= SMALL) return first;
  const region = grown(inPicture(main, first, picture), MARGIN, picture);
  const second = look(viewOf(picture, region, back), known ?? { dark: first.ink.dark });
  return second.groups.main === undefined ? first : second;
}

/** A look; where it is in doubt whether ink is dark or light, both ways, and that which finds the tidier sign. */
function surerLook(view: View): Look {
  const first = look(view);
  const { sureness, dark } = first.ink;
  if (sureness >= SURE) return first;
  const second = look(view, { dark: !dark });
  return untidiness(second) + SURENESS_WEIGHT * sureness < untidiness(first) ? second : first;
}

/** Writing stands free on its paper, in few pieces of one width; the paper between strokes does not, and is smaller. */
function untidiness(seen: Look): number {
  const { groups, ink } = seen;
  const { main, pieces, signs } = groups;
  if (main === undefined) return 8;
  const { width, widest } = strokeWidth(maskOf(seen, main));
  const others = Math.max(0, pieces - signs.length) + Math.min(1, (signs.length - 1) / 2);
  const parts = Math.min(4, others) + main.components.length - 1;
  const size = longSide(around(signs)) / Math.max(ink.width, ink.height);
  return edgesTouched(main, ink) + parts / 2 + log(widest / width) - 2 * log(size);
}

/** The smallest box around all. */
function around(boxes: readonly Box[]): Box {
  return {
    left: Math.min(...boxes.map(({ left }) => left)),
    top: Math.min(...boxes.map(({ top }) => top)),
    right: Math.max(...boxes.map(({ right }) => right)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  };
}

/** Where a group is, in its box. */
function maskOf({ ink, labels, count }: Look, group: Group): Mask {
  const { left, top, right, bottom } = group;
  const result = mask(right - left, bottom - top);
  const belongs = memberTable(group, count);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      result.data[(y - top) * result.width + x - left] = belongs[labels[y * ink.width + x]!]!;
    }
  }
  return result;
}

/** 1 for the labels of a group's components. */
function memberTable(group: Group, count: number): Uint8Array {
  const belongs = new Uint8Array(count + 1);
  for (const { label } of group.components) belongs[label] = 1;
  return belongs;
}

/** Whether a sign stands on a sheet, clearer than the sheet's own noise. */
function isWritten({ groups, ink, levels }: Look): boolean {
  if (groups.main === undefined) return false;
  const contrast = levels.full - levels.paper;
  return (
    edgesTouched(groups.main, ink) < 2 &&
    contrast >= LIMITS.leastContrast &&
    levels.noise <= LIMITS.mostNoise * contrast
  );
}

/** The box with `share` of its longer side more on each side, within the picture. */
function grown(box: Box, share: number, { width, height }: RgbaPicture): Box {
  const margin = Math.round(share * longSide(box));
  const left = Math.max(0, box.left - margin);
  const top = Math.max(0, box.top - margin);
  return {
    left,
    top,
    right: Math.max(left + 1, Math.min(width, box.right + margin)),
    bottom: Math.max(top + 1, Math.min(height, box.bottom + margin)),
  };
}

function inPicture(box: Box, { region, factor }: Look, { width, height }: RgbaPicture): Box {
  return {
    left: region.left + box.left * factor,
    top: region.top + box.top * factor,
    right: Math.min(width, region.left + box.right * factor),
    bottom: Math.min(height, region.top + box.bottom * factor),
  };
}

/** The ink of a group alone, 0 to 1 for a full stroke, cut out with the soft edges around its mask. */
function cutOut({ ink, labels, count, levels }: Look, group: Group): Plane {
  const { width, height } = ink;
  const left = Math.max(0, group.left - 1);
  const top = Math.max(0, group.top - 1);
  const right = Math.min(width, group.right + 1);
  const bottom = Math.min(height, group.bottom + 1);
  const result = plane(right - left, bottom - top);
  const belongs = memberTable(group, count);
  const own: number[] = [];
  for (let y = group.top; y < group.bottom; y++) {
    for (let x = group.left; x < group.right; x++) {
      if (belongs[labels[y * width + x]!] === 1) own.push(ink.data[y * width + x]!);
    }
  }
  const full = quantile(Float32Array.from(own), 0.85);
  const soft = levels.noise > 0 ? levels.floor : 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const value = ink.data[y * width + x]!;
      if (value <= soft || !nextTo(x, y)) continue;
      result.data[(y - top) * result.width + x - left] = Math.min(1, value / full);
    }
  }
  return result;

  function nextTo(x: number, y: number): boolean {
    for (let ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, height - 1); ny++) {
      for (let nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, width - 1); nx++) {
        if (belongs[labels[ny * width + nx]!] === 1) return true;
      }
    }
    return false;
  }
}

/** The strokes with a width near MNIST's, and how they were. */
function bringWidth(whole: Plane): { strokes: Plane; shape: Shape } {
  let cut = whole;
  let fine = fineMask(cut);
  const solid = maskExtent(fine);
  if (longSide(solid) < WELL_CUT * FINE) {
    // Something faint hangs on the strokes, such as a crease: they are looked at again without it.
    cut = cropped(cut, solid, longSide(extent(cut, FAINT)!) / FINE);
    fine = fineMask(cut);
  }
  const holes = sortHoles(fine, SMALL_HOLE * FINE * FINE, LARGE_HOLE * FINE * FINE);
  const perPixel = FINE / BOX;
  const measured = strokeWidth(fine);
  const shape = {
    strokeWidth: measured.width / perPixel,
    widest: measured.widest / perPixel,
    holes,
    fine,
  };
  const wanted = Math.min(WIDTHS.most, Math.max(WIDTHS.least, shape.strokeWidth));
  if (wanted === shape.strokeWidth) return { strokes: cut, shape };
  return { strokes: changeWidth(fine, (wanted - shape.strokeWidth) * perPixel), shape };
}

/** The strokes with their longer side at FINE pixels, as a mask. */
function fineMask(cut: Plane): Mask {
  const box = extent(cut, FAINT)!;
  const scale = FINE / longSide(box);
  const width = Math.max(1, Math.round((box.right - box.left) * scale));
  const height = Math.max(1, Math.round((box.bottom - box.top) * scale));
  let large = resample(cut, box, width, height);
  for (let i = 0; i < 2; i++) large = smooth(large);
  const { data } = large;
  const inked = new Float32Array(data.length);
  let count = 0;
  for (const value of data) if (value > 0.05) inked[count++] = value;
  const level = quantile(inked.subarray(0, count), 0.8) / 2;
  const fine = mask(width, height);
  for (let i = 0; i < data.length; i++) fine.data[i] = data[i]! > level ? 1 : 0;
  return fine;
}

function maskExtent({ width, height, data }: Mask): Box {
  return extent({ width, height, data: Float32Array.from(data) }, 0)!;
}

/** The part of a plane in a box of its fine mask, and a little around it. */
function cropped(source: Plane, box: Box, perFine: number): Plane {
  const from = extent(source, FAINT)!;
  const left = Math.max(0, Math.floor(from.left + (box.left - 2) * perFine));
  const top = Math.max(0, Math.floor(from.top + (box.top - 2) * perFine));
  const right = Math.min(source.width, Math.ceil(from.left + (box.right + 2) * perFine));
  const bottom = Math.min(source.height, Math.ceil(from.top + (box.bottom + 2) * perFine));
  const result = plane(right - left, bottom - top);
  for (let y = top; y < bottom; y++) {
    result.data.set(source.data.subarray(y * source.width + left, y * source.width + right), (y - top) * result.width);
  }
  return result;
}
