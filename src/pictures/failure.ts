import { CifraError } from '../numeric/errors.js';
import { pictureLimits } from './picture.js';

/** The errors of this room; `what` continues "FILE is …" or the like and has no full stop. */

export function damaged(file: string, what: string, cause?: unknown): CifraError {
  return new CifraError(
    'picture-damaged',
    `${file} is damaged: ${what}.`,
    'Get the picture again, or open it in a picture editor and save it as PNG.',
    { cause },
  );
}

export function truncated(file: string, what: string): CifraError {
  return new CifraError(
    'picture-truncated',
    `${file} is cut short: ${what}.`,
    'Copy or download the whole file again.',
  );
}

export function unsupported(file: string, what: string): CifraError {
  return new CifraError(
    'picture-unsupported',
    `${file} is of a kind that Cifra does not read: ${what}.`,
    'Open it in a picture editor and save it as PNG.',
  );
}

/** @throws CifraError `picture-damaged` if there are no pixels, `picture-large` if there are more than the limit. */
export function checkSize(width: number, height: number, file: string): void {
  if (width < 1 || height < 1) throw damaged(file, `its header says ${width} x ${height} pixels`);
  if (width * height <= pictureLimits.pixels) return;
  throw new CifraError(
    'picture-large',
    `${file} is too large: its header says ${width} x ${height} pixels, and the limit is ${count(pictureLimits.pixels)} in all.`,
    'Make it smaller in a picture editor.',
  );
}

/** `47,040,016` */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
