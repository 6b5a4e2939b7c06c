import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CifraError, nearest } from '../numeric/errors.js';
import type { Bytes } from './bytes.js';
import { defaultCacheDir } from './cache.node.js';
import { assemble, checkLimit, type Contents, type Limit } from './contents.js';
import {
  type Dataset,
  type DatasetEntry,
  datasets,
  type FileDatasetName,
  fileNames,
  fileRoles,
  type FileRole,
} from './dataset.js';
import { firstLine } from './downloadFailure.js';
import { alone, fetchFile, type FetchOptions } from './fetchFile.node.js';
import { findFiles, readDataFile, readFolder } from './folder.node.js';

export interface LoadOptions extends FetchOptions {
  /** The folder that holds the files. Default: the environment's CIFRA_DATA_DIR; where neither is given, cache and download. */
  readonly dataDir?: string | undefined;
  /** Where downloads are kept, a folder per dataset. Default: `cifra` in the user's cache. */
  readonly cacheDir?: string | undefined;
  /** Whether to download what the cache lacks. Default true. */
  readonly download?: boolean | undefined;
  /** Take only the first so many images, of both parts or of each its own number. The files are checked whole. */
  readonly limit?: Limit | undefined;
}

/**
 * The dataset, whole and checked, from the first of these that is given or there: a folder (`dataDir` or the
 * environment's CIFRA_DATA_DIR), the user's cache, the mirrors.
 * @throws CifraError if a given folder does not hold it (`data-folder`, `data-files-missing`), its files are not the
 *   published ones (`data-checksum`, `data-damaged`, `idx-...`), or it can neither be found nor downloaded
 *   (`data-not-found`, `download-failed`), `dataset-unknown`, `data-limit`; the signal's reason if it is aborted.
 */
export async function loadDataset(name: FileDatasetName, options: LoadOptions = {}): Promise<Dataset> {
  const entry = Object.values(datasets).find((candidate) => candidate.name === name);
  if (entry === undefined) throw unknownDataset(name, Object.keys(datasets));
  return loadEntry(entry, options);
}

/** As `loadDataset`, for a dataset that need not be in the table. */
export async function loadEntry(entry: DatasetEntry, options: LoadOptions): Promise<Dataset> {
  const dataDir = givenFolder(options);
  return dataDir === undefined ? loadFromCache(entry, options) : loadFromFolder(entry, dataDir, options);
}

/** The folder the user named, by option or environment. */
export function givenFolder(options: LoadOptions): string | undefined {
  return options.dataDir || process.env['CIFRA_DATA_DIR'] || undefined;
}

export async function loadFromFolder(entry: DatasetEntry, dir: string, options: LoadOptions): Promise<Dataset> {
  checkLimit(options.limit);
  options.signal?.throwIfAborted();
  const { contents, folder } = await readFolder(entry, dir);
  return assemble(entry, contents, `the folder ${folder}`, options.limit);
}

/** From the cache, what it lacks from the mirrors. */
export async function loadFromCache(entry: DatasetEntry, options: LoadOptions): Promise<Dataset> {
  checkLimit(options.limit);
  const folder = join(options.cacheDir ?? defaultCacheDir(), entry.name);
  const mirrors = [...entry.mirrors];
  const contents: Partial<Record<FileRole, Bytes>> = {};
  let downloadedFrom: string | undefined;
  for (const role of fileRoles) {
    options.signal?.throwIfAborted();
    const path = join(folder, fileNames[role]);
    contents[role] =
      (await readCached(entry, role, folder, options)) ??
      (await alone(path, options, async (isAlone) => {
        // Another process may have fetched it meanwhile.
        const cached = await readCached(entry, role, folder, options, true);
        if (cached !== undefined) return cached;
        const { content, mirror } = await fetchFile(entry, role, path, mirrors, isAlone, options);
        // The next file is asked of the mirror that answered.
        mirrors.sort((a, b) => Number(b === mirror) - Number(a === mirror));
        downloadedFrom = mirror;
        return content;
      }));
  }
  const source = downloadedFrom === undefined ? `the cache ${folder}` : `downloaded from ${downloadedFrom}`;
  return assemble(entry, contents as Contents, source, options.limit);
}

/**
 * The cached file's contents; undefined if it is to be downloaded because it is not there or is damaged. A damaged one
 * is removed if `replace`.
 */
async function readCached(
  entry: DatasetEntry,
  role: FileRole,
  folder: string,
  options: LoadOptions,
  replace = false,
): Promise<Bytes | undefined> {
  const path = (await findFiles(folder))[role];
  if (path === undefined) {
    if (options.download !== false) return undefined;
    throw new CifraError(
      'data-not-found',
      `${entry.name} was asked for without a download: no folder was given that holds it, and the cache has no ${fileNames[role]} (looked in ${folder}).`,
      'Give the folder that holds its four files (--data-dir or CIFRA_DATA_DIR), or allow the download.',
    );
  }
  try {
    return await readDataFile(entry, role, path);
  } catch (error) {
    if (!(error instanceof CifraError) || options.download === false) throw error;
    if (!replace) return undefined;
    options.onProgress?.({ kind: 'note', message: `${firstLine(error)} It is downloaded again.` });
    await rm(path, { force: true }).catch(() => undefined);
    return undefined;
  }
}

/** The error for a name that is none of `known`. */
export function unknownDataset(name: string, known: readonly string[]): CifraError {
  const near = nearest(name, known);
  return new CifraError(
    'dataset-unknown',
    `There is no dataset "${name}"${near === undefined ? '' : `; did you mean "${near}"`}.`,
    `Give one of ${known.join(', ')}.`,
  );
}
