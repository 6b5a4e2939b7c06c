import type { RgbaPicture } from '../../../src/digit/index.js';
import { CifraError } from '../../../src/numeric/errors.js';
import { checkBytes } from '../../../src/pictures/size.js';
import { WorkerClient } from '../channel/client.js';
import type { DecoderApi } from './decode.worker.js';

/** More than the largest picture takes. */
const MOST_SECONDS = 30;

let current: WorkerClient<DecoderApi, {}> | undefined;

/**
 * The picture in a file, upright, opaque, at most 1024 pixels long, decoded by a worker of its own: however large it is,
 * the page goes on. A call before this one that is still at work is given up.
 * @param name what errors call the file
 * @throws CifraError `picture-…` with what is wrong with the file; `worker-ended` when it was given up
 */
export async function decodePicture(blob: Blob, name: string): Promise<RgbaPicture> {
  checkBytes(blob.size, name);
  current?.dispose();
  const worker = new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module', name: 'decoder' });
  const client = new WorkerClient<DecoderApi, {}>(worker);
  current = client;
  let slow = false;
  const timer = setTimeout(() => {
    slow = true;
    client.dispose();
  }, 1000 * MOST_SECONDS);
  try {
    return await client.call('decode', { blob, name });
  } catch (error) {
    throw refusal(error, name, slow);
  } finally {
    clearTimeout(timer);
    client.dispose();
  }
}

/** A worker that dies of a picture had no memory for it. */
function refusal(error: unknown, name: string, slow: boolean): unknown {
  const died = error instanceof CifraError && error.code === 'worker-died';
  if (!slow && !died) return error;
  const why = slow
    ? `takes longer than ${MOST_SECONDS} seconds to decode`
    : 'could not be decoded with the memory there is';
  return new CifraError('picture-large', `${name} ${why}.`, 'Make it smaller in a picture editor.', { cause: error });
}
