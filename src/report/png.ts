import { crc32 } from '../data/crc32.js';
import type { Rgb } from '../inspect/index.js';
import { base64 } from './base64.js';

/** Small pictures as PNG files (ISO/IEC 15948) in data URLs, for a page that loads nothing. */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const GREY = 0;
const PALETTE = 3;

/** A byte a pixel, row by row: 0 black to 255 white. */
export function greyPng(pixels: Uint8Array, width: number, height: number): Promise<string> {
  return pngUrl(GREY, pixels, width, height, []);
}

/** A byte a pixel, row by row: which of at most 256 colours it has. */
export function palettePng(
  pixels: Uint8Array,
  width: number,
  height: number,
  palette: readonly Rgb[],
): Promise<string> {
  return pngUrl(PALETTE, pixels, width, height, [chunk('PLTE', Uint8Array.from(palette.flat()))]);
}

async function pngUrl(
  colourType: number,
  pixels: Uint8Array,
  width: number,
  height: number,
  before: readonly Uint8Array[],
): Promise<string> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, colourType], 8);
  // Each line begins with the number of its filter: none, which is best for palettes and drawings.
  const lines = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++) lines.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const data = await deflated(lines);
  const parts = [
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header),
    ...before,
    chunk('IDAT', data),
    chunk('IEND', new Uint8Array(0)),
  ];
  return `data:image/png;base64,${base64(joined(parts))}`;
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

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
