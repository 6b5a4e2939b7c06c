import { CifraError } from '../numeric/errors.js';
import { formatMetrics, type MetricsRow, readMetrics } from './metrics.js';
import { decodeModel, type Model } from './modelFile.js';
import { formatRecord, readRecord, type RunRecord } from './runRecord.js';

/** Where runs live. */
export interface RunStore {
  /**
   * A new run, in a place of its own: nothing that is there is ever overwritten.
   * @throws CifraError `run-exists` if `out` is there and is not an empty folder, `run-unwritable`
   */
  createRun(options: NewRun): Promise<Run>;
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
  /** Default: now. */
  readonly startedAt?: Date;
  /** Where it shall be. Default: `runs/2026-08-05T14-03-22Z-<name>-seed<seed>` (UTC), with -2, -3 … if that is taken. */
  readonly out?: string | undefined;
}

/** A run that is going on. Files are replaced whole: a reader sees the old one or the new one, never a part. */
export interface Run {
  /** The folder, or what stands for it. */
  readonly place: string;
  /** run.json, to be written at the start and again with the result. @throws CifraError what `formatRecord` throws */
  writeRecord(record: RunRecord): Promise<void>;
  /**
   * One more row of metrics.csv, on disk when the promise is fulfilled. The first row's keys are the columns.
   * @throws CifraError `run-metrics` for a row with other keys than the first
   */
  appendMetrics(row: MetricsRow): Promise<void>;
  /** model.safetensors. */
  writeModel(bytes: Uint8Array): Promise<void>;
  /** A further file, such as report.html. @throws CifraError `run-file-name` */
  writeFile(name: string, content: Uint8Array | string): Promise<void>;
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

/** The few things that a place for runs must be able to do: all else is the same for every store. */
export interface Storage {
  /** The path of `name` in `folder`. */
  join(folder: string, name: string): string;
  /** Makes a folder and what leads to it; false, and nothing done, if something has this path. */
  makeFolder(path: string): Promise<boolean>;
  /** The names in a folder; undefined if there is no such folder. */
  list(folder: string): Promise<readonly string[] | undefined>;
  /** Undefined if there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Puts a file there, whole or not at all. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Adds to the end of a file, which it makes if need be. */
  append(path: string, bytes: Uint8Array): Promise<void>;
}

const RECORD_FILE = 'run.json';
const METRICS_FILE = 'metrics.csv';
export const MODEL_FILE = 'model.safetensors';

/** The runs in a storage; those that are not told where go to folders in `root`. */
export function runsIn(storage: Storage, root: string): RunStore {
  return {
    createRun: async (options) =>
      newRun(
        storage,
        options.out === undefined ? await make(storage, root, options) : await claim(storage, options.out),
      ),
    openRun: (place) => openRun(storage, place),
  };
}

async function make(storage: Storage, root: string, options: NewRun): Promise<string> {
  const time = (options.startedAt ?? new Date()).toISOString().replace(/\..*/, 'Z').replaceAll(':', '-');
  const name = options.name.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 60);
  const first = storage.join(root, `${time}-${name}-seed${options.seed}`);
  let place = first;
  for (let i = 2; !(await storage.makeFolder(place)); i++) place = `${first}-${i}`;
  return place;
}

async function claim(storage: Storage, out: string): Promise<string> {
  if (await storage.makeFolder(out)) return out;
  const names = await storage.list(out);
  if (names?.length === 0) return out;
  throw new CifraError(
    'run-exists',
    names === undefined
      ? `${out} was given as the folder for this run, but it is a file.`
      : `${out} was given as the folder for this run, but it holds files already (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}).`,
    'Give a new folder, or none to have one made: no run overwrites another.',
  );
}

function newRun(storage: Storage, place: string): Run {
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
    writeModel: (bytes) => write(MODEL_FILE, bytes),
    writeFile: async (name, content) => write(checkFileName(name), content),
  };
}

async function openRun(storage: Storage, place: string): Promise<StoredRun> {
  const names = await storage.list(place);
  if (names === undefined) {
    throw new CifraError(
      'run-not-found',
      `${place} was given as the folder of a run, but there is no such folder.`,
      'Give the folder that the training named when it ended.',
    );
  }
  const path = (name: string): string => storage.join(place, name);
  const record = await storage.read(path(RECORD_FILE));
  if (record === undefined) {
    throw new CifraError(
      'run-no-record',
      `${place} is not the folder of a run: it holds no ${RECORD_FILE}.`,
      'Give the folder that the training named when it ended.',
    );
  }
  const metrics = await storage.read(path(METRICS_FILE));
  return {
    place,
    record: readRecord(record, path(RECORD_FILE)),
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
  const own = [RECORD_FILE, METRICS_FILE, MODEL_FILE];
  if (/^[\p{L}\p{N}_][\p{L}\p{N}_. -]*$/u.test(name) && !own.includes(name.toLowerCase())) return name;
  throw new CifraError(
    'run-file-name',
    `${JSON.stringify(name)} cannot be the name of a further file of a run.`,
    `Give letters, digits, "_", "-" and ".", and none of ${own.join(', ')}.`,
  );
}

function bytesOf(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}
