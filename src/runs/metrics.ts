import { CifraError } from '../numeric/errors.js';
import { type Cell, formatCsvLine, parseCsv } from './csv.js';

/** What was measured at one time, such as in one epoch, by name; null is what was not measured. */
export type MetricsRow = Readonly<Record<string, Cell>>;

/** In bytes. */
const LARGEST_FILE = 16_000_000;
const LINE_FEED = 0x0a;

/**
 * The text of metrics.csv that a row adds: for the first row, whose keys become the columns, with the header before it.
 * @throws CifraError `run-metrics` if it has other keys than `columns`, or none
 */
export function formatMetrics(row: MetricsRow, columns: readonly string[] | undefined): string {
  const keys = Object.keys(row);
  if (columns === undefined && keys.length > 0) return formatCsvLine(keys) + formatCsvLine(Object.values(row));
  if (
    columns === undefined ||
    keys.length !== columns.length ||
    columns.some((column) => !Object.hasOwn(row, column))
  ) {
    throw new CifraError(
      'run-metrics',
      `A row of metrics has ${listed(keys)}, and ${columns === undefined ? 'at least one value was' : `${listed(columns)}, as in the first row, were`} expected.`,
      'Give every row the same keys, with null for what was not measured.',
    );
  }
  return formatCsvLine(columns.map((column) => row[column]!));
}

/**
 * The rows of a metrics.csv, which messages call `file`. What follows the last line break is left out: whoever wrote it
 * was stopped.
 * @throws CifraError `run-damaged`
 */
export function readMetrics(bytes: Uint8Array, file: string): MetricsRow[] {
  const fail = (problem: string): CifraError => damaged(file, problem);
  const [header = [], ...rows] = parseCsv(decodeLines(bytes, fail), fail);
  const columns = header.map((cell) => String(cell ?? ''));
  if (new Set(columns).size !== columns.length) throw fail('two columns have one name');
  return rows.map((cells, i) => {
    if (cells.length !== columns.length) {
      throw fail(`row ${i + 1} has ${cells.length} values for its ${columns.length} columns`);
    }
    return Object.fromEntries(columns.map((column, j) => [column, cells[j]!]));
  });
}

function decodeLines(bytes: Uint8Array, fail: (problem: string) => CifraError): string {
  if (bytes.length > LARGEST_FILE) throw fail(`it has ${bytes.length} bytes, and ${LARGEST_FILE} are the most`);
  try {
    // A copy, since decoders refuse memory that threads share.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.slice(0, bytes.lastIndexOf(LINE_FEED) + 1));
  } catch {
    throw fail('it is no UTF-8');
  }
}

function listed(keys: readonly string[]): string {
  return keys.length === 0 ? 'no keys' : `the keys ${keys.join(', ')}`;
}

function damaged(file: string, problem: string): CifraError {
  return new CifraError(
    'run-damaged',
    `${file} is damaged: ${problem}.`,
    'Mend it in an editor, or take it away: the model can be used without it.',
  );
}
