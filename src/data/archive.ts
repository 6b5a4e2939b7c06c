import { CifraError } from '../numeric/errors.js';
import { formatShape } from '../numeric/tensor.js';
import type { Bytes } from './bytes.js';
import { type Contents, isImages, readContent } from './contents.js';
import { CLASSES, type DatasetEntry, fileRoles, type FileRole, IMAGE_SIDE } from './dataset.js';
import { encodeIdxImages, encodeIdxLabels } from './idx.js';
import { type ByteArray, NPY_HEADER_BYTES, readNpz } from './npz.js';

/** Keras's names of the four arrays. */
const arrayNames = {
  trainImages: 'x_train',
  trainLabels: 'y_train',
  testImages: 'x_test',
  testLabels: 'y_test',
} as const satisfies Record<FileRole, string>;

/** Widest whole numbers expected, in bytes: labels are often int64, pixels never wider than int16. */
const itemBytes = { images: 2, labels: 8 };

/**
 * The dataset's four files out of an .npz archive such as Keras's mnist.npz: its arrays are written as IDX, so that the
 * same SHA-256 as for the files themselves says whether they are the published ones. `file` is what messages call it.
 * @throws CifraError what `readNpz` and `readContent` throw, and `npz-shape`.
 */
export async function readArchive(entry: DatasetEntry, bytes: Uint8Array, file: string): Promise<Contents> {
  const bound = (role: FileRole): number =>
    NPY_HEADER_BYTES + entry.files[role].size * (isImages(role) ? itemBytes.images : itemBytes.labels);
  const arrays = await readNpz(
    bytes,
    {
      x_train: bound('trainImages'),
      y_train: bound('trainLabels'),
      x_test: bound('testImages'),
      y_test: bound('testLabels'),
    },
    file,
  );
  const contents: Partial<Record<FileRole, Bytes>> = {};
  for (const role of fileRoles) {
    const name = `${arrayNames[role]} in ${file}`;
    contents[role] = await readContent(entry, role, encode(role, arrays[arrayNames[role]], name), name);
  }
  return contents as Contents;
}

function encode(role: FileRole, { shape, data }: ByteArray, name: string): Bytes {
  if (!isImages(role)) {
    if (shape.length === 1) return encodeIdxLabels(data);
    throw wrongShape(name, shape, `[count] labels of 0 to ${CLASSES - 1}`);
  }
  const [count, height, width, channels = 1] = shape;
  if (shape.length <= 4 && height === IMAGE_SIDE && width === IMAGE_SIDE && channels === 1 && count !== undefined) {
    return encodeIdxImages(data);
  }
  throw wrongShape(name, shape, `images [count, ${IMAGE_SIDE}, ${IMAGE_SIDE}]`);
}

function wrongShape(name: string, shape: readonly number[], expected: string): CifraError {
  return new CifraError(
    'npz-shape',
    `${name} has shape ${formatShape(shape)}, and ${expected} were expected.`,
    "Give an archive laid out as Keras's mnist.npz.",
  );
}
