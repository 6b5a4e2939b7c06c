import { backdrop } from '../../../src/digit/composite.js';
import type { RgbaPicture } from '../../../src/digit/index.js';
import { crc32 } from '../../../src/data/crc32.js';
import { readJpeg } from '../../../src/pictures/jpeg.js';
import { formatOf } from '../../../src/pictures/kind.js';
import type { Header } from '../../../src/pictures/picture.js';
import { readPng } from '../../../src/pictures/png.js';
import { checkBytes } from '../../../src/pictures/size.js';
import { readWebp } from '../../../src/pictures/webp.js';

/** Pictures on the pad have no more pixels than this along their longer side. */
const MOST_ACROSS = 1024;

/**
 * What a picture file says of itself, before anything is decoded: what the command line refuses is refused in its words.
 * @throws CifraError `picture-empty`, `picture-kind`, `picture-large`, `picture-truncated`, `picture-checksum`,
 * `picture-damaged`, `picture-unsupported`
 */
export function headerOf(bytes: Uint8Array, name: string): Header {
  checkBytes(bytes.length, name);
  switch (formatOf(bytes, name)) {
    case 'png':
      return readPng(bytes, name, crc32);
    case 'jpeg':
      return readJpeg(bytes, name);
    case 'webp':
      return readWebp(bytes, name);
  }
}

/** Columns and rows as they are stored, made small enough for the pad. */
export function fitted({ width, height }: Header): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, MOST_ACROSS / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * How Exif's orientation, 1 to 8, stands a picture of these stored columns and rows upright: the size that it has then,
 * and the canvas transform (a, b, c, d, e, f).
 */
export function upright(
  orientation: number,
  columns: number,
  rows: number,
): { readonly width: number; readonly height: number; readonly transform: DOMMatrix2DInit } {
  const matrices: readonly (readonly [a: number, b: number, c: number, d: number, e: number, f: number])[] = [
    [1, 0, 0, 1, 0, 0],
    [-1, 0, 0, 1, columns, 0],
    [-1, 0, 0, -1, columns, rows],
    [1, 0, 0, -1, 0, rows],
    [0, 1, 1, 0, 0, 0],
    [0, 1, -1, 0, rows, 0],
    [0, -1, -1, 0, rows, columns],
    [0, -1, 1, 0, 0, columns],
  ];
  const [a, b, c, d, e, f] = matrices[orientation - 1] ?? matrices[0]!;
  const [width, height] = orientation < 5 ? [columns, rows] : [rows, columns];
  return { width, height, transform: { a, b, c, d, e, f } };
}

/** The picture on the paper or the light that the library lays behind its transparent parts: strokes show there too. */
export function opaque({ width, height, data }: RgbaPicture): RgbaPicture {
  const back = backdrop({ width, height, data });
  const flat = new Uint8ClampedArray(data.length).fill(255);
  for (let i = 0; i < data.length; i += 4) {
    const cover = data[i + 3]! / 255;
    for (let c = 0; c < 3; c++) flat[i + c] = back[c]! + (data[i + c]! - back[c]!) * cover;
  }
  return { width, height, data: flat };
}
