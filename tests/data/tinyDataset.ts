import { createHash } from 'node:crypto';
import type { Contents } from '../../src/data/contents.js';
import { type DatasetEntry, datasets, type FileRole } from '../../src/data/dataset.js';
import { encodeIdxImages, encodeIdxLabels } from '../../src/data/idx.js';

/** Five training and three test images, as the files of a dataset have them. */
export const tinyContents: Contents = {
  trainImages: encodeIdxImages(Uint8Array.from({ length: 5 * 784 }, (_, i) => (i * 31) % 256)),
  trainLabels: encodeIdxLabels(new Uint8Array([5, 0, 4, 1, 9])),
  testImages: encodeIdxImages(Uint8Array.from({ length: 3 * 784 }, (_, i) => i % 7)),
  testLabels: encodeIdxLabels(new Uint8Array([7, 2, 1])),
};

const check = (role: FileRole) => ({
  size: tinyContents[role].length,
  sha256: createHash('sha256').update(tinyContents[role]).digest('hex'),
});

/** In place of MNIST. */
export function tinyEntry(mirrors: readonly string[] = datasets.mnist.mirrors): DatasetEntry {
  return {
    ...datasets.mnist,
    mirrors,
    files: {
      trainImages: check('trainImages'),
      trainLabels: check('trainLabels'),
      testImages: check('testImages'),
      testLabels: check('testLabels'),
    },
  };
}
