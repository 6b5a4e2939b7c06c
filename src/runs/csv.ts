import type { CifraError } from '../numeric/errors.js';

/** What a cell of a table holds; null is an empty one. */
export type Cell = string | number | null;

/** How `String` writes numbers, and other tools. Each text is matched in one way only, so that none takes long. */
const NUMBER = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|-?Infinity|NaN)$/;
/** Nothing near it is ever written; a small file of more could take all memory. */
const MOST_SEPARATORS = 1_000_000;

/**
 * A line of comma-separated values (RFC 4180, with \n), its end included. Texts that would not be read back as they are
 * stand in quotes: those with a comma, a quote, a line break or a byte order mark (at the start of a file, it would be
 * passed over), and those that are empty or look like a number.
 */
export function formatCsvLine(cells: readonly Cell[]): string {
  const texts = cells.map((cell) => {
    if (typeof cell !== 'string') return cell === null ? '' : String(cell);
    return cell === '' || NUMBER.test(cell) || /[",\r\n\ufeff]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  });
  return `${texts.join(',')}\n`;
}

/**
 * The complete lines of comma-separated values; a last line without its end is left out, since whoever wrote it was
 * stopped.
 * @param fail makes the error to throw from what is wrong: quotes or carriage returns where none may stand, or more than
 *   1,000,000 values, before anything is allocated for them
 */
export function parseCsv(text: string, fail: (problem: string) => CifraError): Cell[][] {
  if (hasMoreSeparators(text, MOST_SEPARATORS)) throw fail(`it holds more than ${MOST_SEPARATORS} values`);
  const lines: Cell[][] = [];
  let line: Cell[] = [];
  for (let at = 0; ;) {
    const end = text[at] === '"' ? endOfQuoted(text, at) : endOfPlain(text, at);
    if (end === text.length) return lines;
    line.push(readCell(text.slice(at, end)));
    const separator = text.startsWith('\r\n', end) ? '\r\n' : text[end]!;
    at = end + separator.length;
    if (separator === ',') continue;
    if (!separator.endsWith('\n')) {
      throw fail(`a quote or a carriage return stands where none may, in line ${lines.length + 1}`);
    }
    lines.push(line);
    line = [];
  }
}

/** Whether `text` has more than `most` commas and line breaks, those in quotes included. */
function hasMoreSeparators(text: string, most: number): boolean {
  let count = 0;
  for (let i = 0; i < text.length && count <= most; i++) if (text[i] === ',' || text[i] === '\n') count++;
  return count > most;
}

/** Where the cell ends whose quotes open at `begin`: behind those that close it, or where `text` ends. */
function endOfQuoted(text: string, begin: number): number {
  let quote = text.indexOf('"', begin + 1);
  while (quote >= 0 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2);
  return quote < 0 ? text.length : quote + 1;
}

function endOfPlain(text: string, begin: number): number {
  let end = begin;
  while (end < text.length && !'",\r\n'.includes(text[end]!)) end++;
  return end;
}

function readCell(text: string): Cell {
  if (text.startsWith('"')) return text.slice(1, -1).replaceAll('""', '"');
  if (text === '') return null;
  return NUMBER.test(text) ? Number(text) : text;
}
