import { CifraError } from '../../numeric/errors.js';

/** A table as a spreadsheet saves it: texts, the first line naming the columns. */
export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
}

export interface CsvRow {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  /** As many as there are columns. */
  readonly cells: readonly string[];
}

const SEPARATORS = [',', ';', '\t'] as const;
/**
 * Comma-separated values (RFC 4180), in UTF-8, with a byte order mark or not; semicolons and tabs separate as well, as
 * in a spreadsheet's files where commas are decimal. Empty lines are passed over.
 * @throws CifraError `csv` with file, line and remedy
 */
export function readCsv(bytes: Uint8Array, file: string): CsvTable {
  const text = decoded(bytes, file);
  const separator = separatorOf(text);
  const rows: CsvRow[] = [];
  let [line, begin] = [1, 1];
  let cells: string[] = [];
  for (let at = 0; at < text.length || cells.length > 0;) {
    const cell = cellAt(text, at, separator);
    if (cell === undefined) {
      throw failure(
        `${file}, line ${line}: a quote stands where none may.`,
        'Put the whole value in quotes, and double those within it.',
      );
    }
    cells.push(cell.value.trim());
    line += text.slice(at, cell.end).split(/\r\n|\r|\n/).length - 1;
    at = cell.end;
    if (cell.isLast) {
      if (cells.length > 1 || cells[0] !== '') rows.push({ line: begin, cells });
      cells = [];
      begin = line;
    }
  }
  const [head, ...others] = rows;
  if (!head) throw failure(`${file} is empty.`, 'Its first line must name its columns, such as: file,label');
  const columns = head.cells;
  const repeated = columns.find((name, i) => name !== '' && columns.indexOf(name) < i);
  if (repeated !== undefined) {
    throw failure(`${file}, line ${head.line}: there are two columns "${repeated}".`, 'Rename or remove one of them.');
  }
  for (const row of others) {
    if (row.cells.length === columns.length) continue;
    throw failure(
      `${file}, line ${row.line}: it has ${row.cells.length} values, and there are ${columns.length} columns.`,
      'Put values that contain the separator in quotes.',
    );
  }
  return { columns, rows: others };
}

function decoded(bytes: Uint8Array, file: string): string {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  try {
    if (isUtf16 || bytes.includes(0)) throw new TypeError();
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw failure(`${file} is no text in UTF-8.`, 'Save the table as CSV in UTF-8.');
  }
}

/** The one that the first line has most of. */
function separatorOf(text: string): string {
  const [first = ''] = text
    .slice(0, 10_000)
    .replace(/^[\r\n]+/, '')
    .replace(/"[^"]*"/g, '')
    .split(/[\r\n]/, 1);
  const count = (separator: string): number => first.split(separator).length;
  return SEPARATORS.reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}

interface CsvCell {
  readonly value: string;
  /** Where the next one begins. */
  readonly end: number;
  /** Of its row. */
  readonly isLast: boolean;
}

/** Undefined where quotes are not closed, or text follows them. */
function cellAt(text: string, at: number, separator: string): CsvCell | undefined {
  let end = at;
  if (text[at] === '"') {
    do end = text.indexOf('"', end + 1) + 1;
    while (end > 0 && text[end] === '"');
    if (end === 0) return undefined;
  } else {
    while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') end++;
  }
  const value = text[at] === '"' ? text.slice(at + 1, end - 1).replaceAll('""', '"') : text.slice(at, end);
  if (end === text.length) return { value, end, isLast: true };
  if (text[end] === separator) return { value, end: end + 1, isLast: false };
  const breaks = /\r?\n|\r/y;
  breaks.lastIndex = end;
  return breaks.test(text) ? { value, end: breaks.lastIndex, isLast: true } : undefined;
}

function failure(message: string, remedy: string): CifraError {
  return new CifraError('csv', message, remedy);
}
