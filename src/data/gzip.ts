import { CifraError } from '../numeric/errors.js';
import { type Bytes, formatCount, viewOf } from './bytes.js';
import { crc32 } from './crc32.js';
import { damaged, inflate } from './inflate.js';

/** The shortest header, an empty deflate stream, CRC-32 and length. */
const LEAST_BYTES = 20;

/** Whether `bytes` begin as a gzip file does, with 1f 8b. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The contents of a gzip file of one member (RFC 1952), its CRC-32 and length checked. Nothing beyond `maxBytes` is
 * allocated, whatever the file claims or holds. `file` is what messages call it.
 * @throws CifraError `data-damaged` for a file that is broken, cut short or followed by other bytes, `data-too-large`
 *   for one whose contents would be more than `maxBytes`.
 */
export async function gunzip(bytes: Uint8Array, maxBytes: number, file: string): Promise<Bytes> {
  if (!isGzip(bytes)) throw damaged(file, 'it does not begin with 1f 8b as a gzip file does');
  if (bytes.length < LEAST_BYTES) throw damaged(file, `it has only ${bytes.length} bytes`);
  const view = viewOf(bytes);
  const checksum = view.getUint32(bytes.length - 8, true);
  const size = view.getUint32(bytes.length - 4, true);
  if (size > maxBytes) {
    throw new CifraError(
      'data-too-large',
      `${file} says it holds ${formatCount(size)} bytes, and at most ${formatCount(maxBytes)} are expected.`,
      'Check that it is the right file, whole and with nothing after its end.',
    );
  }
  const contents = await inflate('gzip', bytes, size, file);
  // Some platforms ignore bytes after the end; then these are not the checksum.
  if (crc32(contents) !== checksum) {
    throw damaged(file, 'other bytes follow its end');
  }
  return contents;
}
