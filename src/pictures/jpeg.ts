import { concat, latin1, viewOf } from './bytes.js';
import { orientationOf } from './exif.js';
import { count, damaged, truncated, unsupported } from './failure.js';
import type { Header } from './picture.js';
import { checkDensity, checkSize } from './size.js';

// https://www.w3.org/Graphics/JPEG/itu-t81.pdf

const START = 0xd8;
const END = 0xd9;
const SCAN = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP14 = 0xee;
/** Huffman tables, arithmetic conditioning; the others from 0xc0 to 0xcf begin frames. */
const notFrames = new Set([0xc4, 0xc8, 0xcc]);
/** Baseline, extended and progressive frames. */
const readable = new Set([0xc0, 0xc1, 0xc2]);
const TABLES = new Set([0xc4, 0xdb, 0xdd]);
const EXIF = 'Exif\0\0';
/** A scan goes over the whole picture, however few bytes it has: pixels times scans are bounded. */
const MOST_WORK = 2 ** 31;

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** 8 x 8 values each, of all components. */
  readonly blocks: number;
}

/**
 * The header of a JPEG file, after a walk through all its segments and scans.
 * @throws CifraError `picture-damaged`, `picture-truncated`, `picture-large`, `picture-unsupported`
 */
export function readJpeg(bytes: Uint8Array, file: string): Header {
  const essence = [bytes.subarray(0, 2)];
  let frame: Frame | undefined;
  let orientation = 1;
  let scans = 0;
  let data = 0;
  for (let at = 2; ;) {
    const marker = bytes[at + 1];
    if (marker === undefined)
      throw truncated(file, `it ends after ${count(bytes.length)} bytes, before its end marker`);
    if (bytes[at] !== 0xff) throw damaged(file, `no marker is at byte ${count(at)}, where one must be`);
    if (marker === 0xff) {
      at++; // A marker may begin with any number of these.
      continue;
    }
    if (marker === END) {
      if (frame === undefined || scans === 0) throw damaged(file, 'it has no picture between its header and its end');
      essence.push(bytes.subarray(at, at + 2));
      break;
    }
    if (!hasSegment(marker))
      throw damaged(file, `its marker ${hex(marker)} at byte ${count(at)} does not belong there`);
    const segment = segmentAt(bytes, at, file);
    const content = segment.subarray(4);
    at += segment.length;
    if (isFrame(marker)) {
      if (frame !== undefined) throw damaged(file, 'it has two frame headers');
      frame = frameOf(marker, content, file);
      checkSize(frame.width, frame.height, file);
      checkDensity(frame.width, frame.height, bytes.length, file);
    }
    if (marker === APP1 && latin1(content.subarray(0, EXIF.length)) === EXIF) {
      orientation = orientationOf(content.subarray(EXIF.length));
    }
    if (isFrame(marker) || TABLES.has(marker) || marker === APP0 || marker === APP14) essence.push(segment);
    if (marker !== SCAN) continue;

    if (frame === undefined) throw damaged(file, 'a scan comes before its frame header');
    if (++scans * frame.width * frame.height > MOST_WORK) {
      throw unsupported(file, `it has more than ${count(scans - 1)} scans of ${frame.width} x ${frame.height} pixels`);
    }
    const end = endOfScan(bytes, at);
    essence.push(segment, bytes.subarray(at, end));
    data += end - at;
    at = end;
  }
  const { width, height, components, blocks } = frame;
  if (8 * data < blocks) {
    const much = `${count(data)} bytes of compressed pixels`;
    throw damaged(file, `its header says ${width} x ${height} pixels, and its ${much} cannot hold as many`);
  }
  return { format: 'jpeg', width, height, orientation, inks: components === 4, essence: concat(essence) };
}

function hasSegment(marker: number): boolean {
  return marker >= 0xc0 && !(marker >= 0xd0 && marker <= START);
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker < 0xd0 && !notFrames.has(marker);
}

/** Marker, length and content. */
function segmentAt(bytes: Uint8Array, at: number, file: string): Uint8Array {
  const length = at + 4 <= bytes.length ? viewOf(bytes).getUint16(at + 2) : 2;
  const end = at + 2 + length;
  if (length < 2) throw damaged(file, `its segment at byte ${count(at)} says that it has ${length} bytes`);
  if (at + 4 > bytes.length || end > bytes.length) {
    throw truncated(
      file,
      `its segment at byte ${count(at)} goes on beyond the ${count(bytes.length)} bytes of the file`,
    );
  }
  return bytes.subarray(at, end);
}

function frameOf(marker: number, content: Uint8Array, file: string): Frame {
  const components = content[5] ?? 0;
  if (content.length < 6 || content.length !== 6 + 3 * components)
    throw damaged(file, 'its frame header has a wrong length');
  if (!readable.has(marker)) throw unsupported(file, `it is ${describe(marker)} JPEG`);
  if (content[0] !== 8) throw unsupported(file, `it has ${content[0]} bits a sample`);
  if (![1, 3, 4].includes(components)) throw unsupported(file, `it has ${components} components`);
  const view = viewOf(content);
  const [height, width] = [view.getUint16(1), view.getUint16(3)];
  if (height === 0) throw unsupported(file, 'its header leaves the number of rows open');
  if (width === 0) throw damaged(file, 'its header says 0 columns');
  return { width, height, components, blocks: blocksOf(width, height, content.subarray(6), file) };
}

/** At least this many blocks, each of which takes at least a bit. */
function blocksOf(width: number, height: number, components: Uint8Array, file: string): number {
  const sampling: [across: number, down: number][] = [];
  for (let i = 1; i < components.length; i += 3) sampling.push([components[i]! >> 4, components[i]! & 15]);
  if (sampling.flat().some((times) => times < 1 || times > 4))
    throw damaged(file, 'its header says an impossible sampling');
  const most = [0, 1].map((axis) => Math.max(...sampling.map((times) => times[axis]!)));
  const share = sampling.reduce((sum, [across, down]) => sum + (across / most[0]!) * (down / most[1]!), 0);
  return Math.floor((share * width * height) / 64);
}

/** The compressed data of a scan goes on to the next marker that is neither a stuffed 255 nor a restart. */
function endOfScan(bytes: Uint8Array, begin: number): number {
  for (let at = bytes.indexOf(0xff, begin); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const marker = bytes[at + 1];
    if (marker === undefined) break;
    if (marker !== 0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xd7)) return at;
  }
  return bytes.length;
}

function describe(marker: number): string {
  if (marker === 0xc3) return 'lossless';
  return marker > 0xc8 ? 'arithmetically coded' : 'hierarchical';
}

function hex(value: number): string {
  return `ff${value.toString(16).padStart(2, '0')}`;
}
