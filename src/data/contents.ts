import { CifraError } from '../numeric/errors.js';
import { rows } from '../numeric/tensor.js';
import { sha256 } from '../files/sha256.js';
import { type Bytes, formatCount, unshared } from './bytes.js';
import {
  type Dataset,
  type DatasetEntry,
  datasets,
  fileNames,
  fileRoles,
  type FileRole,
  type LabelledImages,
} from './dataset.js';
import { gunzip, isGzip } from './gzip.js';
import { parseIdx, parseIdxImages, parseIdxLabels } from './idx.js';

/** The uncompressed bytes of the four files. */
export type Contents = Readonly<Record<FileRole, Bytes>>;

/** How many of the first images to take: of both parts, or of each its own number. */
export type Limit = number | { readonly train?: number; readonly test?: number };

/** What a file of `size` bytes takes at most, compressed or not: gzip adds a header, and 5 bytes a block at worst. */
export function largestFile(size: number): number {
  return size + Math.ceil(size / 1000) + 4096;
}

/**
 * The uncompressed bytes of one of the dataset's files, given raw or gzip-compressed, checked to be the published ones.
 * `file` is what messages call it.
 * @throws CifraError what the gzip and IDX readers throw, and `data-checksum` if the SHA-256 differs.
 */
export async function readContent(
  entry: DatasetEntry,
  role: FileRole,
  bytes: Uint8Array,
  file: string,
): Promise<Bytes> {
  const expected = entry.files[role];
  const content = isGzip(bytes) ? await gunzip(bytes, expected.size, file) : unshared(bytes);
  // A file that is not IDX at all deserves a better message than a differing hash.
  if (isImages(role)) parseIdxImages(content, file);
  else parseIdxLabels(content, file);
  const hash = await sha256(unshared(content));
  if (hash !== expected.sha256) {
    throw new CifraError(
      'data-checksum',
      `${file} is not ${entry.name}'s ${fileNames[role]}${identify(hash)}: the SHA-256 of its contents is ${hash}, and ${expected.sha256} was expected.`,
      'Replace the file by the published one, or leave the folder out and let the files be downloaded.',
    );
  }
  return content;
}

/** The dataset that `contents`, already checked, make up. */
export async function assemble(
  entry: DatasetEntry,
  contents: Contents,
  source: string,
  limit: Limit | undefined,
): Promise<Dataset> {
  const part = (images: FileRole, labels: FileRole): LabelledImages =>
    parseIdx(contents[images], contents[labels], fileNames[images], fileNames[labels]);
  const hashes = Object.fromEntries(fileRoles.map((role) => [fileNames[role], entry.files[role].sha256]));
  const limits = checkLimit(limit);
  return {
    name: entry.name,
    train: firstImages(part('trainImages', 'trainLabels'), limits.train),
    test: firstImages(part('testImages', 'testLabels'), limits.test),
    classNames: entry.classNames,
    source,
    sha256: hashes,
    hash: await combinedHash(hashes),
  };
}

/** `Dataset.hash`: the SHA-256 of what `sha256sum` prints for the files in their fixed order. */
export async function combinedHash(hashes: Readonly<Record<string, string>>): Promise<string> {
  const lines = fileRoles.map((role) => `${hashes[fileNames[role]]}  ${fileNames[role]}\n`);
  return sha256(new TextEncoder().encode(lines.join('')));
}

/** The first `count` images (all, where there are fewer or `count` is left out), sharing memory with `source`. */
export function firstImages(source: LabelledImages, count = Infinity): LabelledImages {
  const end = Math.min(count, source.labels.length);
  return { images: rows(source.images, 0, end), labels: source.labels.subarray(0, end) };
}

/**
 * `limit` for each part.
 * @throws CifraError `data-limit` unless the numbers are whole and at least 1.
 */
export function checkLimit(limit: Limit | undefined): { train?: number; test?: number } {
  const limits = typeof limit === 'number' ? { train: limit, test: limit } : (limit ?? {});
  for (const count of [limits.train, limits.test]) {
    if (count === undefined || (Number.isSafeInteger(count) && count >= 1)) continue;
    throw new CifraError(
      'data-limit',
      `The number of images to take was given as ${count}.`,
      'Give a whole number of at least 1, or leave it out to take all.',
    );
  }
  return limits;
}

export function isImages(role: FileRole): boolean {
  return role === 'trainImages' || role === 'testImages';
}

/** `, but another file we know`, if it is one. */
function identify(hash: string): string {
  for (const entry of Object.values(datasets)) {
    const role = fileRoles.find((candidate) => entry.files[candidate].sha256 === hash);
    if (role !== undefined) return ` but ${entry.name}'s ${fileNames[role]}`;
  }
  return '';
}

/**
 * Refuses a file of `bytes` before it is read.
 * @throws CifraError `data-too-large` if that is more than `most`.
 */
export function checkFileSize(bytes: number, most: number, file: string): void {
  if (bytes <= most) return;
  throw new CifraError(
    'data-too-large',
    `${file} has ${formatCount(bytes)} bytes, and at most ${formatCount(most)} are expected.`,
    'Check that it is the right file.',
  );
}
