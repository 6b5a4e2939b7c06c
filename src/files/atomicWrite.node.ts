import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file so that it is there whole or not at all, also when the machine stops or another process does the same:
 * a temporary file, flushed, renamed, and the folder flushed. Nothing else stays behind.
 * @throws what the file system throws; the old file, if there was one, is then still there, unless it was the flush of
 *   the folder that failed
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const unfinished = `${path}.${randomUUID()}.part`;
  try {
    await writeFlushed(unfinished, bytes);
    await rename(unfinished, path);
  } catch (error) {
    // Where this fails too, the first error is the one to hear of.
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
  await flushFolder(folder);
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error;
  }
  await handle.close();
}

/** What platforms say that cannot flush a folder, or not open one. */
const CANNOT_FLUSH = ['EPERM', 'EINVAL', 'EISDIR', 'EBADF', 'EACCES', 'ENOTSUP'];

/** Makes the folder's entries, a rename among them, last beyond a power failure. */
async function flushFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    if (!CANNOT_FLUSH.includes(String(code))) throw error;
  }
}
