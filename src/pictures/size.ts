import { CifraError } from '../numeric/errors.js';
import { count, damaged } from './failure.js';
import { pictureLimits } from './picture.js';

/** Above this many pixels, a byte of the file may hold `MOST_PIXELS_A_BYTE`: photos hold fewer than 100. */
const LARGE = 25_000_000;
const MOST_PIXELS_A_BYTE = 1000;

/** @throws CifraError `picture-large` */
export function checkBytes(bytes: number, file: string): void {
  if (bytes <= pictureLimits.bytes) return;
  throw large(file, `it has ${count(bytes)} bytes, and the limit is ${count(pictureLimits.bytes)}`);
}

/** @throws CifraError `picture-damaged` if there are no pixels, `picture-large` if there are more than the limit. */
export function checkSize(width: number, height: number, file: string): void {
  const size = `its header says ${width} x ${height} pixels`;
  if (width < 1 || height < 1) throw damaged(file, size);
  if (width * height > pictureLimits.pixels) {
    throw large(file, `${size}, and the limit is ${count(pictureLimits.pixels)} in all`);
  }
}

/**
 * Refuses a few bytes that claim to be a huge picture: sound or not, such a file is made to fill memory.
 * @throws CifraError `picture-large`
 */
export function checkDensity(width: number, height: number, bytes: number, file: string): void {
  if (width * height <= Math.max(LARGE, bytes * MOST_PIXELS_A_BYTE)) return;
  throw large(file, `its header says ${width} x ${height} pixels, which is no picture in only ${count(bytes)} bytes`);
}

function large(file: string, what: string): CifraError {
  return new CifraError('picture-large', `${file} is too large: ${what}.`, 'Make it smaller in a picture editor.');
}
