import { readZipEntry, zipEntries } from '../../../src/data/zip.js';
import { CifraError } from '../../../src/numeric/errors.js';
import { RECORD_FILE } from '../../../src/runs/runStore.js';
import type { NamedFile } from '../train/trainerApi.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** The files of one run as they were given, not looked at yet. */
export interface GivenRun {
  /** Of its folder, where it has one. */
  readonly name: string | undefined;
  readonly files: ReadonlyMap<string, Bytes>;
}

/** In bytes: far more than a run of the largest recipe has. */
const LARGEST_FILE = 500_000_000;

/** Whether a file begins as a .zip does. */
function isZip({ bytes }: NamedFile): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

/**
 * The one run among given files: a .zip of its folder, or the folder's files.
 * @throws CifraError `not-a-run` for none or several, `run-damaged` for a .zip that is not whole
 */
export async function findRun(given: readonly NamedFile[]): Promise<GivenRun> {
  const files: NamedFile[] = [];
  for (const file of given) files.push(...(isZip(file) ? await unzipped(file) : [file]));
  const records = files.filter(({ path }) => partsOf(path)[1] === RECORD_FILE);
  const [record] = records;
  if (!record) {
    throw notARun(
      `Among ${files.length === 1 ? files[0]!.path : `the ${files.length} files`} there is no ${RECORD_FILE}`,
    );
  }
  if (records.length > 1) throw notARun(`There are ${records.length} runs among these files`);
  const [folder] = partsOf(record.path);
  const inFolder = files.flatMap(({ path, bytes }): [string, Bytes][] => {
    const [parent, name] = partsOf(path);
    return parent === folder ? [[name, bytes]] : [];
  });
  const name = partsOf(folder)[1];
  return { name: name === '' ? undefined : name, files: new Map(inFolder) };
}

export function notARun(problem: string): CifraError {
  return new CifraError(
    'not-a-run',
    `${problem}.`,
    'Give one run: its folder, a .zip of it, or a checkpoint (checkpoint-….safetensors).',
  );
}

async function unzipped({ path, bytes }: NamedFile): Promise<NamedFile[]> {
  try {
    const files: NamedFile[] = [];
    for (const entry of zipEntries(bytes, path).values()) {
      // Folders have entries of their own.
      if (entry.name.endsWith('/')) continue;
      files.push({ path: entry.name, bytes: await readZipEntry(bytes, entry, LARGEST_FILE, path) });
    }
    return files;
  } catch (error) {
    if (!(error instanceof CifraError)) throw error;
    throw new CifraError(
      'run-damaged',
      error.message.split('\n', 1)[0]!,
      'Download the run again from where it was trained.',
      { cause: error },
    );
  }
}

function partsOf(path: string): [folder: string, name: string] {
  const at = path.lastIndexOf('/');
  return [path.slice(0, Math.max(at, 0)), path.slice(at + 1)];
}
