import { CifraError } from '../../../src/numeric/errors.js';
import { fileSize } from './words.js';
import type { NamedFile } from './trainerApi.js';

/** Files that a person gives: dropped or chosen ones, whole folders included. */

/** MNIST unpacked takes 55 MB, a run of the largest recipe a few; more is something else. */
const MOST_BYTES = 500e6;
const MOST_FILES = 200;

/** What was chosen in a file field, read. @throws CifraError `files-size`, `files-read` */
export function chosenFiles(list: FileList): Promise<NamedFile[]> {
  return readAll(Array.from(list, (file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** What was dropped, read; folders with all that is in them. @throws CifraError `files-size`, `files-read` */
export async function droppedFiles({ items, files }: DataTransfer): Promise<NamedFile[]> {
  // Asked for at once: after the first wait a drop is over, and its items are empty.
  const entries = Array.from(items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return chosenFiles(files);
  const found: Found[] = [];
  for (const entry of entries) await walk(entry, found);
  return readAll(found);
}

interface Found {
  readonly path: string;
  readonly file: File;
}

async function walk(entry: FileSystemEntry, found: Found[]): Promise<void> {
  if (found.length > MOST_FILES) throw tooMuch(`more than ${MOST_FILES} files`);
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject)).catch(unreadable);
    found.push({ path: entry.fullPath.replace(/^\//, ''), file });
  } else if (isFolder(entry)) {
    const reader = entry.createReader();
    for (;;) {
      // A hundred at a time, until none are left.
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) return;
      for (const inner of some) await walk(inner, found);
    }
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

async function readAll(found: readonly Found[]): Promise<NamedFile[]> {
  if (found.length > MOST_FILES) throw tooMuch(`${found.length} files`);
  const bytes = found.reduce((sum, { file }) => sum + file.size, 0);
  if (bytes > MOST_BYTES) throw tooMuch(fileSize(bytes));
  const read = ({ path, file }: Found): Promise<NamedFile> =>
    file.arrayBuffer().then((buffer) => ({ path, bytes: new Uint8Array(buffer) }), unreadable);
  return Promise.all(found.map(read));
}

function tooMuch(what: string): CifraError {
  return new CifraError(
    'files-size',
    `These are ${what}: more than a dataset or a run has.`,
    'Give the four files of MNIST, or the .zip or the folder of one run.',
  );
}

function unreadable(error: unknown): never {
  const why = error instanceof Error ? error.message : String(error);
  throw new CifraError('files-read', `A file could not be read: ${why}.`, 'Look whether it is still there.');
}
