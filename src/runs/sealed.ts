import { sha256 } from '../files/sha256.js';
import { encodeSafetensors, type Safetensors } from './safetensors.js';

/**
 * Safetensors with a SHA-256 of the whole file in their metadata, computed with zeros in its own place, so that a
 * flipped bit anywhere is found.
 */
const KEY = 'sha256';
/** Stands for the checksum while it is computed. */
const NO_CHECKSUM = '0'.repeat(64);
const ENTRY = new RegExp(`"${KEY}":"([0-9a-f]{64})"`, 'g');
const LENGTH_BYTES = 8;
/** That of the format, in bytes: what is longer is no header, and may be too long for a text. */
const LARGEST_HEADER = 100_000_000n;

/** @throws CifraError what `encodeSafetensors` throws */
export async function encodeSealed({ tensors, metadata }: Safetensors): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = encodeSafetensors({ tensors, metadata: new Map([...metadata, [KEY, NO_CHECKSUM]]) });
  bytes.set(new TextEncoder().encode(await sha256(bytes)), placeOf(bytes)!.at);
  return bytes;
}

/** What is wrong with the seal of a file; undefined if it is whole. */
export async function sealProblem(bytes: Uint8Array): Promise<string | undefined> {
  const place = placeOf(bytes);
  if (!place) return 'it is cut short, or another kind of file: no checksum is found';
  const copy = new Uint8Array(bytes);
  copy.set(new TextEncoder().encode(NO_CHECKSUM), place.at);
  return (await sha256(copy)) === place.checksum ? undefined : 'its contents do not match its checksum (SHA-256)';
}

/** The checksum in the header, and where it stands in the file. */
function placeOf(bytes: Uint8Array): { readonly at: number; readonly checksum: string } | undefined {
  if (bytes.length < LENGTH_BYTES) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > LARGEST_HEADER || length > BigInt(bytes.length - LENGTH_BYTES)) return undefined;
  // One character a byte, so that places in the text are places in the file. Texts before it may hold anything, but a
  // quote within them is written with a backslash.
  const text = new TextDecoder('latin1').decode(bytes.slice(LENGTH_BYTES, LENGTH_BYTES + Number(length)));
  let match: RegExpExecArray | undefined;
  for (const next of text.matchAll(ENTRY)) match = next;
  return match && { at: LENGTH_BYTES + match.index + `"${KEY}":"`.length, checksum: match[1]! };
}
