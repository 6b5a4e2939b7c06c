import { CifraError } from '../numeric/errors.js';
import type { Tensor } from '../numeric/tensor.js';
import { type Bytes, formatCount, viewOf } from './bytes.js';
import { CLASSES, IMAGE_SIDE, type LabelledImages } from './dataset.js';
import { isGzip } from './gzip.js';

const MAGIC_IMAGES = 2051;
const MAGIC_LABELS = 2049;
/** What IDX files may hold, by the third byte of their magic number; the fourth is the number of axes. */
const types: Readonly<Record<number, string>> = {
  0x08: 'bytes',
  0x09: 'signed bytes',
  0x0b: 'int16',
  0x0c: 'int32',
  0x0d: 'float32',
  0x0e: 'float64',
};
const IMAGES_HEADER = 16;
const LABELS_HEADER = 8;
const IMAGE_BYTES = IMAGE_SIDE * IMAGE_SIDE;

/**
 * Reads an IDX file of images: big-endian magic 2051, count, rows and columns (both 28), then one byte per pixel.
 * The result shares memory with `bytes`. Format: https://yann.lecun.com/exdb/mnist (of the original authors).
 * @throws CifraError `idx-magic`, `idx-shape`, `idx-empty`, `idx-truncated` or `idx-trailing`, naming `file`.
 */
export function parseIdxImages(bytes: Uint8Array, file: string): Tensor<Uint8Array> {
  checkMagic(bytes, MAGIC_IMAGES, IMAGES_HEADER, file);
  const view = viewOf(bytes);
  const count = view.getUint32(4);
  const height = view.getUint32(8);
  const width = view.getUint32(12);
  if (height !== IMAGE_SIDE || width !== IMAGE_SIDE) {
    throw new CifraError(
      'idx-shape',
      `${file} holds images of ${height} x ${width} pixels, and 28 x 28 were expected.`,
      'Give MNIST, Fashion-MNIST or another set of that size.',
    );
  }
  const data = body(bytes, IMAGES_HEADER, count, IMAGE_BYTES, 'images', file);
  return { data, shape: [count, IMAGE_SIDE, IMAGE_SIDE, 1] };
}

/**
 * Reads an IDX file of labels: big-endian magic 2049, count, then one byte from 0 to 9 per label. The result shares
 * memory with `bytes`.
 * @throws CifraError `idx-magic`, `idx-empty`, `idx-truncated`, `idx-trailing` or `idx-label`, naming `file`.
 */
export function parseIdxLabels(bytes: Uint8Array, file: string): Uint8Array {
  checkMagic(bytes, MAGIC_LABELS, LABELS_HEADER, file);
  const labels = body(bytes, LABELS_HEADER, viewOf(bytes).getUint32(4), 1, 'labels', file);
  const wrong = labels.findIndex((label) => label >= CLASSES);
  if (wrong >= 0) {
    throw new CifraError(
      'idx-label',
      `${file} holds label ${labels[wrong]} at index ${formatCount(wrong)}, and labels are 0 to 9.`,
      'Check that it is the file of labels of a set with ten classes, and whole.',
    );
  }
  return labels;
}

/**
 * Reads a file of images and its file of labels.
 * @throws CifraError what `parseIdxImages` and `parseIdxLabels` throw, and `idx-counts` if their counts differ.
 */
export function parseIdx(
  images: Uint8Array,
  labels: Uint8Array,
  imagesFile: string,
  labelsFile: string,
): LabelledImages {
  const result = { images: parseIdxImages(images, imagesFile), labels: parseIdxLabels(labels, labelsFile) };
  const count = result.images.shape[0]!;
  if (count !== result.labels.length) {
    throw new CifraError(
      'idx-counts',
      `${imagesFile} holds ${formatCount(count)} images and ${labelsFile} ${formatCount(result.labels.length)} labels.`,
      'Give the images and labels of the same set: train with train, t10k with t10k.',
    );
  }
  return result;
}

/** The IDX file of `count` 28x28 images given as `count * 784` bytes. */
export function encodeIdxImages(pixels: Uint8Array): Bytes {
  const bytes = new Uint8Array(IMAGES_HEADER + pixels.length);
  const header = [MAGIC_IMAGES, pixels.length / IMAGE_BYTES, IMAGE_SIDE, IMAGE_SIDE];
  header.forEach((word, i) => viewOf(bytes).setUint32(4 * i, word));
  bytes.set(pixels, IMAGES_HEADER);
  return bytes;
}

/** The IDX file of `labels`. */
export function encodeIdxLabels(labels: Uint8Array): Bytes {
  const bytes = new Uint8Array(LABELS_HEADER + labels.length);
  viewOf(bytes).setUint32(0, MAGIC_LABELS);
  viewOf(bytes).setUint32(4, labels.length);
  bytes.set(labels, LABELS_HEADER);
  return bytes;
}

function checkMagic(bytes: Uint8Array, magic: number, headerBytes: number, file: string): void {
  const kind = magic === MAGIC_IMAGES ? 'images' : 'labels';
  const found = bytes.length < 4 ? undefined : viewOf(bytes).getUint32(0);
  if (found !== magic) {
    throw new CifraError(
      'idx-magic',
      `${file} is not an IDX file of ${kind}: ${describeStart(bytes, found)}, and ${magic} was expected.`,
      `Give the file whose name contains "${kind}" as MNIST's mirrors serve it, raw or .gz.`,
    );
  }
  if (bytes.length < headerBytes) {
    throw truncated(file, `it ends within its header, after ${bytes.length} of ${headerBytes} bytes`);
  }
}

function describeStart(bytes: Uint8Array, found: number | undefined): string {
  if (found === undefined) return `it has only ${bytes.length} bytes`;
  if (found === MAGIC_LABELS) return 'it is one of labels (it begins with the number 2049)';
  if (found === MAGIC_IMAGES) return 'it is one of images (it begins with the number 2051)';
  if (isGzip(bytes)) return 'it is compressed by gzip (once more than it should)';
  if (bytes[0] === 0x3c) return 'it begins with "<" like a web page';
  const type = bytes[0] === 0 && bytes[1] === 0 ? types[bytes[2]!] : undefined;
  if (type !== undefined) return `it is one of ${type} in ${bytes[3]} axes (it begins with the number ${found})`;
  return `it begins with the number ${found}`;
}

/** The bytes after the header, exactly `count * itemBytes` of them. */
function body(
  bytes: Uint8Array,
  header: number,
  count: number,
  itemBytes: number,
  what: string,
  file: string,
): Uint8Array {
  if (count === 0) {
    throw new CifraError('idx-empty', `${file} holds no ${what}: its count is 0.`, 'Give a file that holds some.');
  }
  // Below 2^42, so exact in a double, whatever the header claims.
  const needed = header + count * itemBytes;
  const given = formatCount(bytes.length);
  if (bytes.length < needed) {
    throw truncated(file, `${formatCount(count)} ${what} need ${formatCount(needed)} bytes, and it has ${given}`);
  }
  if (bytes.length > needed) {
    throw new CifraError(
      'idx-trailing',
      `${file} goes on after its end: ${formatCount(count)} ${what} need ${formatCount(needed)} bytes, and it has ${given}.`,
      'Get the file again: it is not what was published.',
    );
  }
  return bytes.subarray(header);
}

function truncated(file: string, what: string): CifraError {
  return new CifraError('idx-truncated', `${file} is cut short: ${what}.`, 'Get the file again.');
}
