import { CifraError } from '../numeric/errors.js';
import { concat, latin1, viewOf } from './bytes.js';
import { orientationOf } from './exif.js';
import { count, damaged, truncated, unsupported } from './failure.js';
import type { Header } from './picture.js';
import { checkDensity, checkSize } from './size.js';

// https://www.w3.org/TR/png-3/

const SIGNATURE = 8;
/** Length, name and checksum. */
const AROUND = 12;
/** What the pixels need. */
const needed = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
/** Colour types, with samples a pixel and the bits that a sample may have. */
const colours: Readonly<Record<number, readonly [samples: number, bits: readonly number[]]>> = {
  0: [1, [1, 2, 4, 8, 16]],
  2: [3, [8, 16]],
  3: [1, [1, 2, 4, 8]],
  4: [2, [8, 16]],
  6: [4, [8, 16]],
};
/** Adam7: first column and row, and the steps. The first line is for pictures that are not interlaced. */
const whole = [[0, 0, 1, 1]] as const;
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
/** A byte of deflate gives at most this many. */
const MOST_INFLATED = 1032;

interface Chunk {
  readonly name: string;
  readonly content: Uint8Array;
  readonly bytes: Uint8Array;
}

/**
 * The header of a PNG file, after a walk through all its chunks.
 * @throws CifraError `picture-damaged`, `picture-checksum`, `picture-truncated`, `picture-large`, `picture-unsupported`
 */
export function readPng(bytes: Uint8Array, file: string, crc32: (bytes: Uint8Array) => number): Header {
  const chunks = chunksOf(bytes, file, crc32);
  const { value: first } = chunks.next();
  if (first?.name !== 'IHDR') throw damaged(file, 'its first chunk is not its header, IHDR');
  const { width, height, inflated } = sizeOf(first.content, file);
  checkSize(width, height, file);
  checkDensity(width, height, bytes.length, file);

  const essence = [bytes.subarray(0, SIGNATURE), first.bytes];
  let data = 0;
  let orientation = 1;
  for (const { name, content, bytes: chunk } of chunks) {
    if (name === 'IHDR') throw damaged(file, 'it has two headers');
    if (name === 'IDAT') data += content.length;
    if (name === 'eXIf') orientation = orientationOf(content);
    if (needed.has(name)) essence.push(chunk);
    else if (/^[A-Z]/.test(name)) throw unsupported(file, `it needs what its chunk ${name} says`);
  }
  if (data * MOST_INFLATED < inflated) {
    const much = `${count(data)} bytes of compressed pixels`;
    throw damaged(file, `its header says ${width} x ${height} pixels, and its ${much} cannot hold as many`);
  }
  return { format: 'png', width, height, orientation, essence: concat(essence) };
}

/** The chunks up to IEND, which every PNG file ends with; what comes after is ignored. */
function* chunksOf(bytes: Uint8Array, file: string, crc32: (bytes: Uint8Array) => number): Generator<Chunk, undefined> {
  const view = viewOf(bytes);
  for (let at = SIGNATURE; ;) {
    if (at + AROUND > bytes.length)
      throw truncated(file, `it ends after ${count(bytes.length)} bytes, before its end chunk`);
    const name = latin1(bytes.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(name)) throw damaged(file, `no chunk begins at byte ${count(at)}, where one must`);
    const length = view.getUint32(at);
    const end = at + AROUND + length;
    if (end > bytes.length) {
      const has = `the file has ${count(bytes.length)}`;
      throw truncated(file, `its chunk ${name} at byte ${count(at)} goes on to byte ${count(end)}, and ${has}`);
    }
    const stored = view.getUint32(end - 4);
    const computed = crc32(bytes.subarray(at + 4, end - 4));
    if (stored !== computed) {
      throw new CifraError(
        'picture-checksum',
        `${file} is damaged: the checksum (CRC) of its chunk ${name} at byte ${count(at)} is ${hex(stored)}, and its content gives ${hex(computed)}.`,
        'Copy or download the file again.',
      );
    }
    yield { name, content: bytes.subarray(at + 8, end - 4), bytes: bytes.subarray(at, end) };
    if (name === 'IEND') return undefined;
    at = end;
  }
}

/** Columns, rows, and the bytes of all rows with their filters. */
function sizeOf(header: Uint8Array, file: string): { width: number; height: number; inflated: number } {
  if (header.length !== 13) throw damaged(file, `its header has ${count(header.length)} bytes, and 13 were expected`);
  const view = viewOf(header);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [bits = 0, colour = 0, compression, filter, interlace] = header.subarray(8);
  const [samples, allowed] = colours[colour] ?? [0, []];
  if (!allowed.includes(bits)) throw damaged(file, `its header says colour type ${colour} with ${bits} bits a sample`);
  if (compression !== 0 || filter !== 0 || interlace! > 1) {
    throw damaged(file, `its header says compression ${compression}, filter ${filter} and interlacing ${interlace}`);
  }
  let inflated = 0;
  for (const [left, top, across, down] of interlace === 1 ? adam7 : whole) {
    const columns = Math.ceil((width - left) / across);
    const rows = Math.ceil((height - top) / down);
    if (columns > 0 && rows > 0) inflated += rows * (1 + Math.ceil((columns * samples * bits) / 8));
  }
  return { width, height, inflated };
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
