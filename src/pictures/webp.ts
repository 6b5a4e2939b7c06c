import { concat, latin1, viewOf } from './bytes.js';
import { orientationOf } from './exif.js';
import { count, damaged, truncated } from './failure.js';
import type { Header } from './picture.js';
import { checkDensity, checkSize } from './size.js';

// https://developers.google.com/speed/webp/docs/riff_container

const RIFF_HEADER = 12;
const CHUNK_HEADER = 8;
/** Of VP8X's flags, those that say of parts that we keep: alpha and animation. */
const KEPT_FLAGS = 0x12;
const EXIF = 'Exif\0\0';

interface Chunk {
  readonly name: string;
  readonly content: Uint8Array;
  /** With name, length and padding. */
  readonly bytes: Uint8Array;
}

type Size = readonly [width: number, height: number];

/**
 * The header of a WebP file, after a walk through its chunks. Of an animated one the first frame is kept.
 * @throws CifraError `picture-damaged`, `picture-truncated`, `picture-large`
 */
export function readWebp(bytes: Uint8Array, file: string): Header {
  if (bytes.length < RIFF_HEADER + CHUNK_HEADER) throw truncated(file, `it has only ${count(bytes.length)} bytes`);
  const end = CHUNK_HEADER + viewOf(bytes).getUint32(4, true);
  if (end > bytes.length) {
    throw truncated(file, `its header says ${count(end)} bytes, and it has ${count(bytes.length)}`);
  }
  const essence: Uint8Array[] = [];
  let canvas: Size | undefined;
  let orientation = 1;
  let hasFrame = false;
  for (const { name, content, bytes: chunk } of chunksOf(bytes.subarray(0, end), RIFF_HEADER, file)) {
    if (name === 'VP8X') {
      if (essence.length > 0) throw damaged(file, 'its chunk VP8X is not the first one');
      canvas = sizeOfCanvas(content, file);
      checkSize(...canvas, file);
      const copy = chunk.slice();
      copy[CHUNK_HEADER]! &= KEPT_FLAGS;
      essence.push(copy);
    } else if (name === 'EXIF') {
      orientation = orientationOf(latin1(content.subarray(0, 6)) === EXIF ? content.subarray(6) : content);
    } else if (name === 'ALPH' || name === 'ANIM') {
      essence.push(chunk);
    } else if ((name === 'VP8 ' || name === 'VP8L' || name === 'ANMF') && !hasFrame) {
      hasFrame = true;
      const size = name === 'ANMF' ? sizeInFrame(content, canvas, file) : sizeOfBitstream(name, content, file);
      canvas ??= size;
      checkSize(...canvas, file);
      if (name !== 'ANMF' && (size[0] !== canvas[0] || size[1] !== canvas[1])) {
        throw damaged(file, `its header says ${canvas.join(' x ')} pixels, and its picture has ${size.join(' x ')}`);
      }
      essence.push(chunk);
    }
  }
  if (canvas === undefined || !hasFrame) throw damaged(file, 'it holds no picture');
  const [width, height] = canvas;
  checkDensity(width, height, bytes.length, file);
  return { format: 'webp', width, height, orientation, essence: riff(essence) };
}

function* chunksOf(bytes: Uint8Array, begin: number, file: string): Generator<Chunk, undefined> {
  const view = viewOf(bytes);
  for (let at = begin; at + CHUNK_HEADER <= bytes.length;) {
    const name = latin1(bytes.subarray(at, at + 4));
    if (!/^[\x20-\x7e]{4}$/.test(name)) throw damaged(file, `no chunk begins at byte ${count(at)}, where one must`);
    const length = view.getUint32(at + 4, true);
    const end = at + CHUNK_HEADER + length;
    if (end > bytes.length) {
      throw truncated(
        file,
        `its chunk ${name.trim()} has ${count(length)} bytes, and ${count(bytes.length - at - CHUNK_HEADER)} are left`,
      );
    }
    const next = end + (length % 2);
    yield { name, content: bytes.subarray(at + CHUNK_HEADER, end), bytes: bytes.subarray(at, next) };
    at = next;
  }
  return undefined;
}

function sizeOfCanvas(content: Uint8Array, file: string): Size {
  if (content.length < 10) throw damaged(file, `its chunk VP8X has ${content.length} bytes, and 10 were expected`);
  return [1 + uint24(content, 4), 1 + uint24(content, 7)];
}

/** The bitstream in a frame of an animation, which must lie on the canvas. */
function sizeInFrame(frame: Uint8Array, canvas: Size | undefined, file: string): Size {
  if (canvas === undefined) throw damaged(file, 'a frame of an animation comes before its header');
  if (frame.length < 16) throw damaged(file, `its first frame has ${frame.length} bytes`);
  const [left, top] = [2 * uint24(frame, 0), 2 * uint24(frame, 3)];
  const [width, height] = [1 + uint24(frame, 6), 1 + uint24(frame, 9)];
  if (left + width > canvas[0] || top + height > canvas[1]) {
    throw damaged(
      file,
      `its first frame, ${width} x ${height} pixels at ${left}, ${top}, is not within its ${canvas.join(' x ')}`,
    );
  }
  for (const { name, content } of chunksOf(frame, 16, file)) {
    if (name !== 'VP8 ' && name !== 'VP8L') continue;
    const size = sizeOfBitstream(name, content, file);
    if (size[0] === width && size[1] === height) return size;
    throw damaged(file, `its first frame says ${width} x ${height} pixels, and its picture has ${size.join(' x ')}`);
  }
  throw damaged(file, 'its first frame holds no picture');
}

function sizeOfBitstream(name: 'VP8 ' | 'VP8L', content: Uint8Array, file: string): Size {
  if (name === 'VP8L') {
    if (content.length < 5 || content[0] !== 0x2f)
      throw damaged(file, 'its picture does not begin as lossless WebP does');
    const bits = viewOf(content).getUint32(1, true);
    return [1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)];
  }
  const isKey = content.length >= 10 && (content[0]! & 1) === 0;
  if (!isKey || latin1(content.subarray(3, 6)) !== '\x9d\x01\x2a') {
    throw damaged(file, 'its picture does not begin as lossy WebP does');
  }
  const view = viewOf(content);
  return [view.getUint16(6, true) & 0x3fff, view.getUint16(8, true) & 0x3fff];
}

function uint24(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
}

function riff(chunks: readonly Uint8Array[]): Uint8Array {
  const header = new TextEncoder().encode('RIFF    WEBP');
  const result = concat([header, ...chunks]);
  viewOf(result).setUint32(4, result.length - CHUNK_HEADER, true);
  return result;
}
