import { CifraError } from '../numeric/errors.js';

/** Bytes that are not shared between threads, as the platform's streams and WebCrypto want them. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** `bytes` unshared: the same memory where it is not shared, a copy where it is. */
export function unshared(bytes: Uint8Array): Bytes {
  return bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}

/** A view for reading numbers out of `bytes`. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** `47,040,016`: how messages print a count. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/**
 * The SHA-256 of `bytes` as 64 hexadecimal digits, by WebCrypto.
 * @throws CifraError `no-webcrypto` on a page that is served neither by https nor from localhost.
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  // WebCrypto's type promises `subtle`, but insecure pages do not have it.
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  if (subtle === undefined) {
    throw new CifraError(
      'no-webcrypto',
      'This page has no WebCrypto, so the data cannot be checked.',
      'Serve the page over https or from localhost.',
    );
  }
  const digest = new Uint8Array(await subtle.digest('SHA-256', unshared(bytes)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
