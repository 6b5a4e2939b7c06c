import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tryLock } from '../files/lock.node.js';
import { writeWhole } from '../files/atomicWrite.node.js';
import { CifraError } from '../numeric/errors.js';
import { decodeModel, type Model } from './modelFile.js';
import { MODEL_FILE, modelMissing, runsIn, type RunStore, type Storage } from './runStore.js';

/** Runs in folders on disk. Those that are not told where go to folders in `root`. */
export function folderRuns(root = 'runs'): RunStore {
  return runsIn(folderStorage, root);
}

/**
 * The model file that `path` names: itself, or the one in this run's folder.
 * @throws CifraError `model-not-found`, `model-missing`, `model-file-name`
 */
export async function modelPathOf(path: string): Promise<string> {
  const kind = await kindOf(path);
  if (kind === 'folder') {
    const inFolder = join(path, MODEL_FILE);
    if ((await kindOf(inFolder)) === 'file') return inFolder;
    throw modelMissing(path);
  }
  if (kind === undefined) {
    throw new CifraError(
      'model-not-found',
      `${path} was given as the model, but there is no such file or folder.`,
      'Give the folder of a run, as the training named it when it ended, or a .safetensors file.',
    );
  }
  if (path.endsWith('.safetensors')) return path;
  throw new CifraError(
    'model-file-name',
    `${path} was given as the model, but models are .safetensors files.`,
    'Give the folder of a run, or the model.safetensors in it.',
  );
}

/**
 * The model of a run's folder or a .safetensors file.
 * @throws CifraError what `modelPathOf` and `decodeModel` throw, `run-unreadable`
 */
export async function readModel(path: string): Promise<Model> {
  const file = await modelPathOf(path);
  return decodeModel(await reading(file, () => readFile(file)), file);
}

/** Files and folders of the disk, as places for runs. */
export const folderStorage: Storage = {
  join,
  makeFolder: (path, file, bytes) => writing(path, () => makeFolder(path, file, bytes)),
  list: (folder) => reading(folder, () => unless('ENOTDIR', () => unless('ENOENT', () => readdir(folder)))),
  read: (path) => reading(path, () => unless('ENOENT', () => readFile(path))),
  write: (path, bytes) =>
    writing(path, async () => {
      // A folder that has vanished is not made again: half a run is none.
      await stat(dirname(path));
      await writeWhole(path, bytes);
    }),
  append: (path, bytes) => writing(path, () => appendFile(path, bytes, { flush: true })),
  remove: (path) => writing(path, () => rm(path, { force: true })),
  lock: (path) =>
    writing(path, async () => {
      const taken = await tryLock(path);
      if ('lock' in taken) return taken.lock;
      const { pid, host, since } = taken.holder;
      return {
        who:
          pid === 0
            ? 'another process is just taking it'
            : `process ${pid} on ${host} has been training in it since ${since}`,
        remedy: `Wait until it has ended, or stop it. If there is no such training any more, delete ${path}.`,
      };
    }),
};

/**
 * The folder is made beside its place and moved there, which happens at once, and fails where anything but an empty
 * folder is: of two that make the same folder, one is told that it was there.
 */
async function makeFolder(path: string, file: string, bytes: Uint8Array): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${randomUUID()}.part`;
  try {
    await mkdir(unfinished);
    await writeWhole(join(unfinished, file), bytes);
    // Windows does not put one folder in the place of another.
    if (process.platform === 'win32') await rmdir(path).catch(() => undefined);
    await rename(unfinished, path);
    await sweep(dirname(path)).catch(() => undefined);
    return true;
  } catch (error) {
    if (isThere.has(codeOf(error)) && (await kindOf(path)) !== undefined) return false;
    throw error;
  } finally {
    // A failure of this hides none of the above.
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
  }
}

const UNFINISHED = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/;
const HOUR = 3_600_000;

/** Takes away the folders of processes that were killed while they made them. */
async function sweep(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (!UNFINISHED.test(name)) continue;
    const path = join(root, name);
    if (Date.now() - (await stat(path)).mtimeMs > HOUR) await rm(path, { recursive: true, force: true });
  }
}

/** What systems say of a move to a place that is taken: by files in a folder, by a file. */
const isThere = new Set<unknown>(['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EPERM']);

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** What `action` gives; undefined if it fails with this code of the system's. */
async function unless<T>(code: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (codeOf(error) === code) return undefined;
    throw error;
  }
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  return found.isDirectory() ? 'folder' : 'file';
}

function reading<T>(path: string, action: () => Promise<T>): Promise<T> {
  return action().catch((error: unknown) => {
    throw failure('run-unreadable', `${path} cannot be read`, error, 'Check its permissions.');
  });
}

function writing<T>(path: string, action: () => Promise<T>): Promise<T> {
  return action().catch((error: unknown) => {
    const remedy = 'Check permissions and free space, or give another folder (--out).';
    throw failure('run-unwritable', `${path} cannot be written`, error, remedy);
  });
}

function failure(code: string, what: string, cause: unknown, remedy: string): CifraError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CifraError(code, `${what}: ${why}.`, remedy, { cause });
}
