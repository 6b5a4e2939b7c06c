import { CifraError } from '../numeric/errors.js';
import { formatMetrics, type MetricsRow, readMetrics } from './metrics.js';
import { decodeModel, type Model } from './modelFile.js';
import { formatRecord, readRecord, type RunRecord } from './runRecord.js';

/** Where runs live. */
export interface RunStore {
  /**
   * A new run, in a place of its own that holds its record from the first moment on: nothing that is there is ever
   * overwritten.
   * @throws CifraError `run-exists` if `out` is there and is not an empty folder, `run-unwritable`, what `formatRecord`
   *   throws
   */
  createRun(options: NewRun): Promise<Run>;
  /**
   * A run that was interrupted, to go on with it.
   * @throws CifraError `run-locked` if another process trains in it, and what `openRun` throws for its record
   */
  resumeRun(place: string): Promise<InterruptedRun>;
  /**
   * What a run has written.
   * @throws CifraError `run-not-found`, `run-no-record`, `run-damaged`, `run-version`, `run-unreadable`
   */
  openRun(place: string): Promise<StoredRun>;
}

export interface NewRun {
  /** What the run is called, such as its recipe. */
  readonly name: string;
  readonly seed: number;
  readonly record: RunRecord;
  /** Default: now. */
  readonly startedAt?: Date;
  /** Where it shall be. Default: `runs/2026-08-05T14-03-22Z-<name>-seed<seed>` (UTC), with -2, -3 … if that is taken. */
  readonly out?: string | undefined;
}

/**
 * A run that is going on, in a place that no other process writes to. Files are replaced whole: a reader sees the old one
 * or the new one, never a part.
 */
export interface Run {
  /** The folder, or what stands for it. */
  readonly place: string;
  /** run.json, anew: with the result. @throws CifraError what `formatRecord` throws */
  writeRecord(record: RunRecord): Promise<void>;
  /**
   * One more row of metrics.csv, on disk when the promise is fulfilled. The first row's keys are the columns.
   * @throws CifraError `run-metrics` for a row with other keys than the first
   */
  appendMetrics(row: MetricsRow): Promise<void>;
  /** metrics.csv anew, of these rows alone. */
  rewriteMetrics(rows: readonly MetricsRow[]): Promise<void>;
  /** A checkpoint after so many steps. The two newest are kept. */
  writeCheckpoint(steps: number, bytes: Uint8Array): Promise<void>;
  /** Takes all checkpoints away, once they are of no more use. */
  removeCheckpoints(): Promise<void>;
  /** model.safetensors. */
  writeModel(bytes: Uint8Array): Promise<void>;
  /** A further file, such as report.html. @throws CifraError `run-file-name` */
  writeFile(name: string, content: Uint8Array | string): Promise<void>;
  /** Makes the run's place again, with its record in it, if it is gone: a browser may throw away what it kept. */
  restore(record: RunRecord): Promise<void>;
  /** Lets other processes go on with the run. */
  close(): Promise<void>;
}

/** A run that is taken up again. */
export interface InterruptedRun {
  readonly run: Run;
  readonly record: RunRecord;
  /** The newest first. */
  readonly checkpoints: readonly StoredFile[];
}

/** A run that was read. */
export interface StoredRun {
  readonly place: string;
  readonly record: RunRecord;
  /** In the order they were written; none if there are none yet. */
  readonly metrics: readonly MetricsRow[];
  /** Undefined if no model has been saved yet. */
  readonly modelPath: string | undefined;
  /** @throws CifraError `model-missing` and what `decodeModel` throws */
  readModel(): Promise<Model>;
  /** A further file; undefined if it is not there. @throws CifraError `run-file-name` */
  readFile(name: string): Promise<Uint8Array | undefined>;
}

