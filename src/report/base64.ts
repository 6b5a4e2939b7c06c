/** Bytes as base64 (RFC 4648). */
export function base64(bytes: Uint8Array): string {
  let text = '';
  // Arguments of one call are limited.
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}
