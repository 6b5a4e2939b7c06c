import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { RgbaPicture } from '../../../src/digit/index.js';
import type { Scene } from '../draw/scene.js';
import type { Correction } from './correctionRecord.js';

/** What the Draw view keeps in this browser. */
export interface DrawingSchema extends DBSchema {
  /** What is on the pad: the picture, which is large and seldom another, and all the rest. */
  pad: { key: 'picture' | 'rest'; value: RgbaPicture | Omit<Scene, 'picture'> };
  corrections: { key: string; value: Correction };
}

let opened: Promise<IDBPDatabase<DrawingSchema>> | undefined;

/** @throws what the browser does where it keeps nothing */
export function drawingDb(): Promise<IDBPDatabase<DrawingSchema>> {
  opened ??= openDB<DrawingSchema>('cifra-drawing', 1, {
    upgrade(db) {
      db.createObjectStore('pad');
      db.createObjectStore('corrections', { keyPath: 'id' });
    },
    // A newer page of ours, in another tab, is not held up.
    blocking: (_current, _blocked, { target }) => (target as IDBDatabase).close(),
    terminated: () => (opened = undefined),
  }).catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}
