import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CifraError } from '../numeric/errors.js';
import { writeWhole } from '../files/atomicWrite.node.js';
import { type Lock, type LockHolder, tryLock } from '../files/lock.node.js';
import type { Bytes } from './bytes.js';
import { largestFile, readContent } from './contents.js';
import { type DatasetEntry, fileNames, type FileRole } from './dataset.js';
import { download, type DownloadOptions, type PartialFile } from './download.js';
import { DownloadFailure, firstLine } from './downloadFailure.js';
import { isGzip } from './gzip.js';
import { fromMirrors, sleep } from './mirrors.js';
import { partialFile } from './partial.node.js';
import { environmentFetch } from './proxiedFetch.node.js';

export interface FetchOptions extends DownloadOptions {
  /**
   * How long to wait for another process that fetches the same file, in milliseconds; then it is fetched beside it.
   * Default 300,000.
   */
  readonly lockTimeout?: number;
}

export interface Fetched {
  /** Uncompressed and checked. */
  readonly content: Bytes;
  readonly mirror: string;
}

/** How often to look whether another process is through, in milliseconds. */
const LOOK_AGAIN = 100;

/**
 * Runs `work` while no other process fetches the same file of the cache, waiting for one that does, and says so.
 * `work` is told whether it has the file for itself: not where the cache cannot be written, or the wait was too long.
 * @throws what `work` throws; the signal's reason if it is aborted
 */
export async function alone<T>(
  path: string,
  options: FetchOptions,
  work: (isAlone: boolean) => Promise<T>,
): Promise<T> {
  const lock = await waitForLock(`${path}.gz.lock`, basename(path), options);
  try {
    return await work(lock !== undefined);
  } finally {
    await lock?.release();
  }
}

async function waitForLock(path: string, file: string, options: FetchOptions): Promise<Lock | undefined> {
  const { lockTimeout = 300_000, onProgress, signal } = options;
  const end = performance.now() + lockTimeout;
  for (let said = false; ; said = true) {
    signal?.throwIfAborted();
    const attempt = await take(path);
    if (attempt === undefined) return undefined;
    if ('lock' in attempt) return attempt.lock;
    const left = end - performance.now();
    const who = titleOf(attempt.holder);
    if (left <= 0) {
      onProgress?.({ kind: 'note', message: `${file} is fetched without waiting any longer for ${who} (${path}).` });
      return undefined;
    }
    if (!said) onProgress?.({ kind: 'note', message: `Waiting for ${who}, which is fetching ${file} (${path}).` });
    await sleep(Math.min(LOOK_AGAIN, left), signal);
  }
}

/** Undefined where the cache cannot be written. */
async function take(path: string): Promise<Awaited<ReturnType<typeof tryLock>> | undefined> {
  try {
    await mkdir(dirname(path), { recursive: true });
    return await tryLock(path);
  } catch {
    return undefined;
  }
}

function titleOf({ pid, host, since }: LockHolder): string {
  if (pid === process.pid) return 'another load of this program';
  return pid === 0 ? 'another process' : `process ${pid} on ${host} (since ${since})`;
}

/**
 * The file from the first mirror that serves the right one, kept in the cache at `path` (with `.gz` where it is packed).
 * What comes of a download that breaks off is kept beside it, where it has the file for itself, and the next goes on
 * from there. A file that is not the right one is downloaded once again.
 * @throws CifraError `download-failed`, naming what each mirror did; the signal's reason if it is aborted
 */
export async function fetchFile(
  entry: DatasetEntry,
  role: FileRole,
  path: string,
  mirrors: readonly string[],
  isAlone: boolean,
  options: FetchOptions,
): Promise<Fetched> {
  const file = `${fileNames[role]}.gz`;
  const fetch = environmentFetch();
  const most = largestFile(entry.files[role].size);
  const attempt = async (mirror: string): Promise<Fetched & { bytes: Bytes }> => {
    const url = new URL(file, mirror).href;
    const part = isAlone ? partialFile(`${path}.gz.${shortHash(url)}.part`, url) : undefined;
    const once = async (partial: PartialFile | undefined): Promise<Fetched & { bytes: Bytes }> => {
      const bytes = await download(url, file, most, options, { fetch, partial });
      return { bytes, content: await readContent(entry, role, bytes, url), mirror };
    };
    try {
      return await once(part);
    } catch (error) {
      if (!(error instanceof CifraError) || error instanceof DownloadFailure) throw error;
      await part?.discard();
      options.onProgress?.({ kind: 'note', message: `${firstLine(error)} It is downloaded once again.` });
      return once(undefined);
    }
  };
  const outcome = await fromMirrors(mirrors, attempt, options);
  if ('failures' in outcome) throw allFailed(entry, mirrors, outcome.failures);
  const { bytes, ...fetched } = outcome.result;
  await keep(isGzip(bytes) ? `${path}.gz` : path, bytes, options);
  if (isAlone) await sweep(path);
  return fetched;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function allFailed(entry: DatasetEntry, mirrors: readonly string[], failures: readonly CifraError[]): CifraError {
  const hints = new Set(failures.flatMap((error) => (error instanceof DownloadFailure && error.hint) || []));
  return new CifraError(
    'download-failed',
    `${entry.name} could not be downloaded. ${failures.map(firstLine).join(' ')}`,
    [
      ...(hints.size === 0 ? ['Check the connection.'] : hints),
      `Or fetch the four files from ${mirrors[0]} elsewhere and give their folder (--data-dir or CIFRA_DATA_DIR);`,
      'or take made digits, which need no download (--dataset synthetic).',
    ].join(' '),
  );
}

/** Puts a download into the cache; where that cannot be written, the data are still used. */
async function keep(path: string, bytes: Bytes, options: DownloadOptions): Promise<void> {
  try {
    await writeWhole(path, bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    options.onProgress?.({ kind: 'note', message: `${path} could not be kept for the next time: ${why}.` });
  }
}

/** Removes what broken downloads and killed processes have left of this file. */
async function sweep(path: string): Promise<void> {
  const name = basename(path);
  const left = (await readdir(dirname(path)).catch(() => [])).filter(
    (other) => other.startsWith(`${name}.`) && other.endsWith('.part'),
  );
  for (const other of left) await rm(join(dirname(path), other), { force: true }).catch(() => undefined);
}
