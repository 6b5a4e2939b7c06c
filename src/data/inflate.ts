import { CifraError } from '../numeric/errors.js';
import { type Bytes, formatCount, unshared } from './bytes.js';

/**
 * Decompresses a stream, `gzip` (RFC 1952) or `deflate-raw` (RFC 1951), that must hold exactly `size` bytes, which is
 * also all that is allocated: a stream that goes on beyond them is abandoned. `file` is what messages call it.
 * @throws CifraError `data-damaged` if the stream is broken, cut short, or holds more or fewer bytes.
 */
export async function inflate(
  format: 'gzip' | 'deflate-raw',
  compressed: Uint8Array,
  size: number,
  file: string,
): Promise<Bytes> {
  const stream = new DecompressionStream(format);
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  const out = new Uint8Array(size);
  let filled = 0;
  try {
    const written = writer.write(unshared(compressed)).then(() => writer.close());
    // The reader meets the same failure first; this only keeps the writer's from counting as unhandled.
    written.catch(() => undefined);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      if (filled + value.length > size) {
        throw damaged(file, `it holds more than the ${formatCount(size)} bytes it should`);
      }
      out.set(value, filled);
      filled += value.length;
    }
    await written;
  } catch (error) {
    reader.cancel().catch(() => undefined);
    writer.abort().catch(() => undefined);
    if (error instanceof CifraError) throw error;
    const { message } = error as Error;
    throw damaged(file, `its compressed data are broken or cut short (${message})`, { cause: error });
  }
  if (filled < size) {
    throw damaged(file, `it holds ${formatCount(filled)} bytes, not the ${formatCount(size)} it should`);
  }
  return out;
}

/** The error for contents that cannot be what was once written. */
export function damaged(file: string, what: string, options?: ErrorOptions): CifraError {
  return new CifraError(
    'data-damaged',
    `${file} is damaged: ${what}.`,
    'Get the file again, or remove it and let it be downloaded.',
    options,
  );
}
