/** What a cell of a table holds; null is an empty one. */
export type Cell = string | number | null;

/** How `String` writes numbers, and other tools. */
const NUMBER = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|-?Infinity|NaN)$/;
/** A cell, quoted (and perhaps never closed) or plain, and what ends it. */
const CELL = /(?:"([^"]*(?:""[^"]*)*)(?:"|$)|([^",\r\n]*))(,|\r?\n|$)/y;

/**
 * A line of comma-separated values (RFC 4180, with \n), its end included. Texts that would not be read back as they are
 * stand in quotes: those with a comma, a quote or a line break, and those that are empty or look like a number.
 */
export function formatCsvLine(cells: readonly Cell[]): string {
  const texts = cells.map((cell) => {
    if (typeof cell !== 'string') return cell === null ? '' : String(cell);
    return cell === '' || NUMBER.test(cell) || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  });
  return `${texts.join(',')}\n`;
}

/**
 * The complete lines of comma-separated values; a last line without its end is left out, since whoever wrote it was
 * stopped. Undefined if quotes stand where none may.
 */
export function parseCsv(text: string): Cell[][] | undefined {
  const lines: Cell[][] = [];
  let line: Cell[] = [];
  CELL.lastIndex = 0;
  for (;;) {
    const [match, quoted, plain = '', end] = CELL.exec(text) ?? [];
    if (match === undefined) return undefined;
    if (end === '') return lines;
    line.push(quoted?.replaceAll('""', '"') ?? readPlain(plain));
    if (end === ',') continue;
    lines.push(line);
    line = [];
  }
}

function readPlain(text: string): Cell {
  if (text === '') return null;
  return NUMBER.test(text) ? Number(text) : text;
}
