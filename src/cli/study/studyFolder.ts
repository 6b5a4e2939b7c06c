import { join } from 'node:path';
import { CifraError } from '../../numeric/errors.js';
import {
  byName,
  type Checks,
  count,
  fraction,
  is,
  list,
  number,
  object,
  optional,
  text,
  time,
} from '../../runs/checks.js';
import { folderStorage } from '../../runs/folderRuns.node.js';
import { refuseNewer } from '../../runs/formatVersion.js';
import { formatJson, parseJsonBytes } from '../../runs/json.js';
import type { RunRecord } from '../../runs/runRecord.js';
import { firstFree, type StorageLock, timeName } from '../../runs/runStore.js';
import type { Effect, Findings, TrainingResult } from '../../study/index.js';

/** What is to be known of a study to judge it and to repeat it: its study.json. */
export interface StudyRecord extends Partial<Findings> {
  readonly formatVersion: 1;
  readonly study: string;
  /** Of variants, images and readings: results of another plan do not belong to it. */
  readonly planSha256: string;
  readonly seeds: readonly number[];
  readonly trainImages: number;
  readonly cifraVersion: string;
  readonly nodeVersion: string;
  readonly command: readonly string[];
  readonly dataset: RunRecord['dataset'];
  readonly hardware: RunRecord['hardware'];
  readonly backend: RunRecord['backend'];
  readonly startedAt: string;
  readonly finishedAt?: string;
  /** One for each training that has ended. */
  readonly results: readonly TrainingResult[];
}

const RECORD_FILE = 'study.json';
const LOCK_FILE = 'study.lock';

/** A study's folder, which no other process writes to. */
export class StudyFolder {
  private constructor(
    readonly place: string,
    private record: StudyRecord,
    private readonly lock: StorageLock,
  ) {}

  get results(): readonly TrainingResult[] {
    return this.record.results;
  }

  /**
   * A new folder, or the one in `out` if it holds the same study.
   * @throws CifraError `study-exists` if `out` holds something else or a study that has ended, `study-other` if it is of
   *   another plan, dataset or engine, `study-damaged`, `study-version`, `study-locked`, `run-unwritable`
   */
  static async open(out: string | undefined, record: StudyRecord): Promise<StudyFolder> {
    const bytes = bytesOf(record);
    if (out !== undefined) {
      const isNew = await folderStorage.makeFolder(out, RECORD_FILE, bytes);
      const lock = await locked(out);
      try {
        return new StudyFolder(out, isNew ? record : await goOn(out, record), lock);
      } catch (error) {
        await lock.release();
        throw error;
      }
    }
    const wished = join('studies', `${timeName(record.startedAt)}-${record.study}`);
    const place = await firstFree(wished, (path) => folderStorage.makeFolder(path, RECORD_FILE, bytes));
    return new StudyFolder(place, record, await locked(place));
  }

  /** Saves one more training. */
  async add(result: TrainingResult): Promise<void> {
    this.record = { ...this.record, results: [...this.record.results, result] };
    await this.#save();
  }

  /** Saves what came of it, and its pictures and table. */
  async finish({ effects, answer }: Findings, files: Readonly<Record<string, string>>): Promise<StudyRecord> {
    for (const [name, content] of Object.entries(files)) await this.#write(name, new TextEncoder().encode(content));
    this.record = { ...this.record, finishedAt: new Date().toISOString(), effects, answer };
    await this.#save();
    return this.record;
  }

  /** Lets others go on with it. */
  close(): Promise<void> {
    return this.lock.release();
  }

  #save(): Promise<void> {
    return this.#write(RECORD_FILE, bytesOf(this.record));
  }

  #write(name: string, bytes: Uint8Array): Promise<void> {
    return folderStorage.write(join(this.place, name), bytes);
  }
}

function bytesOf(record: StudyRecord): Uint8Array {
  return new TextEncoder().encode(`${formatJson(record, 'The record of the study', 2)}\n`);
}

