import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runsIn } from '../../../src/runs/runStore.js';
import { record } from '../../../tests/runs/sampleRecord.js';
import { describeRunStore } from '../../../tests/runs/storeContract.js';
import { Database } from './database.js';
import { indexedDbStorage } from './indexedDbStorage.js';
import { pageMemoryStorage } from './memoryStorage.js';
import type { PageStorage } from './pageStorage.js';

let databases = 0;
const newName = (): string => `test-${databases++}`;

describeRunStore('runs in IndexedDB', () => {
  const name = newName();
  return { store: runsIn(indexedDbStorage(new Database(name)), name), root: name, out: `${name}-mine` };
});

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const files = (...names: string[]) => new Map(names.map((name) => [name, text(`${name}!`)]));

describe.each<[string, () => PageStorage]>([
  ['IndexedDB', () => indexedDbStorage(new Database(newName()))],
  ['memory', pageMemoryStorage],
])('a place for runs in %s', (_, make) => {
  it('says which folders there are, and how large', async () => {
    const storage = make();
    expect(await storage.folders()).toEqual([]);
    await storage.makeFolder('runs/a', 'run.json', text('{}'));
    await storage.append('runs/a/metrics.csv', text('a'));
    await storage.append('runs/a/metrics.csv', text('bc'));
    await storage.makeFolder('runs/ab', 'run.json', text('{  }'));
    expect(await storage.folders()).toEqual([
      { path: 'runs/a', bytes: 5 },
      { path: 'runs/ab', bytes: 4 },
    ]);
    await storage.write('runs/a/metrics.csv', text(''));
    await storage.remove('runs/ab/run.json');
    expect((await storage.folders())[0]).toEqual({ path: 'runs/a', bytes: 2 });
  });

  it('takes, gives and removes whole folders', async () => {
    const storage = make();
    expect(await storage.readFolder('runs/a')).toBeUndefined();
    expect(await storage.addFolder('runs/a', files('x', 'y'))).toBe(true);
    expect(await storage.addFolder('runs/a', files('z'))).toBe(false);
    expect(await storage.makeFolder('runs/a', 'z', text(''))).toBe(false);
    expect(await storage.readFolder('runs/a')).toEqual(files('x', 'y'));
    await storage.addFolder('runs/aa', files('x'));
    await storage.removeFolder('runs/a');
    expect(await storage.list('runs/a')).toBeUndefined();
    expect(await storage.list('runs/aa')).toEqual(['x']);
  });
});

describe('runs in IndexedDB', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('do not come back by halves when they are gone', async () => {
    const storage = indexedDbStorage(new Database(newName()));
    const run = await runsIn(storage, 'gone').createRun({ record, name: 'seed', seed: 1 });
    await storage.removeFolder(run.place);
    await expect(run.writeModel(new Uint8Array(3))).rejects.toThrow(
      `${run.place}/model.safetensors cannot be saved: the browser has thrown this run away`,
    );
    await expect(run.appendMetrics({ epoch: 1 })).rejects.toMatchObject({ code: 'run-unwritable' });
    expect(await storage.folders()).toEqual([]);
    await run.restore(record);
    await run.appendMetrics({ epoch: 1 });
    expect(await storage.list(run.place)).toEqual(['metrics.csv', 'run.json']);
    await run.restore(record);
    expect(await storage.list(run.place)).toHaveLength(2);
  });

  it('say when there is no room, and keep what there was', async () => {
    const storage = indexedDbStorage(new Database(newName()));
    await storage.makeFolder('runs/a', 'run.json', text('old'));
    const full = new DOMException('Quota exceeded.', 'QuotaExceededError');
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw full;
    });
    await expect(storage.write('runs/a/run.json', text('new'))).rejects.toMatchObject({
      code: 'run-unwritable',
      message: expect.stringMatching(/^runs\/a\/run\.json cannot be saved: .* no more room\.\n {2}Remove runs/),
    });
    put.mockRestore();
    expect(new TextDecoder().decode(await storage.read('runs/a/run.json'))).toBe('old');
  });

  it('say so where the browser keeps nothing', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    });
    const storage = indexedDbStorage(new Database(newName()));
    await expect(storage.folders()).rejects.toThrow(
      'The runs cannot be read: the browser lets this page keep nothing.',
    );
    await expect(storage.makeFolder('a', 'b', text(''))).rejects.toMatchObject({ code: 'run-unwritable' });
  });

  it('say so where a newer page has been, and let it in', async () => {
    const name = newName();
    const storage = indexedDbStorage(new Database(name));
    await storage.makeFolder('runs/a', 'run.json', text('{}'));
    const newer = await openDB(name, 99);
    await expect(storage.list('runs/a')).rejects.toMatchObject({
      code: 'run-unreadable',
      message: expect.stringContaining('a newer version of this page has kept it.\n  Reload the page.'),
    });
    newer.close();
  });

  it('open again what the browser has closed', async () => {
    const database = new Database(newName());
    const storage = indexedDbStorage(database);
    await storage.makeFolder('runs/a', 'run.json', text('{}'));
    await database.use('x', 'x', async (connection) => connection.close());
    expect(await storage.list('runs/a')).toEqual(['run.json']);
    await database.use('x', 'x', async (connection) => connection.close());
    await storage.append('runs/a/run.json', text('!'));
    expect(await storage.folders()).toEqual([{ path: 'runs/a', bytes: 3 }]);
  });
});
