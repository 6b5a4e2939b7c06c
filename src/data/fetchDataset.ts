import { CifraError } from '../numeric/errors.js';
import type { Bytes } from './bytes.js';
import { type Contents, largestFile, readContent } from './contents.js';
import { type DatasetEntry, fileNames, fileRoles, type FileRole } from './dataset.js';
import { download, type DownloadOptions, type Means } from './download.js';
import { firstLine } from './downloadFailure.js';
import { fromMirrors } from './mirrors.js';

/**
 * A dataset's four files from its mirrors, compressed as they are there, for a page: nothing is kept, and each mirror is
 * asked once, as one that does not allow pages to read from it never will.
 * @throws CifraError `download-failed`, saying what each mirror did; the signal's reason if it is aborted
 */
export async function fetchDataset(
  entry: DatasetEntry,
  options: Omit<DownloadOptions, 'pauses'>,
  means: Means = {},
): Promise<Contents> {
  const files: Partial<Record<FileRole, Bytes>> = {};
  let mirrors = entry.mirrors;
  for (const role of fileRoles) {
    const file = `${fileNames[role]}.gz`;
    const attempt = async (mirror: string): Promise<{ readonly bytes: Bytes; readonly mirror: string }> => {
      const url = new URL(file, mirror).href;
      const bytes = await download(url, file, largestFile(entry.files[role].size), options, means);
      await readContent(entry, role, bytes, url);
      return { bytes, mirror };
    };
    const outcome = await fromMirrors(mirrors, attempt, { ...options, pauses: [] });
    if ('failures' in outcome) throw allFailed(entry, outcome.failures);
    const { bytes, mirror } = outcome.result;
    files[role] = bytes;
    // The next file is asked of the mirror that answered.
    mirrors = [mirror, ...mirrors.filter((other) => other !== mirror)];
  }
  return files as Contents;
}

function allFailed({ title, mirrors }: DatasetEntry, failures: readonly CifraError[]): CifraError {
  return new CifraError(
    'download-failed',
    `${title} could not be fetched: there is no connection, or its servers do not let this page read from them. ${failures.map(firstLine).join(' ')}`,
    `Get the four files from ${mirrors[0]} and drop them here, or train on synthetic digits, which need no network.`,
  );
}
