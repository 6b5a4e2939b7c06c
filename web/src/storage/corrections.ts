import type { Status } from '../../../src/digit/index.js';
import { drawingDb } from './drawingDb.js';

/** A drawing with what it shows, said by whoever drew it. */
export interface Correction {
  readonly id: string;
  /** When, as ISO 8601 has it: newer ones sort after older ones. */
  readonly date: string;
  /** The drawing, as the bytes of a PNG file. */
  readonly png: Uint8Array<ArrayBuffer>;
  /** 0 to 9, or null: no digit. */
  readonly truth: number | null;
  /** What it was read as: 0 to 9, or null where no digit was named. */
  readonly label: number | null;
  /** How sure that was, 0 to 1. */
  readonly confidence: number;
  readonly status: Status;
  /** The network that read it. */
  readonly model: string;
}

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
