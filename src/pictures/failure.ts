import { CifraError } from '../numeric/errors.js';

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

/** `47,040,016` */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
