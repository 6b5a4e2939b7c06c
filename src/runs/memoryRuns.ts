import { runsIn, type RunStore, type Storage } from './runStore.js';

/** Runs that live as long as this object: for a page, and for tests. */
export function memoryRuns(): RunStore {
  return runsIn(memoryStorage(), 'runs');
}

/** Folders by path, each with its files by path. */
export type MemoryFolders = Map<string, Map<string, Uint8Array<ArrayBuffer>>>;

export function memoryStorage(folders: MemoryFolders = new Map()): Storage {
  const locks = new Set<string>();
  const folderOf = (path: string): Map<string, Uint8Array<ArrayBuffer>> =>
    folders.get(path.slice(0, path.lastIndexOf('/')))!;
  return {
    join: (folder, name) => `${folder}/${name}`,
    async makeFolder(path, file, bytes) {
      if (folders.has(path)) return false;
      folders.set(path, new Map([[`${path}/${file}`, bytes.slice()]]));
      return true;
    },
    async list(folder) {
      const files = folders.get(folder);
      return files && [...files.keys()].map((path) => path.slice(folder.length + 1));
    },
    async read(path) {
      return folderOf(path).get(path)?.slice();
    },
    async write(path, bytes) {
      folderOf(path).set(path, bytes.slice());
    },
    async append(path, bytes) {
      const before = folderOf(path).get(path) ?? new Uint8Array();
      const after = new Uint8Array(before.length + bytes.length);
      after.set(before);
      after.set(bytes, before.length);
      folderOf(path).set(path, after);
    },
    async remove(path) {
      folderOf(path).delete(path);
    },
    async lock(path) {
      if (locks.has(path)) {
        return { who: 'another training goes on in it', remedy: 'Wait until it has ended, or stop it.' };
      }
      locks.add(path);
      return { release: async () => void locks.delete(path) };
    },
  };
}
