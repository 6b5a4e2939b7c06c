import { CifraError } from '../numeric/errors.js';
import { sha256 } from '../files/sha256.js';
import { readArchive } from './archive.js';
import { type Bytes, unshared } from './bytes.js';
import { checkFileSize, type Contents, largestFile, readContent } from './contents.js';
import { type DatasetEntry, datasets, fileNames, fileRoles, type FileRole } from './dataset.js';
import { gunzip, isGzip } from './gzip.js';
import { readZipEntry, zipEntries } from './zip.js';

/** A file that someone gave, by whatever name. */
export interface GivenFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A dataset that was found among files. */
export interface FoundDataset {
  readonly entry: DatasetEntry;
  /** Its four files as they were given, compressed or not. */
  readonly files: Contents;
}

const allEntries = Object.values(datasets);
/** Of what a file holds. */
const LARGEST_CONTENT = Math.max(...allEntries.flatMap(({ files }) => fileRoles.map((role) => files[role].size)));
/** Room for an archive of int16 pixels and int64 labels, the widest that are read. */
const LARGEST_FILE = largestFile(6 * LARGEST_CONTENT);

/**
 * The dataset whose four published files are among those given: IDX files, raw or .gz, under whatever names, alone or in
 * a .zip, or Keras's .npz. Files of other kinds are not looked at.
 * @throws CifraError `data-files-missing`, and for a file that has the name of a published one and is not it, or is
 *   damaged, what `readContent` and the readers of archives throw
 */
export async function findDataset(
  given: readonly GivenFile[],
  entries: readonly DatasetEntry[] = allEntries,
): Promise<FoundDataset> {
  const found = new Map<DatasetEntry, Partial<Record<FileRole, Bytes>>>(entries.map((entry) => [entry, {}]));
  for (const file of given) {
    checkFileSize(file.bytes.length, LARGEST_FILE, file.path);
    for (const { entry, role, bytes } of await partsOf(file, entries)) found.get(entry)![role] = bytes;
  }
  for (const [entry, files] of found) if (isComplete(files)) return { entry, files };
  const [entry, files] = [...found].sort((a, b) => Object.keys(b[1]).length - Object.keys(a[1]).length)[0]!;
  const missing = fileRoles.filter((role) => !files[role]).map((role) => fileNames[role]);
  const titles = entries.map(({ title }) => title).join(' or ');
  throw new CifraError(
    'data-files-missing',
    missing.length === fileRoles.length
      ? `No file of ${titles} is among those given (${names(given)}).`
      : `${entry.title} is not whole: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing.`,
    `Give all four files at once, raw or .gz (from ${entry.mirrors[0]}), or Keras's mnist.npz.`,
  );
}

interface Part {
  readonly entry: DatasetEntry;
  readonly role: FileRole;
  readonly bytes: Bytes;
}

async function partsOf(file: GivenFile, entries: readonly DatasetEntry[]): Promise<Part[]> {
  if (isZip(file.bytes)) return archiveParts(file, entries);
  if (!isGzip(file.bytes) && !isIdx(file.bytes) && nameRole(file.path) === undefined) return [];
  const content = isGzip(file.bytes) ? await gunzip(file.bytes, LARGEST_CONTENT, file.path) : unshared(file.bytes);
  const hash = await sha256(content);
  for (const entry of entries) {
    const role = fileRoles.find((candidate) => entry.files[candidate].sha256 === hash);
    if (role) return [{ entry, role, bytes: unshared(file.bytes) }];
  }
  const role = nameRole(file.path);
  const likely = entries.find(({ name }) => file.path.includes(name)) ?? entries[0];
  // Says what is wrong with it.
  if (role && likely) await readContent(likely, role, content, file.path);
  return [];
}

/** Out of Keras's archive, or a .zip of the files. */
async function archiveParts({ path, bytes }: GivenFile, entries: readonly DatasetEntry[]): Promise<Part[]> {
  const inside = zipEntries(bytes, path);
  const entry = entries.find(({ archive }) => archive !== undefined);
  if (entry && inside.has('x_train.npy')) {
    const contents = await readArchive(entry, bytes, path);
    return fileRoles.map((role) => ({ entry, role, bytes: contents[role] }));
  }
  const parts: Part[] = [];
  for (const member of inside.values()) {
    if (nameRole(member.name) === undefined) continue;
    const content = await readZipEntry(bytes, member, LARGEST_FILE, path);
    parts.push(...(await partsOf({ path: `${path}/${member.name}`, bytes: content }, entries)));
  }
  return parts;
}

/** Which of the files this would be by its name: as published, with a dot, or .gz. */
function nameRole(path: string): FileRole | undefined {
  const name = path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.gz$/, '')
    .replace('.idx', '-idx');
  return fileRoles.find((role) => fileNames[role] === name);
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** Of bytes with one or three axes. */
function isIdx(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 8 && (bytes[3] === 1 || bytes[3] === 3);
}

function isComplete(files: Partial<Record<FileRole, Bytes>>): files is Contents {
  return fileRoles.every((role) => files[role] !== undefined);
}

function names(given: readonly GivenFile[]): string {
  return given.length === 0
    ? 'none'
    : given
        .slice(0, 3)
        .map(({ path }) => path)
        .join(', ') + (given.length > 3 ? ', …' : '');
}
