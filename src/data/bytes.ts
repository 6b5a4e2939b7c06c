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

/** A name or a dtype out of a file as messages show it: cut where it is long, and with nothing that a terminal obeys. */
export function printable(text: string): string {
  const plain = text.slice(0, 80).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
  return text.length > 80 ? `${plain.slice(0, -1)}…` : plain;
}
