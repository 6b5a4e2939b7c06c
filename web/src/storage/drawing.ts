import type { RgbaPicture } from '../../../src/digit/index.js';
import type { Scene } from '../draw/scene.js';
import { drawingDb } from './drawingDb.js';

/** The drawing, kept from one visit to the next. */

let keptPicture: RgbaPicture | undefined;

/** Undefined where nothing was kept. @throws what the browser does where it keeps nothing */
export async function loadDrawing(): Promise<Scene | undefined> {
  const transaction = (await drawingDb()).transaction('pad');
  const [picture, rest] = await Promise.all([transaction.store.get('picture'), transaction.store.get('rest')]);
  if (!rest || !('strokes' in rest)) return undefined;
  keptPicture = picture && 'data' in picture ? picture : undefined;
  return { ...rest, ...(keptPicture && { picture: keptPicture }) };
}

/** @throws what the browser does where it keeps nothing, or has no room */
export async function saveDrawing({ picture, ...rest }: Scene): Promise<void> {
  const transaction = (await drawingDb()).transaction('pad', 'readwrite');
  const writes: Promise<unknown>[] = [transaction.store.put(rest, 'rest')];
  if (picture !== keptPicture) {
    writes.push(picture ? transaction.store.put(picture, 'picture') : transaction.store.delete('picture'));
  }
  transaction.commit(); // Or it would wait for the writes, and the page may be gone by then.
  await Promise.all([...writes, transaction.done]);
  keptPicture = picture;
}
