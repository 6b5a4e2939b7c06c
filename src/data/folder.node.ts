import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CifraError } from '../numeric/errors.js';
import { readArchive } from './archive.js';
import type { Bytes } from './bytes.js';
import { checkFileSize, type Contents, largestFile, readContent } from './contents.js';
import { type DatasetEntry, fileNames, fileRoles, type FileRole } from './dataset.js';

/**
 * The dataset's four files, checked, from a folder of the user's: the folder itself or a sub-folder named after the
 * dataset, holding IDX files, raw or .gz, under their published names or with a dot (`train-images.idx3-ubyte`), or
 * Keras's archive.
 * @throws CifraError `data-folder` if it is not a folder, `data-files-missing` naming what was looked for, and what the
 *   readers throw.
 */
export async function readFolder(entry: DatasetEntry, dir: string): Promise<{ contents: Contents; folder: string }> {
  const kind = await stat(dir).catch(() => undefined);
  if (!kind?.isDirectory()) {
    throw new CifraError(
      'data-folder',
      `${dir} is not a folder${kind ? '' : ': nothing of that name is to be found'}; it was given as the folder with ${entry.name}.`,
      `Give the folder that holds ${fileNames.trainImages}.gz and the other three files, or give none to have them downloaded.`,
    );
  }
  const missing: string[] = [];
  for (const folder of [...entry.folders.map((name) => join(dir, name)), dir]) {
    const paths = await findFiles(folder);
    if (isComplete(paths)) {
      const contents: Partial<Record<FileRole, Bytes>> = {};
      for (const role of fileRoles) contents[role] = await readDataFile(entry, role, paths[role]);
      return { contents: contents as Contents, folder };
    }
    const archive = entry.archive === undefined ? undefined : await firstFile([join(folder, entry.archive)]);
    if (archive !== undefined)
      return { contents: await readArchive(entry, await readArchiveFile(entry, archive), archive), folder };
    if (folder === dir || Object.keys(paths).length > 0) {
      const names = fileRoles.filter((role) => paths[role] === undefined).map((role) => fileNames[role]);
      missing.push(`${folder} lacks ${names.join(', ')}`);
    }
  }
  const archive = entry.archive === undefined ? '' : `, nor is there ${entry.archive}`;
  throw new CifraError(
    'data-files-missing',
    `${dir}, given as the folder with ${entry.name}, does not hold it: ${missing.join('; ')} (each raw or .gz)${archive}.`,
    `Put the four files there (from ${entry.mirrors[0]}), or give no folder to have them downloaded.`,
  );
}

/** Where in `folder` each of the four files is, those that are there. */
export async function findFiles(folder: string): Promise<Partial<Record<FileRole, string>>> {
  const found: Partial<Record<FileRole, string>> = {};
  for (const role of fileRoles) {
    const dotted = fileNames[role].replace('-idx', '.idx');
    const names = [fileNames[role], `${fileNames[role]}.gz`, dotted, `${dotted}.gz`];
    const path = await firstFile(names.map((name) => join(folder, name)));
    if (path !== undefined) found[role] = path;
  }
  return found;
}

/**
 * The contents of one file, checked.
 * @throws CifraError `data-unreadable`, and what `readContent` throws.
 */
export async function readDataFile(entry: DatasetEntry, role: FileRole, path: string): Promise<Bytes> {
  return readContent(entry, role, await readBounded(path, largestFile(entry.files[role].size)), path);
}

function readArchiveFile(entry: DatasetEntry, path: string): Promise<Uint8Array> {
  const contentSize = fileRoles.reduce((sum, role) => sum + entry.files[role].size, 0);
  // Room for stored int16 pixels and int64 labels, the widest that `readArchive` takes.
  return readBounded(path, largestFile(3 * contentSize));
}

async function readBounded(path: string, most: number): Promise<Uint8Array> {
  try {
    checkFileSize((await stat(path)).size, most, path);
    return await readFile(path);
  } catch (error) {
    if (error instanceof CifraError) throw error;
    throw new CifraError(
      'data-unreadable',
      `${path} cannot be read: ${(error as Error).message}.`,
      'Check its permissions.',
      { cause: error },
    );
  }
}

async function firstFile(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    if ((await stat(path).catch(() => undefined))?.isFile()) return path;
  }
  return undefined;
}

function isComplete(paths: Partial<Record<FileRole, string>>): paths is Record<FileRole, string> {
  return fileRoles.every((role) => paths[role] !== undefined);
}
