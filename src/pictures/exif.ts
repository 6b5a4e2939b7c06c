import { latin1, viewOf } from './bytes.js';

const ORIENTATION = 0x0112;
const SHORT = 3;

/**
 * The orientation that Exif data (a TIFF header and its first directory) give, 1 to 8: 1, upright, where they give none.
 * Damage is no error: what matters of them is in the pixels too.
 */
export function orientationOf(exif: Uint8Array): number {
  if (exif.length < 14) return 1;
  const order = latin1(exif.subarray(0, 4));
  const little = order === 'II*\0';
  if (!little && order !== 'MM\0*') return 1;
  const view = viewOf(exif);
  const directory = view.getUint32(4, little);
  if (directory + 2 > exif.length) return 1;
  const entries = view.getUint16(directory, little);
  for (let at = directory + 2, entry = 0; entry < entries && at + 12 <= exif.length; entry++, at += 12) {
    if (view.getUint16(at, little) !== ORIENTATION) continue;
    const value = view.getUint16(at + 8, little);
    return view.getUint16(at + 2, little) === SHORT && value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}
