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
export function composite(picture: RgbaPicture, box: Box, factor: number, [r0, g0, b0]: Backdrop): Rgb {
  const width = Math.ceil((box.right - box.left) / factor);
  const height = Math.ceil((box.bottom - box.top) / factor);
  const planes = [plane(width, height), plane(width, height), plane(width, height)] as const;
  const [red, green, blue] = planes;
  const { data } = picture;
  for (let y = 0; y < height; y++) {
    const top = box.top + y * factor;
    const bottom = Math.min(top + factor, box.bottom);
    for (let x = 0; x < width; x++) {
      const left = box.left + x * factor;
      const right = Math.min(left + factor, box.right);
      let r = 0;
      let g = 0;
      let b = 0;
      for (let py = top; py < bottom; py++) {
        const end = (py * picture.width + right) * 4;
        for (let i = (py * picture.width + left) * 4; i < end; i += 4) {
          const alpha = data[i + 3]!;
          if (alpha === 255) {
            r += data[i]!;
            g += data[i + 1]!;
            b += data[i + 2]!;
          } else {
            const cover = alpha / 255;
            r += r0 + (data[i]! - r0) * cover;
            g += g0 + (data[i + 1]! - g0) * cover;
            b += b0 + (data[i + 2]! - b0) * cover;
          }
        }
      }
      const scale = 1 / (255 * (right - left) * (bottom - top));
      red.data[y * width + x] = r * scale;
      green.data[y * width + x] = g * scale;
      blue.data[y * width + x] = b * scale;
    }
  }
  return planes;
}
