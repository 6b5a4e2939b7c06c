import { inflateRawSync } from 'node:zlib';
import { glyphs } from './glyphs.js';

/** Letters as pictures: there may be no font where we run, and none that looks the same everywhere. */

interface Glyph {
  /** How far the pen moves, in pixels of the glyphs' own size. */
  readonly advance: number;
  readonly width: number;
  /** Row by row, 0 to 15. */
  readonly ink: Uint8Array;
}

const UNKNOWN = '\ufffd';
let known: ReadonlyMap<string, Glyph> | undefined;

/** How many pixels wide a text is. */
export function textWidth(text: string, size: number): number {
  return (Array.from(text).reduce((sum, letter) => sum + glyphOf(letter).advance, 0) * size) / glyphs.size;
}

/** Calls `paint` with the pixels that a text covers and the share of each, 0 to 1; its line begins at (x, y). */
export function drawGlyphs(
  text: string,
  size: number,
  x: number,
  y: number,
  paint: (column: number, row: number, share: number) => void,
): void {
  const scale = size / glyphs.size;
  const rows = Math.ceil(glyphs.height * scale) + 1;
  let pen = x;
  for (const letter of text) {
    const { advance, width, ink } = glyphOf(letter);
    const first = Math.floor(pen);
    const columns = Math.ceil(width * scale) + 2;
    const covered = new Float32Array(rows * columns);
    ink.forEach((value, i) => {
      if (value === 0) return;
      const left = pen - first + (i % width) * scale;
      const top = Math.floor(i / width) * scale;
      spread(covered, columns, left, top, scale, value / 15);
    });
    covered.forEach((share, i) => {
      if (share > 0) paint(first + (i % columns), y + Math.floor(i / columns), Math.min(1, share));
    });
    pen += advance * scale;
  }
}

/** Adds a square of `side` pixels to those that it lies on. */
function spread(into: Float32Array, columns: number, left: number, top: number, side: number, share: number): void {
  for (let row = Math.floor(top); row < top + side; row++) {
    const tall = Math.min(row + 1, top + side) - Math.max(row, top);
    for (let column = Math.floor(left); column < left + side; column++) {
      const wide = Math.min(column + 1, left + side) - Math.max(column, left);
      into[row * columns + column]! += tall * wide * share;
    }
  }
}

function glyphOf(letter: string): Glyph {
  known ??= unpack();
  return known.get(letter) ?? known.get(UNKNOWN)!;
}

function unpack(): ReadonlyMap<string, Glyph> {
  const bytes = inflateRawSync(Buffer.from(glyphs.ink, 'base64'));
  let at = 0;
  return new Map(
    Array.from(glyphs.letters, (letter, i) => {
      const advance = glyphs.advances[i]! / 64;
      const width = Math.ceil(advance) + 2;
      const ink = Uint8Array.from({ length: width * glyphs.height }, (_, j) => {
        const byte = bytes[(at + j) >> 1]!;
        return (at + j) % 2 === 0 ? byte >> 4 : byte & 15;
      });
      at += ink.length;
      return [letter, { advance, width, ink }];
    }),
  );
}
