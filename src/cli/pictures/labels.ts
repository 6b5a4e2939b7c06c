import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CifraError, nearest } from '../../numeric/errors.js';
import { counted, printable } from '../terminal/text.js';
import { type CsvRow, type CsvTable, readCsv } from './csv.js';

/** A picture and what it shows. */
export interface LabelledPicture {
  /** As the table of labels names it. */
  readonly name: string;
  /** Where it is. */
  readonly path: string;
  /** 0 to 9. */
  readonly label: number;
  /** The values of the columns to group by. */
  readonly groups: Readonly<Record<string, string>>;
}

export interface LabelledPictures {
  readonly pictures: readonly LabelledPicture[];
  /** The columns to group by. */
  readonly columns: readonly string[];
}

interface Problem {
  readonly what: string;
  readonly remedy: string;
}

const SHOWN_PROBLEMS = 5;
/** Columns of words with at most this many different ones, each four times on average, are taken for groups. */
const MOST_GROUPS = 50;
const LEAST_SIZE = 4;

/**
 * The pictures in `folder` that the table `file` gives labels for, and by which columns they are grouped.
 * @throws CifraError `labels` or `csv` with file, line and remedy
 */
export async function readLabels(
  folder: string,
  file: string,
  groupBy: readonly string[] | undefined,
): Promise<LabelledPictures> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new CifraError('labels', `${folder} is not a folder.`, 'Give the folder of the pictures: --images DIR.');
  }
  const bytes = await readFile(file).catch((error: unknown) => {
    const why = error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'is not there' : String(error);
    throw new CifraError('labels', `${file} ${why}.`, 'Give the table of labels: --labels labels.csv.', {
      cause: error,
    });
  });
  const table = readCsv(bytes, file);
  const at = { file: columnOf(table, 'file', file), label: columnOf(table, 'label', file) };
  const columns = groupBy?.map((name) => table.columns[columnOf(table, name, file)]!) ?? groupColumns(table, at);
  const places = columns.map((name) => [name, table.columns.indexOf(name)] as const);
  const problems: Problem[] = [];
  const lines = new Map<string, number>();
  const pictures: LabelledPicture[] = [];
  for (const row of table.rows) {
    const name = row.cells[at.file]!;
    const label = row.cells[at.label]!;
    const path = join(folder, name);
    const problem = problemOf(row, name, label, lines.get(path)) ?? (await missing(name, path, folder));
    if (problem) problems.push({ ...problem, what: `${file}, line ${row.line}: ${problem.what}` });
    lines.set(path, row.line);
    const groups = Object.fromEntries(places.map(([column, place]) => [column, row.cells[place]!]));
    pictures.push({ name, path, label: Number(label), groups });
  }
  if (problems.length > 0) throw failureOf(problems);
  if (pictures.length === 0) {
    throw new CifraError('labels', `${file} names no pictures.`, 'Give each picture a line, such as: seven.png,7');
  }
  return { pictures, columns };
}

function columnOf({ columns }: CsvTable, name: string, file: string): number {
  const lower = columns.map((column) => column.toLowerCase());
  const at = columns.includes(name) ? columns.indexOf(name) : lower.indexOf(name.toLowerCase());
  if (at >= 0) return at;
  const guess = nearest(name, columns);
  throw new CifraError(
    'labels',
    `${file} has no column "${name}": its columns are ${columns.map(printable).join(', ')}.`,
    guess === undefined ? 'Its first line must name its columns: file,label and any others.' : `Is it "${guess}"?`,
  );
}

/** Those of words, with few different ones: not numbers, such as sizes, and not what differs from picture to picture. */
function groupColumns({ columns, rows }: CsvTable, at: { readonly file: number; readonly label: number }): string[] {
  return columns.filter((name, i) => {
    if (name === '' || i === at.file || i === at.label) return false;
    const values = new Set(rows.map(({ cells }) => cells[i]!));
    const isNumbers = [...values].every((value) => value === '' || Number.isFinite(Number(value)));
    return !isNumbers && values.size > 1 && values.size <= Math.min(MOST_GROUPS, rows.length / LEAST_SIZE);
  });
}

function problemOf({ line }: CsvRow, name: string, label: string, before: number | undefined): Problem | undefined {
  if (name === '') return { what: 'it names no file.', remedy: 'Give the file in the column file.' };
  if (label === '') {
    return { what: `${printable(name)} has no label.`, remedy: 'Give the digit it shows, 0 to 9, or remove the line.' };
  }
  if (!/^[0-9]$/.test(label)) {
    const what = `the label of ${printable(name)} is "${printable(label)}", and not a digit from 0 to 9.`;
    return { what, remedy: 'Give the one digit that the picture shows.' };
  }
  if (before === undefined) return undefined;
  return { what: `${printable(name)} is in line ${before} already.`, remedy: `Remove line ${before} or ${line}.` };
}

async function missing(name: string, path: string, folder: string): Promise<Problem | undefined> {
  if ((await stat(path).catch(() => undefined))?.isFile()) return undefined;
  return {
    what: `${printable(name)} is not in ${folder}.`,
    remedy: 'Files are named as they lie in --images; put it there, or remove the line.',
  };
}

function failureOf(problems: readonly Problem[]): CifraError {
  const shown = problems.slice(0, SHOWN_PROBLEMS).map(({ what }) => what);
  const more = problems.length - shown.length;
  const message = [...shown, ...(more > 0 ? [`… and ${counted(more, 'more problem')}.`] : [])].join('\n');
  return new CifraError('labels', message, problems[0]!.remedy);
}
