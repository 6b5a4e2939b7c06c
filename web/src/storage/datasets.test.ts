import 'fake-indexeddb/auto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Contents } from '../../../src/data/contents.js';
import { fileRoles } from '../../../src/data/dataset.js';
import { tinyContents, tinyEntry } from '../../../tests/data/tinyDataset.js';
import { Database } from './database.js';
import { KeptDatasets, testDigits } from './datasets.js';

const entry = tinyEntry();
const files = Object.fromEntries(
  fileRoles.map((role) => [role, new Uint8Array(gzipSync(tinyContents[role]))]),
) as Record<keyof Contents, Uint8Array<ArrayBuffer>>;

describe('datasets kept in the browser', () => {
  it('come back checked', async () => {
    const kept = new KeptDatasets(new Database('kept'));
    expect(await kept.names()).toEqual([]);
    expect(await kept.read(entry, fileRoles)).toBeUndefined();
    await kept.keep(entry, files);
    expect(await kept.names()).toEqual(['mnist']);
    expect(await kept.read(entry, fileRoles)).toEqual(tinyContents);
    expect(await kept.read(entry, ['testLabels'])).toEqual({ testLabels: tinyContents.testLabels });
  });

  it('are removed where they are damaged', async () => {
    const kept = new KeptDatasets(new Database('damaged'));
    await kept.keep(entry, { ...files, testLabels: files.trainLabels });
    await expect(kept.read(entry, fileRoles)).rejects.toThrow(
      'MNIST, as this browser kept it, is damaged and was removed.',
    );
    expect(await kept.names()).toEqual([]);
  });

  it('give some test digits, where they are', async () => {
    const database = new Database('digits');
    expect(await testDigits(2, database, entry)).toBeUndefined();
    await new KeptDatasets(database).keep(entry, files);
    const digits = (await testDigits(2, database, entry))!;
    expect(digits.map(({ label }) => label)).toEqual([7, 2]);
    expect(digits[1]!.image).toEqual(tinyContents.testImages.slice(16 + 784, 16 + 2 * 784));
    expect(await testDigits(100, database, entry)).toHaveLength(3);
  });
});
