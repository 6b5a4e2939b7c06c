import { crc32 } from '../data/crc32.js';
import type { Rgb } from '../inspect/index.js';
import { base64 } from './base64.js';

/** Pictures as PNG files (ISO/IEC 15948); small ones in data URLs, for a page that loads nothing. */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const GREY = 0;
const RGB = 2;
const PALETTE = 3;
/** Filters of a line's bytes: none, which is best for palettes and drawings, and the difference from the pixel before. */
const NONE = 0;
const SUB = 1;

/** A byte a pixel, row by row: 0 black to 255 white. */
export function greyPng(pixels: Uint8Array, width: number, height: number): Promise<string> {
  return urlOf(GREY, linesOf(pixels, width, height), width, height);
}

/** A byte a pixel, row by row: which of at most 256 colours it has. */
export function palettePng(
  pixels: Uint8Array,
  width: number,
  height: number,
  palette: readonly Rgb[],
): Promise<string> {
  const colours = chunk('PLTE', Uint8Array.from(palette.flat()));
  return urlOf(PALETTE, linesOf(pixels, width, height), width, height, colours);
}

/** Four bytes a pixel, of which the fourth is left out, as the bytes of an opaque PNG file. */
export function rgbPng(pixels: ArrayLike<number>, width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  const lines = new Uint8Array((3 * width + 1) * height);
  for (let y = 0, to = 0, from = 0; y < height; y++) {
    lines[to++] = SUB;
    for (let x = 0; x < width; x++, from += 4) {
      for (let c = 0; c < 3; c++) lines[to++] = pixels[from + c]! - (x === 0 ? 0 : pixels[from + c - 4]!);
    }
  }
  return fileOf(RGB, lines, width, height);
}

/** A byte a pixel, each line after the number of its filter. */
function linesOf(pixels: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer> {
  const lines = new Uint8Array((width + 1) * height).fill(NONE);
  for (let y = 0; y < height; y++) lines.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return lines;
}

async function urlOf(...picture: Parameters<typeof fileOf>): Promise<string> {
  return `data:image/png;base64,${base64(await fileOf(...picture))}`;
}

async function fileOf(
  colourType: number,
  lines: Uint8Array<ArrayBuffer>,
  width: number,
  height: number,
  ...before: readonly Uint8Array[]
): Promise<Uint8Array<ArrayBuffer>> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, colourType], 8);
  return joined([
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header),
    ...before,
    chunk('IDAT', await deflated(lines)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)));
  return bytes;
}

async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
