import { CifraError } from '../numeric/errors.js';

/**
 * The SHA-256 of `bytes` as 64 hexadecimal digits, by WebCrypto.
 * @throws CifraError `no-webcrypto` on a page that is served neither by https nor from localhost.
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // WebCrypto's type promises `subtle`, but insecure pages do not have it.
  const subtle: SubtleCrypto | undefined = globalThis.crypto.subtle;
  if (subtle === undefined) {
    throw new CifraError(
      'no-webcrypto',
      'This page has no WebCrypto, so no SHA-256 can be computed.',
      'Serve the page over https or from localhost.',
    );
  }
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
