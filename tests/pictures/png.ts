import { crc32, deflateSync } from 'node:zlib';
import { joined } from '../faults/mutations/bytes.js';

/** PNG files of every kind, written plainly: https://www.w3.org/TR/png-3/ */

export interface PngPicture {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly colour: number;
  readonly interlaced?: boolean;
  readonly palette?: readonly (readonly number[])[];
  readonly transparent?: readonly number[];
  /** The samples of a pixel, 0 to 2^bits - 1. */
  readonly samples: (x: number, y: number) => readonly number[];
  /** Chunks between header and pixels. */
  readonly more?: readonly Uint8Array[];
}

export const SIGNATURE = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
export const end = chunk('IEND', new Uint8Array());
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export function pngFile(picture: PngPicture): Uint8Array {
  const { width, height, bits, colour, interlaced = false, palette, transparent, more = [] } = picture;
  const parts = [SIGNATURE, pngHeader(width, height, bits, colour, interlaced ? 1 : 0), ...more];
  if (palette !== undefined) parts.push(chunk('PLTE', new Uint8Array(palette.flat())));
  if (transparent !== undefined) {
    parts.push(
      chunk('tRNS', new Uint8Array(colour === 3 ? transparent : transparent.flatMap((v) => [v >> 8, v & 255]))),
    );
  }
  const rows = interlaced
    ? passes.flatMap(([left, top, across, down]) => rowsOf(picture, left, top, across, down))
    : rowsOf(picture, 0, 0, 1, 1);
  return joined(...parts, chunk('IDAT', deflateSync(joined(...rows))), end);
}

export function pngHeader(width: number, height: number, bits: number, colour: number, interlacing = 0): Uint8Array {
  const content = new Uint8Array(13);
  const view = new DataView(content.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  content.set([bits, colour, 0, 0, interlacing], 8);
  return chunk('IHDR', content);
}

export function chunk(name: string, content: Uint8Array): Uint8Array {
  const result = joined(new Uint8Array(4), new TextEncoder().encode(name), content, new Uint8Array(4));
  const view = new DataView(result.buffer);
  view.setUint32(0, content.length);
  view.setUint32(result.length - 4, crc32(result.subarray(4, -4)));
  return result;
}

/** With all five filters in turn; of the predictions, those that need other rows are of what came before in this pass. */
function rowsOf(picture: PngPicture, left: number, top: number, across: number, down: number): Uint8Array[] {
  const { width, height, bits, samples } = picture;
  const result: Uint8Array[] = [];
  const columns = Math.ceil((width - left) / across);
  if (columns <= 0) return result;
  let above: Uint8Array | undefined;
  for (let y = top; y < height; y += down) {
    const values = Array.from({ length: columns }, (_, i) => samples(left + i * across, y));
    const row = packed(values.flat(), bits);
    const step = Math.max(1, (values[0]!.length * bits) >> 3);
    result.push(filtered(row, above ?? new Uint8Array(row.length), step, ((y / down) % 5) | 0));
    above = row;
  }
  return result;
}

function packed(values: readonly number[], bits: number): Uint8Array {
  const row = new Uint8Array(Math.ceil((values.length * bits) / 8));
  values.forEach((value, i) => {
    if (bits === 16) row.set([value >> 8, value & 255], 2 * i);
    else row[(i * bits) >> 3]! |= value << (8 - bits - ((i * bits) & 7));
  });
  return row;
}

function filtered(row: Uint8Array, above: Uint8Array, step: number, filter: number): Uint8Array {
  const result = new Uint8Array(1 + row.length);
  result[0] = filter;
  for (let i = 0; i < row.length; i++) {
    const [a, b, c] = i < step ? [0, above[i]!, 0] : [row[i - step]!, above[i]!, above[i - step]!];
    const p = a + b - c;
    const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
    const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    result[1 + i] = row[i]! - [0, a, b, (a + b) >> 1, paeth][filter]!;
  }
  return result;
}
