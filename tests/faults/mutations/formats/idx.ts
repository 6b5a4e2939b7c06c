import {
  encodeIdxImages,
  encodeIdxLabels,
  parseIdx,
  parseIdxImages,
  parseIdxLabels,
} from '../../../../src/data/idx.js';
import type { LabelledImages } from '../../../../src/data/dataset.js';
import { mutateBytes, pick } from '../bytes.js';
import { FILE, type Format } from '../run.js';

/** Small sound files. */
export const idxFiles = [
  ...[1, 2, 3].map((count) => encodeIdxImages(Uint8Array.from({ length: count * 784 }, (_, i) => i % 251))),
  ...[1, 2, 3, 40].map((count) => encodeIdxLabels(Uint8Array.from({ length: count }, (_, i) => i % 10))),
];
const images = idxFiles.slice(0, 3);
const labels = idxFiles.slice(3);
const places = [0, 1, 2, 3, 4, 8, 12];

function checkImages({ images: { shape, data }, labels: classes }: LabelledImages, bytes: Uint8Array): void {
  if (shape.join() !== `${shape[0]},28,28,1` || !(shape[0]! > 0)) throw new Error(`shape [${shape.join()}]`);
  if (data.length !== shape[0]! * 784 || data.length !== bytes.length - 16) throw new Error(`${data.length} pixels`);
  if (data.buffer !== bytes.buffer || data.byteOffset !== bytes.byteOffset + 16)
    throw new Error('not those of the file');
  if (classes.length !== shape[0]) throw new Error('counts differ');
  checkLabels(classes);
}

export function checkLabels(classes: Uint8Array): void {
  if (classes.length === 0 || classes.some((label) => label > 9)) throw new Error('labels');
}

export const idxImages: Format = {
  name: 'idx images',
  make: (random) => mutateBytes(pick(random, random.below(50) === 0 ? idxFiles : images), random, places),
  read(bytes) {
    const { shape, data } = parseIdxImages(bytes, FILE);
    checkImages({ images: { shape, data }, labels: new Uint8Array(shape[0]!) }, bytes);
  },
};

export const idxLabels: Format = {
  name: 'idx labels',
  make: (random) => mutateBytes(pick(random, random.below(50) === 0 ? idxFiles : labels), random, places.slice(0, 5)),
  read(bytes, random) {
    const classes = parseIdxLabels(bytes, FILE);
    checkLabels(classes);
    if (classes.length !== bytes.length - 8) throw new Error('not all labels');
    const of = pick(random, images);
    checkImages(parseIdx(of, bytes, `${FILE} of images`, FILE), of);
  },
};
