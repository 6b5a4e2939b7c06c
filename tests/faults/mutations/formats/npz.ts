import { createHash } from 'node:crypto';
import { readArchive } from '../../../../src/data/archive.js';
import { type DatasetEntry, datasets, fileRoles } from '../../../../src/data/dataset.js';
import { encodeIdxImages, encodeIdxLabels } from '../../../../src/data/idx.js';
import { readNpz } from '../../../../src/data/npz.js';
import type { Random } from '../../../../src/numeric/philox.js';
import { type Member, npy, zip } from '../archives.js';
import { joined, mutateBytes, pick } from '../bytes.js';
import { FILE, type Format } from '../run.js';

const MOST = 16_384;
const pixels = Uint8Array.from({ length: 2 * 784 }, (_, i) => (i * 7) % 256);

interface Parts {
  readonly descr: string;
  readonly order: string;
  readonly shape: string;
  readonly body: Uint8Array;
}
const arrays: readonly Parts[] = [
  { descr: "'|u1'", order: 'False', shape: '(2, 28, 28)', body: pixels },
  { descr: "'|u1'", order: 'True', shape: '(2, 3, 2)', body: pixels.subarray(0, 12) },
  {
    descr: "'<i8'",
    order: 'False',
    shape: '(2,)',
    body: new Uint8Array([5, 0, 0, 0, 0, 0, 0, 0, 200, ...new Array<number>(7).fill(0)]),
  },
  { descr: "'>i2'", order: 'False', shape: '()', body: new Uint8Array([0, 9]) },
  { descr: "'|i1'", order: 'True', shape: '(4, 1)', body: new Uint8Array([1, 2, 3, 127]) },
  { descr: "'<u4'", order: 'False', shape: '(0, 7)', body: new Uint8Array() },
];
const descrs = [
  "'|O'",
  "'<f4'",
  "'<u2'",
  "'>i8'",
  "'|u1'",
  "'<i16'",
  "[('a', '|u1')]",
  "'|V1'",
  "''",
  "'\\x1b[2J'",
  '"|u1"',
];
const shapes = (
  '() (,) (1,) (L,) (2L,) (-1,) (1.5,) (2, 3) (3, 2) (12,) (4 4) (0,) (0, 99999999999) (9007199254740993,) (1e3,) ' +
  `(4294967296, 4294967296) (2147483647, 2147483647, 2147483647) (${'1, '.repeat(63)}12) (${'1, '.repeat(3000)}) ` +
  `(${'9007199254740991, '.repeat(30)}0) (${'9'.repeat(400)},)`
).split(/(?<=\)) /);

function header({ descr, order, shape }: Parts): string {
  return `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
}

/** Sometimes other than what the body needs. */
function mutateParts(parts: Parts, random: Random): Uint8Array {
  const changed = {
    descr: random.below(3) === 0 ? pick(random, descrs) : parts.descr,
    order: random.below(3) === 0 ? pick(random, ['True', 'False', 'None']) : parts.order,
    shape: random.below(3) === 0 ? pick(random, shapes) : parts.shape,
    body: random.below(3) === 0 && parts.body.length > 0 ? mutateBytes(parts.body, random) : parts.body,
  };
  return npy(header(changed), changed.body, random.below(4) === 0 ? random.below(5) : 1);
}

const sound = arrays.map((parts) => npy(header(parts), parts.body));
const names = ['x.npy', 'y.npy', '../x.npy', '/x.npy', '..\\x.npy', 'x.npy\0', 'X.npy', 'x', '', '__proto__.npy'];

function content(random: Random): Uint8Array {
  switch (random.below(4)) {
    case 0:
      return mutateParts(pick(random, arrays), random);
    case 1:
      return mutateBytes(pick(random, sound), random, [0, 6, 8, 9, 10]);
    default:
      return pick(random, sound);
  }
}

function member(name: string, random: Random): Member {
  const bytes = content(random);
  const lies = random.below(16) === 0;
  return {
    name: random.below(16) === 0 ? pick(random, names) : name,
    content: bytes,
    deflated: random.below(4) === 0,
    ...(lies && { size: pick(random, [0, 1, bytes.length - 1, bytes.length + 1, 0x7fffffff, 0xffffffff]) }),
  };
}

const tiny = {
  trainImages: encodeIdxImages(pixels),
  trainLabels: encodeIdxLabels(new Uint8Array([5, 0])),
  testImages: encodeIdxImages(pixels.subarray(784)),
  testLabels: encodeIdxLabels(new Uint8Array([7])),
};
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const entry: DatasetEntry = {
  ...datasets.mnist,
  files: {
    trainImages: { size: tiny.trainImages.length, sha256: sha256(tiny.trainImages) },
    trainLabels: { size: tiny.trainLabels.length, sha256: sha256(tiny.trainLabels) },
    testImages: { size: tiny.testImages.length, sha256: sha256(tiny.testImages) },
    testLabels: { size: tiny.testLabels.length, sha256: sha256(tiny.testLabels) },
  },
};
/** As Keras's mnist.npz is laid out. */
const dataset = zip(
  [
    { name: 'x_train.npy', array: { descr: "'|u1'", order: 'False', shape: '(2, 28, 28)', body: pixels } },
    { name: 'y_train.npy', array: { descr: "'|u1'", order: 'False', shape: '(2,)', body: new Uint8Array([5, 0]) } },
    { name: 'x_test.npy', array: { descr: "'|u1'", order: 'False', shape: '(1, 28, 28)', body: pixels.subarray(784) } },
    { name: 'y_test.npy', array: { descr: "'|i1'", order: 'False', shape: '(1,)', body: new Uint8Array([7]) } },
  ].map(({ name, array }, i) => ({ name, content: npy(header(array), array.body), deflated: i === 1 })),
);

export const npz: Format = {
  name: 'npz',
  make(random) {
    const kind = random.below(16);
    if (kind === 0) return mutateBytes(dataset.bytes, random, dataset.places);
    const { bytes, places } = zip([member('x.npy', random), member('y.npy', random)]);
    if (kind === 1) return joined(bytes, new Uint8Array(random.below(30)));
    return kind < 8 ? mutateBytes(bytes, random, places) : bytes;
  },
  async read(bytes, random) {
    if (Buffer.from(bytes.buffer, bytes.byteOffset).includes('x_train')) {
      const contents = await readArchive(entry, bytes, FILE);
      for (const role of fileRoles) if (!Buffer.from(contents[role]).equals(tiny[role])) throw new Error(role);
      return;
    }
    const first = random.below(2) === 0 ? { x: MOST } : { y: MOST };
    for (const { shape, data } of Object.values(await readNpz(bytes, { ...first, x: MOST, y: MOST }, FILE))) {
      const size = shape.reduce((product, length) => product * length, 1);
      if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0) || size !== data.length) {
        throw new Error(`shape [${shape.join()}] of ${data.length} values`);
      }
      if (data.length > MOST) throw new Error(`${data.length} values`);
    }
  },
};
