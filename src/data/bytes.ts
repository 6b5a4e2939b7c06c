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