export interface StoredFile {
  /** What messages call it. */
  readonly path: string;
  /** Undefined if it is gone. @throws CifraError `run-unreadable` */
  read(): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

export interface StorageLock {
  release(): Promise<void>;
}

/** Why a lock cannot be had. */
export interface LockTaken {
  /** Who has it, in words: `process 3 on pc has been training in it`. */
  readonly who: string;
  readonly remedy: string;
}

/** The few things that a place for runs must be able to do: all else is the same for every store. */
export interface Storage {
  /** The path of `name` in `folder`. */
  join(folder: string, name: string): string;
  /**
   * Makes a folder with a file in it, both or neither, and what leads to it; in an empty folder's place if there is one.
   * False, and nothing done, if anything else has this path.
   */
  makeFolder(path: string, file: string, bytes: Uint8Array): Promise<boolean>;
  /** The names in a folder; undefined if there is no such folder. */
  list(folder: string): Promise<readonly string[] | undefined>;
  /** Undefined if there is no such file. */
  read(path: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Puts a file there, whole or not at all. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Adds to the end of a file, which it makes if need be. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  /** Removes a file; nothing if it is not there. */
  remove(path: string): Promise<void>;
  /** A lock that other processes heed until it is released or this process ends. */
  lock(path: string): Promise<StorageLock | LockTaken>;
}

const LOCK_FILE = 'run.lock';
/** With the number of steps, so that names are in the order of their making. */
export const CHECKPOINT_FILE = /^checkpoint-(\d{10})\.safetensors$/;
const KEPT_CHECKPOINTS = 2;
export const RECORD_FILE = 'run.json';
export const METRICS_FILE = 'metrics.csv';
export const MODEL_FILE = 'model.safetensors';

/** The runs in a storage; those that are not told where go to folders in `root`. */
export function runsIn(storage: Storage, root: string): RunStore {
  return {
    async createRun(options) {
      const record = bytesOf(formatRecord(options.record));
      const place = await newPlace(storage, root, options, RECORD_FILE, record);
      return newRun(storage, place, await lock(storage, place));
    },
    async resumeRun(place) {
      // Before a lock leaves a file where there is no run.
      await readRunRecord(storage, place);
      const held = await lock(storage, place);
      try {
        const record = await readRunRecord(storage, place);
        const names = await storage.list(place);
        // What a process left that was killed while it wrote.
        for (const name of names ?? []) if (name.endsWith('.part')) await storage.remove(storage.join(place, name));
        return { run: newRun(storage, place, held), record, checkpoints: await checkpointsOf(storage, place) };
      } catch (error) {
        await held.release();
        throw error;
      }
    },
    openRun: (place) => openRun(storage, place),
  };
}

/** @throws CifraError `run-locked` */
export async function lock(storage: Storage, place: string): Promise<StorageLock> {
  const result = await storage.lock(storage.join(place, LOCK_FILE));
  if ('release' in result) return result;
  throw new CifraError('run-locked', `${place} is in use: ${result.who}.`, result.remedy);
}

/** A new folder that holds `file` from the first moment on. @throws CifraError `run-exists` */
export async function newPlace(
  storage: Storage,
  root: string,
  options: Omit<NewRun, 'record'>,
  file: string,
  bytes: Uint8Array,
): Promise<string> {
  const { out } = options;
  if (out !== undefined) return claim(storage, out, file, bytes);
  return firstFree(storage.join(root, folderName(options)), (place) => storage.makeFolder(place, file, bytes));
}

/** The first of `wished`, `wished-2`, `wished-3` … that `take` takes. */
export async function firstFree(wished: string, take: (place: string) => Promise<boolean>): Promise<string> {
  let place = wished;
  for (let i = 2; !(await take(place)); i++) place = `${wished}-${i}`;
  return place;
}

/** How a run's folder is called: by time (UTC), name and seed. */
export function folderName({
  name,
  seed,
  startedAt = new Date(),
}: Pick<NewRun, 'name' | 'seed' | 'startedAt'>): string {
  return `${timeName(startedAt.toISOString())}-${name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 60)}-seed${seed}`;
}

/** A time as `Date.toISOString` writes it, as file names can have it. */
export function timeName(time: string): string {
  return time.replace(/\..*/, 'Z').replaceAll(':', '-');
}

async function claim(storage: Storage, out: string, file: string, bytes: Uint8Array): Promise<string> {
  if (await storage.makeFolder(out, file, bytes)) return out;
  const names = await storage.list(out);
  throw new CifraError(
    'run-exists',
    names === undefined
      ? `${out} was given as the folder for this run, but it is a file.`
      : `${out} was given as the folder for this run, but it holds files already (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}).`,
    'Give a new folder, or none to have one made: no run overwrites another.',
  );
}

function newRun(storage: Storage, place: string, lock: StorageLock): Run {
  const write = (name: string, content: Uint8Array | string): Promise<void> =>
    storage.write(storage.join(place, name), bytesOf(content));
  let columns: readonly string[] | undefined;
  let appended = Promise.resolve();

  const append = async (row: MetricsRow): Promise<void> => {
    await storage.append(storage.join(place, METRICS_FILE), bytesOf(formatMetrics(row, columns)));
    columns ??= Object.keys(row);
  };
  return {
    place,
    writeRecord: async (record) => write(RECORD_FILE, formatRecord(record)),
    appendMetrics(row) {
      const copy = { ...row };
      // Rows keep their order also when the caller does not wait for each.
      appended = appended.catch(() => undefined).then(() => append(copy));
      return appended;
    },
    async rewriteMetrics(rows) {
      columns = undefined;
      const [first] = rows;
      if (first === undefined) return storage.remove(storage.join(place, METRICS_FILE));
      const text =
        formatMetrics(first, columns) +
        rows
          .slice(1)
          .map((row) => formatMetrics(row, Object.keys(first)))
          .join('');
      await write(METRICS_FILE, text);
      columns = Object.keys(first);
    },
    async writeCheckpoint(steps, bytes) {
      await write(checkpointFile(steps), bytes);
      await removeAll(await checkpointNames(storage, place, KEPT_CHECKPOINTS));
    },
    removeCheckpoints: async () => removeAll(await checkpointNames(storage, place)),
    writeModel: (bytes) => write(MODEL_FILE, bytes),
    writeFile: async (name, content) => write(checkFileName(name), content),
    async restore(record) {
      await storage.makeFolder(place, RECORD_FILE, bytesOf(formatRecord(record)));
    },
    close: () => lock.release(),
  };

  async function removeAll(names: readonly string[]): Promise<void> {
    for (const name of names) await storage.remove(storage.join(place, name));
  }
}

/** The name of a checkpoint after so many steps. */
export function checkpointFile(steps: number): string {
  return `checkpoint-${String(steps).padStart(10, '0')}.safetensors`;
}

/** The names of the checkpoints in a folder, the newest first, without the first `skip` of them. */
export async function checkpointNames(storage: Storage, place: string, skip = 0): Promise<string[]> {
  const names = (await storage.list(place)) ?? [];
  return names
    .filter((name) => CHECKPOINT_FILE.test(name))
    .sort((a, b) => (a < b ? 1 : -1))
    .slice(skip);
}

async function openRun(storage: Storage, place: string): Promise<StoredRun> {
  const record = await readRunRecord(storage, place);
  const names = (await storage.list(place)) ?? [];
  const path = (name: string): string => storage.join(place, name);
  const metrics = await storage.read(path(METRICS_FILE));
  return {
    place,
    record,
    metrics: metrics === undefined ? [] : readMetrics(metrics, path(METRICS_FILE)),
    modelPath: names.includes(MODEL_FILE) ? path(MODEL_FILE) : undefined,
    async readModel() {
      const bytes = await storage.read(path(MODEL_FILE));
      if (bytes === undefined) throw modelMissing(place);
      return decodeModel(bytes, path(MODEL_FILE));
    },
    readFile: async (name) => storage.read(path(checkFileName(name))),
  };
}

async function readRunRecord(storage: Storage, place: string): Promise<RunRecord> {
  const remedy = 'Give the folder that the training named when it began.';
  if ((await storage.list(place)) === undefined) {
    throw new CifraError(
      'run-not-found',
      `${place} was given as the folder of a run, but there is no such folder.`,
      remedy,
    );
  }
  const path = storage.join(place, RECORD_FILE);
  const record = await storage.read(path);
  if (record !== undefined) return readRecord(record, path);
  throw new CifraError('run-no-record', `${place} is not the folder of a run: it holds no ${RECORD_FILE}.`, remedy);
}

async function checkpointsOf(storage: Storage, place: string): Promise<StoredFile[]> {
  const paths = (await checkpointNames(storage, place)).map((name) => storage.join(place, name));
  return paths.map((path) => ({ path, read: () => storage.read(path) }));
}

/** The error for a folder in which no model has been saved. */
export function modelMissing(folder: string): CifraError {
  return new CifraError(
    'model-missing',
    `${folder} holds no ${MODEL_FILE}.`,
    'Give the folder of a run that has come to its end, or a .safetensors file.',
  );
}

/** A further file's name, which must neither lead elsewhere nor be one of the run's own. */
function checkFileName(name: string): string {
  const own = [RECORD_FILE, METRICS_FILE, MODEL_FILE, LOCK_FILE];
  const isOwn = own.includes(name.toLowerCase()) || CHECKPOINT_FILE.test(name.toLowerCase());
  if (/^[\p{L}\p{N}_][\p{L}\p{N}_. -]*$/u.test(name) && !isOwn) return name;
  throw new CifraError(
    'run-file-name',
    `${JSON.stringify(name)} cannot be the name of a further file of a run.`,
    `Give letters, digits, "_", "-" and ".", and none of ${own.join(', ')}.`,
  );
}

function bytesOf(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}
