import { CifraError } from '../../../src/numeric/errors.js';
import type { Connection, Database } from './database.js';
import { type PageStorage, partsOf } from './pageStorage.js';
import { webLock } from './webLocks.js';

/** Folders of runs in the browser's database: what is done to files is done whole or not at all. */
export function indexedDbStorage(database: Database): PageStorage {
  const reading = <T>(path: string, action: (connection: Connection) => Promise<T>): Promise<T> =>
    database.use('run-unreadable', `${path} cannot be read`, action);
  const writing = <T>(path: string, action: (tables: Tables) => Promise<T>): Promise<T> =>
    database.use('run-unwritable', `${path} cannot be saved`, (connection) => transaction(connection, action));

  return {
    join: (folder, name) => `${folder}/${name}`,
    makeFolder: (path, file, bytes) => addFolder(path, new Map([[file, bytes]])),
    list: (folder) =>
      reading(folder, async (connection) => {
        const keys = await connection.getAllKeys('files', within(folder));
        return keys.length === 0 ? undefined : keys.map(([, name]) => name);
      }),
    read: (path) => reading(path, (connection) => connection.get('contents', partsOf(path))),
    write(path, bytes) {
      const copy = bytes.slice();
      return writing(path, async (tables) => {
        await checkFolder(tables, path);
        await put(tables, partsOf(path), copy);
      });
    },
    append(path, bytes) {
      const copy = bytes.slice();
      return writing(path, async (tables) => {
        await checkFolder(tables, path);
        const before = (await tables.contents.get(partsOf(path))) ?? new Uint8Array();
        const after = new Uint8Array(before.length + copy.length);
        after.set(before);
        after.set(copy, before.length);
        await put(tables, partsOf(path), after);
      });
    },
    remove: (path) => writing(path, (tables) => remove(tables, partsOf(path))),
    lock: (path) => webLock(path),

    folders: () =>
      reading('The runs', async (connection) => {
        const { store } = connection.transaction('files');
        const [keys, sizes] = await Promise.all([store.getAllKeys(), store.getAll()]);
        const folders = new Map<string, number>();
        keys.forEach(([folder], i) => folders.set(folder, (folders.get(folder) ?? 0) + sizes[i]!.bytes));
        return [...folders].map(([path, bytes]) => ({ path, bytes }));
      }),
    readFolder: (path) =>
      reading(path, async (connection) => {
        const { store } = connection.transaction('contents');
        const [keys, contents] = await Promise.all([store.getAllKeys(within(path)), store.getAll(within(path))]);
        return keys.length === 0 ? undefined : new Map(keys.map(([, name], i) => [name, contents[i]!]));
      }),
    addFolder,
    removeFolder: (path) =>
      writing(path, async ({ files, contents }) => {
        await Promise.all([files.delete(within(path)), contents.delete(within(path))]);
      }),
  };

  async function addFolder(path: string, files: ReadonlyMap<string, Uint8Array>): Promise<boolean> {
    const copies = [...files].map(([name, bytes]) => [name, bytes.slice()] as const);
    return writing(path, async (tables) => {
      if ((await tables.files.count(within(path))) > 0) return false;
      for (const [name, bytes] of copies) await put(tables, [path, name], bytes);
      return true;
    });
  }
}

/** The tables of a transaction that changes files. */
type Tables = Awaited<ReturnType<typeof tablesOf>>['tables'];
type Key = [folder: string, name: string];

function tablesOf(connection: Connection) {
  const change = connection.transaction(['files', 'contents'], 'readwrite');
  return { change, tables: { files: change.objectStore('files'), contents: change.objectStore('contents') } };
}

async function transaction<T>(connection: Connection, action: (tables: Tables) => Promise<T>): Promise<T> {
  const { change, tables } = tablesOf(connection);
  // Where the whole fails, its own error says why: a part's is often that the whole was broken off.
  const whole = change.done.then(
    () => undefined,
    (error: unknown) => error ?? change.error,
  );
  try {
    const result = await action(tables);
    await change.done;
    return result;
  } catch (error) {
    if (error instanceof CifraError) {
      change.abort();
      await whole;
      throw error;
    }
    throw nameOf(error) === 'AbortError' ? ((await whole) ?? error) : error;
  }
}

async function put({ files, contents }: Tables, key: Key, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await Promise.all([files.put({ bytes: bytes.length }, key), contents.put(bytes, key)]);
}

async function remove({ files, contents }: Tables, key: Key): Promise<void> {
  await Promise.all([files.delete(key), contents.delete(key)]);
}

/** A folder that is gone is not made again by a file: half a run is none. */
async function checkFolder({ files }: Tables, path: string): Promise<void> {
  const [folder] = partsOf(path);
  if ((await files.count(within(folder))) > 0) return;
  throw new CifraError(
    'run-unwritable',
    `${path} cannot be saved: the browser has thrown this run away, as it does where the disk is full.`,
    'What there is of it is saved anew with the next checkpoint; or download it.',
  );
}

/** All files of a folder: lists come after every text. */
function within(folder: string): IDBKeyRange {
  return IDBKeyRange.bound([folder], [folder, []]);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