async function locked(place: string): Promise<StorageLock> {
  // Before a lock leaves a file where there is no study.
  if (!(await folderStorage.list(place))?.includes(RECORD_FILE)) throw taken(place);
  const lock = await folderStorage.lock(join(place, LOCK_FILE));
  if ('release' in lock) return lock;
  throw new CifraError('study-locked', `${place} is in use: ${lock.who}.`, lock.remedy);
}

function taken(place: string): CifraError {
  return new CifraError(
    'study-exists',
    `${place} was given as the folder for this study, but it is there already and holds none.`,
    'Give a new folder, or none to have one made: nothing is overwritten.',
  );
}

/** The record of a study that was interrupted, or shall have more seeds. */
async function goOn(place: string, wanted: StudyRecord): Promise<StudyRecord> {
  const file = join(place, RECORD_FILE);
  const bytes = await folderStorage.read(file);
  if (bytes === undefined) throw taken(place);
  const { finishedAt, effects: _, answer: __, ...found } = readStudyRecord(bytes, file);
  const differs = differenceOf(found, wanted);
  if (differs !== undefined) {
    throw new CifraError(
      'study-other',
      `${place} holds results that do not belong to this study: ${differs}.`,
      'Give the options it was begun with, or a new folder.',
    );
  }
  const isDone = wanted.seeds.every((seed) => found.seeds.includes(seed));
  if (finishedAt !== undefined && isDone) {
    throw new CifraError(
      'study-exists',
      `The study in ${place} has come to its end: ${found.seeds.length} seeds.`,
      'Give more --seeds to go on with it, or a new folder.',
    );
  }
  return { ...found, seeds: [...new Set([...found.seeds, ...wanted.seeds])].sort((a, b) => a - b) };
}

function differenceOf(found: StudyRecord, wanted: StudyRecord): string | undefined {
  if (found.study !== wanted.study) return `it is a study of ${found.study}`;
  if (found.dataset.hash !== wanted.dataset.hash) return `its images are others (${found.dataset.name})`;
  if (found.planSha256 !== wanted.planSha256) return 'it has other networks or another number of images';
  const engine = ({ backend }: StudyRecord): string => `${backend.name} ${backend.numerics} ${backend.kernels ?? ''}`;
  if (engine(found) !== engine(wanted)) return 'it was computed by another version of the engine';
  return undefined;
}

const resultCheck = object({
  variant: text,
  seed: count,
  steps: count,
  losses: list(object({ step: count, loss: number })),
  epochs: list(object({ step: count, accuracy: fraction })),
  readings: byName(object({ accuracy: fraction, errors: count, count })),
  imagesPerSecond: number,
  seconds: number,
  weightsSha256: text,
} satisfies Checks<TrainingResult>);

const effectCheck = object({
  contrast: text,
  outcome: text,
  seeds: list(count),
  differences: list(number),
  variantMean: number,
  baselineMean: number,
  estimate: number,
  interval: optional(object({ low: number, high: number })),
  verdict: text,
} satisfies Checks<Effect>);

const recordCheck = object({
  formatVersion: is('1', (value) => value === 1),
  study: text,
  planSha256: text,
  seeds: list(count),
  trainImages: count,
  cifraVersion: text,
  nodeVersion: text,
  command: list(text),
  dataset: object({ name: text, hash: text }),
  hardware: object({}),
  backend: object({ name: text, threads: count, numerics: text, kernels: optional(text) }),
  startedAt: time,
  finishedAt: optional(time),
  results: list(resultCheck),
  effects: optional(list(effectCheck)),
  answer: optional(list(text)),
} satisfies Checks<StudyRecord>);

/** @throws CifraError `study-damaged`, `study-version` */
function readStudyRecord(bytes: Uint8Array, file: string): StudyRecord {
  const fail = (problem: string): CifraError =>
    new CifraError('study-damaged', `${file} is damaged: ${problem}.`, 'Give a new folder to begin the study again.');
  const value = parseJsonBytes(bytes, fail);
  refuseNewer(value, 1, file, 'study-version');
  const problem = recordCheck(value, 'the record');
  if (problem !== undefined) throw fail(problem);
  return value as typeof value & StudyRecord;
}
