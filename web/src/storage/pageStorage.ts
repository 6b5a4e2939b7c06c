import type { Storage } from '../../../src/runs/runStore.js';

/** A place for runs in a page, where a person looks after them without a file manager. */
export interface PageStorage extends Storage {
  /** Every folder, and the bytes that its files have. */
  folders(): Promise<readonly { readonly path: string; readonly bytes: number }[]>;
  /** All files of a folder by name, as they were at one moment; undefined if there is no such folder. */
  readFolder(path: string): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>> | undefined>;
  /** Makes a folder with files in it, all or none. False, and nothing done, if there is one. */
  addFolder(path: string, files: ReadonlyMap<string, Uint8Array>): Promise<boolean>;
  removeFolder(path: string): Promise<void>;
}

/** Folder and name of a file. */
export function partsOf(path: string): [folder: string, name: string] {
  const at = path.lastIndexOf('/');
  return [path.slice(0, at), path.slice(at + 1)];
}
