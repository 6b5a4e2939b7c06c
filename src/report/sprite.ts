import { type Rgb, sequentialColour } from '../inspect/index.js';
import type { Sprite } from './data.js';
import { greyPng, palettePng } from './png.js';

/** Pictures of one size, a byte a pixel; picture i is `pixels[i * width * height ..]`. */
export interface Pictures {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Black on white, as digits are written: 0 is paper. */
export function inkSprite(pictures: Pictures, columns?: number): Promise<Sprite> {
  const inverted = pictures.pixels.map((value) => 255 - value);
  return spriteOf({ ...pictures, pixels: inverted }, columns, greyPng);
}

const viridis: readonly Rgb[] = Array.from({ length: 256 }, (_, i) => sequentialColour(i / 255));

/** From dark violet for 0 to yellow for 255. */
export function amountSprite(pictures: Pictures, columns?: number): Promise<Sprite> {
  return spriteOf(pictures, columns, (pixels, width, height) => palettePng(pixels, width, height, viridis));
}

/** @param columns in one row; default: about as many as rows */
async function spriteOf(
  { pixels, width, height }: Pictures,
  columns: number | undefined,
  png: (pixels: Uint8Array, width: number, height: number) => Promise<string>,
): Promise<Sprite> {
  const count = pixels.length / (width * height);
  const inRow = Math.max(1, Math.min(count, columns ?? Math.ceil(Math.sqrt((count * height) / width))));
  const rows = Math.max(1, Math.ceil(count / inRow));
  const sheet = new Uint8Array(inRow * width * rows * height);
  for (let i = 0; i < count; i++) {
    const left = (i % inRow) * width;
    const top = Math.floor(i / inRow) * height;
    for (let y = 0; y < height; y++) {
      const from = (i * height + y) * width;
      sheet.set(pixels.subarray(from, from + width), (top + y) * inRow * width + left);
    }
  }
  return { png: await png(sheet, inRow * width, rows * height), width, height, columns: inRow, count };
}
