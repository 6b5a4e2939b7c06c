import { gzipSync } from 'node:zlib';
import { type Zippable, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { tinyContents, tinyEntry } from '../../tests/data/tinyDataset.js';
import { readContent } from './contents.js';
import { datasets, fileNames, fileRoles } from './dataset.js';
import { findDataset, type GivenFile } from './givenFiles.js';

const entry = tinyEntry();
const find = (given: readonly GivenFile[]) => findDataset(given, [entry, datasets['fashion-mnist']]);
const gz = (bytes: Uint8Array): Uint8Array => new Uint8Array(gzipSync(bytes));
const published: GivenFile[] = fileRoles.map((role) => ({
  path: `${fileNames[role]}.gz`,
  bytes: gz(tinyContents[role]),
}));
const text = (words: string) => new TextEncoder().encode(words);

function npy(shape: string, body: Uint8Array): Uint8Array {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }\n`;
  const length = header.length;
  return new Uint8Array([0x93, ...text('NUMPY'), 1, 0, length & 255, length >> 8, ...text(header), ...body]);
}

const npz: Zippable = {
  'x_train.npy': npy('(5, 28, 28)', tinyContents.trainImages.subarray(16)),
  'y_train.npy': npy('(5,)', tinyContents.trainLabels.subarray(8)),
  'x_test.npy': npy('(3, 28, 28)', tinyContents.testImages.subarray(16)),
  'y_test.npy': npy('(3,)', tinyContents.testLabels.subarray(8)),
};

describe('a dataset among given files', () => {
  it.each<[string, GivenFile[]]>([
    ['compressed', published],
    ['raw, under any names', fileRoles.map((role, i) => ({ path: `file ${i}`, bytes: tinyContents[role] }))],
    ['beside others', [{ path: '.DS_Store', bytes: text('Bud1') }, ...published, { path: 'a.txt', bytes: text('hi') }]],
    [
      'in a .zip',
      [
        {
          path: 'mnist.zip',
          bytes: zipSync(Object.fromEntries(published.map(({ path, bytes }) => [`MNIST/raw/${path}`, bytes]))),
        },
      ],
    ],
    ['as an .npz', [{ path: 'mnist.npz', bytes: zipSync(npz) }]],
  ])('is found where it is %s', async (_, given) => {
    const found = await find(given);
    expect(found.entry).toBe(entry);
    for (const role of fileRoles) {
      expect(await readContent(entry, role, found.files[role], role)).toEqual(tinyContents[role]);
    }
  });

  it('is kept as it was given', async () => {
    expect((await find(published)).files.trainImages).toEqual(published[0]!.bytes);
  });

  it('is told of where it is not whole', async () => {
    await expect(find(published.slice(0, 2))).rejects.toThrow(
      /^MNIST is not whole: t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte are missing\.\n {2}Give all four files at once/,
    );
    await expect(find([{ path: 'a.txt', bytes: text('hi') }])).rejects.toThrow(
      'No file of MNIST or Fashion-MNIST is among those given (a.txt).',
    );
    await expect(find([])).rejects.toThrow('is among those given (none).');
  });

  it.each<[string, GivenFile, string]>([
    ['another file', { path: 'train-images-idx3-ubyte', bytes: tinyContents.testImages.with(20, 9) }, 'data-checksum'],
    ['no IDX file', { path: 'a/train-labels.idx1-ubyte', bytes: text('hello there') }, 'idx-magic'],
    ['cut short', { path: 'x.gz', bytes: gz(tinyContents.trainImages).slice(0, -9) }, 'data-'],
    ['larger than any', { path: 'x.gz', bytes: gz(new Uint8Array(48_000_000)) }, 'data-too-large'],
    ['an archive of others', { path: 'm.npz', bytes: zipSync({ 'x_train.npy': text('no') }) }, 'data-damaged'],
    ['a .zip that is none', { path: 'm.zip', bytes: text('PK\x03\x04 and so on') }, 'data-damaged'],
  ])('is refused where a file is %s', async (_, file, code) => {
    await expect(find([file])).rejects.toMatchObject({ code: expect.stringContaining(code) as string });
  });
});
