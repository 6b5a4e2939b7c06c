import { appendFile, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

const folderStorage: Storage = {
  join,
  makeFolder: (path) =>
    writing(path, async () => {
      await mkdir(dirname(path), { recursive: true });
      // Not recursive: of two that make the same folder at once, one must be told that it was there.
      return unless('EEXIST', async () => {
        await mkdir(path);
        return true;
      }).then((made) => made ?? false);
    }),
  list: (folder) => reading(folder, () => unless('ENOTDIR', () => unless('ENOENT', () => readdir(folder)))),
  read: (path) => reading(path, () => unless('ENOENT', () => readFile(path))),
  write: (path, bytes) => writing(path, () => writeWhole(path, bytes)),
  append: (path, bytes) => writing(path, () => appendFile(path, bytes, { flush: true })),
};

/** What `action` gives; undefined if it fails with this code of the system's. */
async function unless<T>(code: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === code) return undefined;
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
