import { CifraError } from '../numeric/errors.js';
import { latin1 } from './bytes.js';
import type { PictureFormat } from './picture.js';

const LOOK = 4096;

/** How files begin, as latin-1 text; a question mark is any byte. */
const formats: readonly (readonly [PictureFormat, string])[] = [
  ['png', '\x89PNG\r\n\x1a\n'],
  ['jpeg', '\xff\xd8\xff'],
  ['webp', 'RIFF????WEBP'],
];

const others: readonly (readonly [kind: string, ...beginnings: readonly string[]])[] = [
  ['a GIF picture', 'GIF87a', 'GIF89a'],
  ['a BMP picture', 'BM????\0\0\0\0'],
  ['a TIFF picture', 'II*\0', 'MM\0*', 'II+\0', 'MM\0+'],
  ['an AVIF picture', '????ftypavif', '????ftypavis'],
  ['a HEIC picture', '????ftyphei', '????ftyphev', '????ftypmif1', '????ftypmsf1'],
  ['a JPEG XL picture', '\xff\x0a', '\0\0\0\x0cJXL '],
  ['a JPEG 2000 picture', '\xff\x4f\xff\x51', '\0\0\0\x0cjP  '],
  ['an icon (ICO)', '\0\0\x01\0', '\0\0\x02\0'],
  ['a Photoshop document', '8BPS'],
  ['a PDF document', '%PDF-'],
  ['a video or sound', '????ftyp', '\x1a\x45\xdf\xa3', 'RIFF????AVI ', 'RIFF????WAVE', 'ID3', 'OggS'],
  ['a gzip archive', '\x1f\x8b'],
  ['a zip archive', 'PK\x03\x04'],
];

/**
 * Which of the formats that Cifra reads `bytes` begin like.
 * @throws CifraError `picture-empty`, `picture-kind` (with what the file seems to be)
 */
export function formatOf(bytes: Uint8Array, file: string): PictureFormat {
  if (bytes.length === 0) {
    throw new CifraError('picture-empty', `${file} is empty: it has 0 bytes.`, 'Copy or download the file again.');
  }
  const head = latin1(bytes.subarray(0, LOOK));
  const format = formats.find(([, beginning]) => begins(head, beginning))?.[0];
  if (format !== undefined) return format;
  const other =
    others.find(([, ...beginnings]) => beginnings.some((beginning) => begins(head, beginning)))?.[0] ??
    (isText(bytes) ? kindOfText(head) : undefined);
  throw new CifraError(
    'picture-kind',
    `${file} is not a picture that Cifra reads: ${other === undefined ? 'it is none of PNG, JPEG and WebP' : `it seems to be ${other}`}.`,
    'Give a PNG, JPEG or WebP picture; most picture viewers can save one.',
  );
}

function begins(head: string, beginning: string): boolean {
  if (head.length < beginning.length) return false;
  for (let i = 0; i < beginning.length; i++) if (beginning[i] !== '?' && beginning[i] !== head[i]) return false;
  return true;
}

function kindOfText(head: string): string {
  if (/<svg[\s>]/.test(head)) return 'an SVG drawing';
  return /<(!doctype )?html/i.test(head) ? 'a web page' : 'text';
}

/** Without bytes that text does not have. */
function isText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, LOOK);
  if (head.some((byte) => byte === 127 || (byte < 32 && (byte < 9 || byte > 13) && byte !== 27))) return false;
  try {
    // A character may be cut where we stop looking.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
