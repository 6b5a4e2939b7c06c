import { type MemoryFolders, memoryStorage } from '../../../src/runs/memoryRuns.js';
import { type PageStorage, partsOf } from './pageStorage.js';

/** Where the browser keeps nothing: for as long as the page is open. */
export function pageMemoryStorage(): PageStorage {
  const folders: MemoryFolders = new Map();
  return {
    ...memoryStorage(folders),
    async folders() {
      return [...folders].map(([path, files]) => ({
        path,
        bytes: [...files.values()].reduce((sum, { length }) => sum + length, 0),
      }));
    },
    async readFolder(path) {
      const files = folders.get(path);
      return files && new Map([...files].map(([file, bytes]) => [partsOf(file)[1], bytes.slice()]));
    },
    async addFolder(path, files) {
      if (folders.has(path)) return false;
      folders.set(path, new Map([...files].map(([name, bytes]) => [`${path}/${name}`, bytes.slice()])));
      return true;
    },
    async removeFolder(path) {
      folders.delete(path);
    },
  };
}
