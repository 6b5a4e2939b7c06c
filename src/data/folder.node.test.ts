import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crc32 } from './crc32.js';
import { type DatasetEntry, datasets, fileNames } from './dataset.js';
import { findFiles, readDataFile, readFolder } from './folder.node.js';
import { encodeIdxImages, encodeIdxLabels } from './idx.js';

const pixels = (count: number): Uint8Array => Uint8Array.from({ length: count * 784 }, (_, i) => (i * 5) % 256);
const contents = {
  trainImages: encodeIdxImages(pixels(2)),
  trainLabels: encodeIdxLabels(new Uint8Array([5, 0])),
  testImages: encodeIdxImages(pixels(1)),
  testLabels: encodeIdxLabels(new Uint8Array([7])),
};
const check = (bytes: Uint8Array) => ({
  size: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});
const entry: DatasetEntry = {
  ...datasets.mnist,
  files: {
    trainImages: check(contents.trainImages),
    trainLabels: check(contents.trainLabels),
    testImages: check(contents.testImages),
    testLabels: check(contents.testLabels),
  },
};

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'cifra-folder-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An .npy file of bytes, and an archive of such files. */
function npy(shape: string, body: Uint8Array): Buffer {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }\n`;
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\0', 'latin1'), u16(header.length), Buffer.from(header), body]);
}
function npz(members: Readonly<Record<string, Buffer>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(members)) {
    const data = deflateRawSync(content);
    const sizes = [u32(crc32(content)), u32(data.length), u32(content.length), u16(name.length), u16(0)];
    const common = Buffer.concat([u16(20), u16(0), u16(8), u32(0), ...sizes]);
    const local = Buffer.concat([u32(0x04034b50), common, Buffer.from(name), data]);
    directory.push(u32(0x02014b50), u16(20), common, Buffer.alloc(10), u32(offset), Buffer.from(name));
    locals.push(local);
    offset += local.length;
  }
  const count = Object.keys(members).length;
  const size = Buffer.concat(directory).length;
  const end = [u32(0x06054b50), u32(0), u16(count), u16(count), u32(size), u32(offset), u16(0)];
  return Buffer.concat([...locals, ...directory, ...end]);
}
function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

const arrays = {
  'x_train.npy': npy('(2, 28, 28)', pixels(2)),
  'y_train.npy': npy('(2,)', new Uint8Array([5, 0])),
  'x_test.npy': npy('(1, 28, 28, 1)', pixels(1)),
  'y_test.npy': npy('(1,)', new Uint8Array([7])),
};

describe('readFolder', () => {
  it("reads Keras's archive, in the folder or the dataset's own", async () => {
    await writeFile(join(folder, 'mnist.npz'), npz(arrays));
    expect(await readFolder(entry, folder)).toEqual({ contents, folder });
    await mkdir(join(folder, 'mnist'));
    await writeFile(join(folder, 'mnist', 'mnist.npz'), npz(arrays));
    expect((await readFolder(entry, folder)).folder).toBe(join(folder, 'mnist'));
  });

  it('refuses an archive whose arrays have other shapes, naming the file and the array', async () => {
    const path = join(folder, 'mnist.npz');
    await writeFile(path, npz({ ...arrays, 'x_train.npy': npy('(2, 784)', pixels(2)) }));
    await expect(readFolder(entry, folder)).rejects.toThrow(
      `x_train in ${path} has shape [2, 784], and images [count, 28, 28] were expected.\n  Give an archive laid out as Keras's mnist.npz.`,
    );
    await writeFile(path, npz({ ...arrays, 'y_test.npy': npy('(1, 1)', new Uint8Array([7])) }));
    await expect(readFolder(entry, folder)).rejects.toThrow(
      `y_test in ${path} has shape [1, 1], and [count] labels of 0 to 9 were expected.`,
    );
    await writeFile(path, npz({ ...arrays, 'x_test.npy': npy('()', new Uint8Array(1)) }));
    await expect(readFolder(entry, folder)).rejects.toMatchObject({ code: 'npz-shape' });
  });

  it('refuses an archive that is larger than any of its kind, without reading it', async () => {
    await writeFile(join(folder, 'mnist.npz'), new Uint8Array(30_000));
    await expect(readFolder(entry, folder)).rejects.toMatchObject({
      code: 'data-too-large',
      message: expect.stringMatching(/mnist\.npz has 30,000 bytes, and at most [\d,]+ are expected\.\n {2}Check that/),
    });
  });

  it('does not look for an archive where the dataset has none', async () => {
    const { archive, ...other } = entry;
    await writeFile(join(folder, archive!), npz(arrays));
    await expect(readFolder(other, folder)).rejects.toMatchObject({
      code: 'data-files-missing',
      message: expect.stringMatching(/t10k-labels-idx1-ubyte \(each raw or \.gz\)\.\n/),
    });
  });

  it('refuses what is no folder, saying whether something is there', async () => {
    const none = join(folder, 'none');
    await expect(readFolder(entry, none)).rejects.toThrow(
      `${none} is not a folder: nothing of that name is to be found`,
    );
    await writeFile(none, '');
    await expect(readFolder(entry, none)).rejects.toThrow(`${none} is not a folder; it was given as the folder with`);
  });
});

describe('findFiles', () => {
  it('takes each file under any of its names, and nothing that is no file', async () => {
    await writeFile(join(folder, 'train-images.idx3-ubyte'), '');
    await writeFile(join(folder, 't10k-labels.idx1-ubyte.gz'), '');
    await mkdir(join(folder, fileNames.testImages));
    expect(await findFiles(folder)).toEqual({
      trainImages: join(folder, 'train-images.idx3-ubyte'),
      testLabels: join(folder, 't10k-labels.idx1-ubyte.gz'),
    });
  });
});

describe('readDataFile', () => {
  it('refuses a file that cannot be read, in the words of the system', async () => {
    await expect(readDataFile(entry, 'testImages', folder)).rejects.toMatchObject({
      code: 'data-unreadable',
      message: expect.stringMatching(/cannot be read: EISDIR.*\.\n {2}Check its permissions\.$/),
    });
    const gone = join(folder, 'gone');
    await expect(readDataFile(entry, 'testImages', gone)).rejects.toThrow(`${gone} cannot be read: ENOENT`);
  });

  it('refuses a file that is larger than it can be before it reads it', async () => {
    const path = join(folder, 'large');
    await writeFile(path, new Uint8Array(6000));
    await expect(readDataFile(entry, 'testLabels', path)).rejects.toThrow(
      `${path} has 6,000 bytes, and at most 4,106 are`,
    );
  });

  it('refuses a bomb of the right size on disk', async () => {
    const path = join(folder, 'bomb.gz');
    await writeFile(path, gzipSync(new Uint8Array(1_000_000)));
    await expect(readDataFile(entry, 'testLabels', path)).rejects.toThrow(
      `${path} says it holds 1,000,000 bytes, and at most 9 are expected.`,
    );
  });
});
