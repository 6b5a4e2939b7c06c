import { CifraError } from '../numeric/errors.js';
import { type Bytes, formatCount, printable, viewOf } from './bytes.js';
import { crc32 } from './crc32.js';
import { damaged, inflate } from './inflate.js';

const END = 0x06054b50;
const END_BYTES = 22;
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const LARGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED_FLAG = 1;

/** One file of a zip archive, as its central directory describes it. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Where its local header begins in the archive. */
  readonly offset: number;
}

/**
 * The central directory of a zip archive (APPNOTE 4.3.12), by name. Names are looked up, never used as paths. `file` is
 * what messages call the archive.
 * @throws CifraError `data-damaged` for what is not a zip archive, is cut short, lies about its own layout, or holds two
 *   files of one name; `zip-unsupported` for archives of several disks or beyond 4 GB.
 */
export function zipEntries(bytes: Uint8Array, file: string): Map<string, ZipEntry> {
  const view = viewOf(bytes);
  const end = findEnd(view, file);
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff) throw unsupported(file, 'is a zip64 archive');
  if (view.getUint16(end + 8, true) !== count) throw unsupported(file, 'is one of several parts');
  const directoryEnd = at + size;
  if (directoryEnd > end) throw damaged(file, 'its directory lies outside it');

  const entries = new Map<string, ZipEntry>();
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_BYTES > directoryEnd || view.getUint32(at, true) !== CENTRAL) {
      throw damaged(file, 'its directory is broken');
    }
    const nameBegin = at + CENTRAL_BYTES;
    const nameEnd = nameBegin + view.getUint16(at + 28, true);
    const next = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > directoryEnd) throw damaged(file, 'its directory is broken');
    const name = new TextDecoder().decode(bytes.slice(nameBegin, nameEnd));
    if (entries.has(name)) throw damaged(file, `it holds two files named ${printable(JSON.stringify(name))}`);
    entries.set(name, {
      name,
      encrypted: (view.getUint16(at + 8, true) & ENCRYPTED_FLAG) !== 0,
      method: view.getUint16(at + 10, true),
      crc32: view.getUint32(at + 16, true),
      compressedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at = next;
  }
  return entries;
}

/**
 * The contents of one file of the archive, its size and CRC-32 checked. At most `maxBytes` are allocated.
 * @throws CifraError `data-damaged`, `data-too-large`, or `zip-unsupported` for a password or a compression other than
 *   deflate.
 */
export async function readZipEntry(bytes: Uint8Array, entry: ZipEntry, maxBytes: number, file: string): Promise<Bytes> {
  const member = `${entry.name} in ${file}`;
  if (entry.encrypted) throw unsupported(member, 'has a password');
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    throw unsupported(member, `is compressed by method ${entry.method}`);
  }
  if (entry.size > maxBytes) {
    throw new CifraError(
      'data-too-large',
      `${member} says it holds ${formatCount(entry.size)} bytes, and at most ${formatCount(maxBytes)} are expected.`,
      'Check that it is the right archive.',
    );
  }
  const view = viewOf(bytes);
  if (entry.offset + LOCAL_BYTES > bytes.length || view.getUint32(entry.offset, true) !== LOCAL) {
    throw damaged(member, 'the directory points at something that is not its header');
  }
  const lengths = view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true);
  const begin = entry.offset + LOCAL_BYTES + lengths;
  const end = begin + entry.compressedSize;
  if (end > bytes.length) throw damaged(member, 'its data lie outside the archive');
  if (entry.method === STORED && entry.size !== entry.compressedSize) {
    throw damaged(member, 'it is stored as it is, and yet has two sizes');
  }
  const data = bytes.subarray(begin, end);
  const contents =
    entry.method === STORED ? new Uint8Array(data) : await inflate('deflate-raw', data, entry.size, member);
  if (crc32(contents) !== entry.crc32) throw damaged(member, 'its checksum (CRC-32) does not match its contents');
  return contents;
}

/** Where the end record begins: it is last, followed only by a comment of the length that it gives. */
function findEnd(view: DataView, file: string): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= 0 && at >= last - LARGEST_COMMENT; at--) {
    if (view.getUint32(at, true) === END && view.getUint16(at + 20, true) === last - at) return at;
  }
  throw damaged(file, 'it is not a zip archive, or is cut short');
}

function unsupported(what: string, why: string): CifraError {
  return new CifraError(
    'zip-unsupported',
    `${what} ${why}, which is not supported.`,
    "Give the archive as Keras serves it, or numpy's savez writes it.",
  );
}
