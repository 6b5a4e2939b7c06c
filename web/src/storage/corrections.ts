import type { Correction } from './correctionRecord.js';
import { drawingDb } from './drawingDb.js';

/** The oldest first. @throws what the browser does where it keeps nothing */
export async function loadCorrections(): Promise<readonly Correction[]> {
  const all = await (await drawingDb()).getAll('corrections');
  return all.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

/** @throws what the browser does where it keeps nothing, or has no room */
export async function saveCorrections(corrections: readonly Correction[]): Promise<void> {
  const transaction = (await drawingDb()).transaction('corrections', 'readwrite');
  await Promise.all([...corrections.map((correction) => transaction.store.put(correction)), transaction.done]);
}

/** @throws what the browser does where it keeps nothing */
export async function deleteCorrections(ids: readonly string[]): Promise<void> {
  const transaction = (await drawingDb()).transaction('corrections', 'readwrite');
  await Promise.all([...ids.map((id) => transaction.store.delete(id)), transaction.done]);
}
