import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CifraError, nearest } from '../numeric/errors.js';
import type { Bytes } from './bytes.js';
import { writeWhole } from '../files/atomicWrite.node.js';
import { defaultCacheDir } from './cache.node.js';
import { assemble, checkLimit, type Contents, largestFile, type Limit, readContent } from './contents.js';
import {
  type Dataset,
  type DatasetEntry,
  datasets,
  type FileDatasetName,
  fileNames,
  fileRoles,
  type FileRole,
} from './dataset.js';
import { download, type DownloadOptions } from './download.js';
import { findFiles, readDataFile, readFolder } from './folder.node.js';
import { isGzip } from './gzip.js';

export interface LoadOptions extends DownloadOptions {
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
  const paths = await findFiles(folder);
  const mirrors = [...entry.mirrors];
  const contents: Partial<Record<FileRole, Bytes>> = {};
  let downloadedFrom: string | undefined;
  for (const role of fileRoles) {
    options.signal?.throwIfAborted();
    const cached = await readCached(entry, role, paths[role], options);
    if (cached === undefined) {
      const { bytes, content, mirror } = await fetchFile(entry, role, mirrors, options);
      await keep(join(folder, fileNames[role]), bytes, options);
      // The next file is asked of the mirror that answered.
      mirrors.sort((a, b) => Number(b === mirror) - Number(a === mirror));
      contents[role] = content;
      downloadedFrom = mirror;
    } else {
      contents[role] = cached;
    }
  }
  const source = downloadedFrom === undefined ? `the cache ${folder}` : `downloaded from ${downloadedFrom}`;
  return assemble(entry, contents as Contents, source, options.limit);
}

/** The cached file's contents; undefined if it is to be downloaded because it is not there or is damaged. */
async function readCached(
  entry: DatasetEntry,
  role: FileRole,
  path: string | undefined,
  options: LoadOptions,
): Promise<Bytes | undefined> {
  if (path === undefined) {
    if (options.download !== false) return undefined;
    throw new CifraError(
      'data-not-found',
      `${entry.name} was asked for without a download: no folder was given that holds it, and the cache has no ${fileNames[role]} (looked in ${join(options.cacheDir ?? defaultCacheDir(), entry.name)}).`,
      'Give the folder that holds its four files (--data-dir or CIFRA_DATA_DIR), or allow the download.',
    );
  }
  try {
    return await readDataFile(entry, role, path);
  } catch (error) {
    if (!(error instanceof CifraError) || options.download === false) throw error;
    options.onProgress?.({ kind: 'note', message: `${firstLine(error)} It is downloaded again.` });
    await rm(path, { force: true }).catch(() => undefined);
    return undefined;
  }
}

interface Fetched {
  /** As served. */
  readonly bytes: Bytes;
  /** Uncompressed and checked. */
  readonly content: Bytes;
  readonly mirror: string;
}

/** The file from the first mirror that serves the right one. */
async function fetchFile(
  entry: DatasetEntry,
  role: FileRole,
  mirrors: readonly string[],
  options: LoadOptions,
): Promise<Fetched> {
  const file = `${fileNames[role]}.gz`;
  const reasons: string[] = [];
  for (const mirror of mirrors) {
    const url = new URL(file, mirror).href;
    try {
      const bytes = await download(url, file, largestFile(entry.files[role].size), options);
      return { bytes, content: await readContent(entry, role, bytes, url), mirror };
    } catch (error) {
      if (!(error instanceof CifraError)) throw error;
      reasons.push(firstLine(error));
      options.onProgress?.({ kind: 'note', message: `Mirror failed: ${firstLine(error)}` });
    }
  }
  throw new CifraError(
    'download-failed',
    `${entry.name} could not be downloaded. ${reasons.join(' ')}`,
    `Check the connection; or fetch the four files from ${mirrors[0]} elsewhere and give their folder (--data-dir or CIFRA_DATA_DIR).`,
  );
}

/** Puts a download into the cache; where that cannot be written, the data are still used. */
async function keep(path: string, bytes: Bytes, options: LoadOptions): Promise<void> {
  try {
    await writeWhole(isGzip(bytes) ? `${path}.gz` : path, bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    options.onProgress?.({ kind: 'note', message: `${path} could not be kept for the next time: ${why}.` });
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

/** An error's message without its remedy. */
export function firstLine(error: Error): string {
  return error.message.split('\n', 1)[0]!;
}
