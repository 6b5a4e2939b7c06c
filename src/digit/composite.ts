import type { Box, Plane, RgbaPicture } from './picture.js';
import { plane } from './picture.js';

/** Red, green and blue of an opaque picture, 0 to 1 each. */
export type Rgb = readonly [Plane, Plane, Plane];

/** What lies behind the transparent parts of a picture, 0 to 255 each. */
export type Backdrop = readonly [number, number, number];

const WHITE: Backdrop = [255, 255, 255];
const BLACK: Backdrop = [0, 0, 0];
/** Below this largest difference of a channel from white, strokes on white would not show, 0 to 255. */
const HARDLY_VISIBLE = 24;
const SAMPLES = 40_000;

/**
 * What to lay behind a picture's transparent parts. Where most of it is covered, the covered parts are the paper, and
 * their median colour goes on behind them. Otherwise they are the strokes, on white paper, or on black where they are
 * so light that nothing would show.
 */
export function backdrop({ width, height, data }: RgbaPicture): Backdrop {
  const step = 4 * Math.max(1, Math.floor((width * height) / SAMPLES));
  const histograms = [new Uint32Array(256), new Uint32Array(256), new Uint32Array(256)] as const;
  let seen = 0;
  let covered = 0;
  let visible = 0;
  // Every pixel matters for visible strokes, but few are needed for the paper's colour.
  for (let i = 0; i < data.length; i += step) {
    const alpha = data[i + 3]!;
    seen++;
    if (alpha >= 128) {
      covered++;
      for (let c = 0; c < 3; c++) histograms[c]![data[i + c]!]!++;
    }
  }
  if (covered === seen) return WHITE;
  if (covered > seen / 2) return [median(histograms[0]), median(histograms[1]), median(histograms[2])];
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!;
    if (alpha === 0) continue;
    const darkest = Math.min(data[i]!, data[i + 1]!, data[i + 2]!);
    visible = Math.max(visible, ((255 - darkest) * alpha) / 255);
    if (visible >= HARDLY_VISIBLE) return WHITE;
  }
  return BLACK;
}

function median(histogram: Uint32Array): number {
  const half = histogram.reduce((sum, count) => sum + count, 0) / 2;
  let below = 0;
  return Math.max(
    0,
    histogram.findIndex((count) => (below += count) >= half),
  );
}

/**
 * The part of a picture in `box` on its backdrop, each pixel the mean of `factor` x `factor` of the picture's (fewer at
 * the right and at the bottom).
 */
export function composite(picture: RgbaPicture, box: Box, factor: number, back: Backdrop): Rgb {
  const width = Math.ceil((box.right - box.left) / factor);
  const height = Math.ceil((box.bottom - box.top) / factor);
  const planes = [plane(width, height), plane(width, height), plane(width, height)] as const;
  const words = factor <= MOST_IN_A_WORD ? wordsOf(picture) : undefined;
  const sums = new Float64Array(3);
  for (let y = 0; y < height; y++) {
    const top = box.top + y * factor;
    const bottom = Math.min(top + factor, box.bottom);
    for (let x = 0; x < width; x++) {
      const left = box.left + x * factor;
      const right = Math.min(left + factor, box.right);
      if (words === undefined || !addOpaque(words, picture.width, left, top, right, bottom, sums)) {
        addBlended(picture, left, top, right, bottom, back, sums);
      }
      const scale = 1 / (255 * (right - left) * (bottom - top));
      const i = y * width + x;
      for (let c = 0; c < 3; c++) planes[c]!.data[i] = sums[c]! * scale;
    }
  }
  return planes;
}

/** Sums of 16 x 16 bytes fit into 16 bits. */
const MOST_IN_A_WORD = 16;
const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** The pixels as words of alpha, blue, green and red, where the machine and the array's place in its buffer allow it. */
function wordsOf({ data }: RgbaPicture): Uint32Array | undefined {
  if (!LITTLE_ENDIAN || data.byteOffset % 4 !== 0) return undefined;
  return new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
}

/** Sums of a block of opaque pixels, red and blue in one addition: photos are large. False if it is not opaque. */
function addOpaque(
  words: Uint32Array,
  stride: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
  sums: Float64Array,
): boolean {
  let redAndBlue = 0;
  let green = 0;
  let all = 0xffff_ffff;
  for (let y = top; y < bottom; y++) {
    const end = y * stride + right;
    for (let i = y * stride + left; i < end; i++) {
      const word = words[i]!;
      all &= word;
      redAndBlue = (redAndBlue + (word & 0xff00ff)) | 0;
      green += (word >>> 8) & 0xff;
    }
  }
  sums[0] = redAndBlue & 0xffff;
  sums[1] = green;
  sums[2] = redAndBlue >>> 16;
  return all >>> 24 === 255;
}

function addBlended(
  { width, data }: RgbaPicture,
  left: number,
  top: number,
  right: number,
  bottom: number,
  back: Backdrop,
  sums: Float64Array,
): void {
  sums.fill(0);
  for (let y = top; y < bottom; y++) {
    const end = (y * width + right) * 4;
    for (let i = (y * width + left) * 4; i < end; i += 4) {
      const cover = data[i + 3]! / 255;
      for (let c = 0; c < 3; c++) sums[c]! += back[c]! + (data[i + c]! - back[c]!) * cover;
    }
  }
}
