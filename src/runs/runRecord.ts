import { CifraError } from '../numeric/errors.js';
import {
  byName,
  type Check,
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
} from './checks.js';
import { refuseNewer } from './formatVersion.js';
import { formatJson, isObject, type Json, parseJsonBytes } from './json.js';

/** What is to be known of a run to judge it and to repeat it: its run.json. */
export interface RunRecord extends Runtime {
  /** 1 where Node began it; 2 in a browser. */
  readonly formatVersion: 1 | 2;
  readonly cifraVersion: string;
  /** The command as it was given, a word each; left out by browsers. */
  readonly command?: readonly string[];
  readonly recipe: Json;
  readonly seed: number;
  readonly dataset: DatasetRecord;
  readonly hardware: Hardware;
  readonly backend: {
    readonly name: string;
    readonly threads: number;
    readonly numerics: string;
    /** Names the code that computed. Left out by earlier versions. */
    readonly kernels?: string;
  };
  /** When it was gone on with after an interruption, after how many steps, and by what: earlier versions do not say. */
  readonly resumed?: readonly (Runtime & { readonly at: string; readonly steps: number })[];
  /** As `Date.toISOString` writes it. */
  readonly startedAt: string;
  /** Left out while the run goes on, and for ever if it was stopped. */
  readonly finishedAt?: string;
  readonly result?: RunResult;
  readonly note?: string;
}

/** The record of a run that Node began. */
export interface NodeRecord extends RunRecord {
  readonly formatVersion: 1;
  readonly nodeVersion: string;
  readonly command: readonly string[];
  readonly hardware: Required<Hardware>;
}

/** What runs a training: one of the two. */
export interface Runtime {
  /** As Node says it: `v20.19.0`. */
  readonly nodeVersion?: string;
  /** As the browser says it: its user agent. */
  readonly browser?: string;
}

export interface DatasetRecord {
  readonly name: string;
  /** Where it came from, in plain words. */
  readonly source: string;
  /** One SHA-256 for all of it. */
  readonly hash: string;
  /** The SHA-256 of each file. */
  readonly sha256: Readonly<Record<string, string>>;
  /** What a reader of the results must know, such as that the digits are synthetic. */
  readonly notice?: string;
  /** Images used. */
  readonly trainCount: number;
  readonly testCount: number;
}

/** The machine, as far as it can be told: browsers say little. */
export interface Hardware {
  readonly cpu?: string;
  /** Cores that this process may use. */
  readonly cores: number;
  /** In GiB. */
  readonly memoryGb?: number;
  /** Operating system and architecture: `linux x64`. */
  readonly platform: string;
}

export interface RunResult {
  /** The fraction of the test images that were recognized, 0 to 1. */
  readonly testAccuracy: number;
  readonly testErrors: number;
  readonly testCount: number;
  readonly weightsSha256: string;
  /** How the probabilities were calibrated, where the recipe asks for it. */
  readonly calibration?: CalibrationRecord;
  /** Of the whole run. */
  readonly seconds: number;
}

/** A temperature, found on held-out images, and how good their probabilities were before and after. */
export interface CalibrationRecord {
  readonly type: 'temperature';
  readonly temperature: number;
  readonly images: number;
  /** Mean negative log-likelihood, and expected calibration error from 0 to 1. */
  readonly before: { readonly nll: number; readonly ece: number };
  readonly after: { readonly nll: number; readonly ece: number };
}

/** The newest that is read. Runs that Node began are written as 1, which earlier versions of Cifra read. */
const NEWEST_VERSION = 2;
/** In bytes. */
const LARGEST_FILE = 16_000_000;

/**
 * The text of a run.json.
 * @throws CifraError `run-record` if a value is not what it must be, `json-number`
 */
export function formatRecord(record: RunRecord): string {
  const problem = recordProblem(record, 'the record');
  if (problem !== undefined) {
    throw new CifraError('run-record', `This record of a run cannot be saved: ${problem}.`, 'See the type RunRecord.');
  }
  return `${formatJson(record, 'The record of the run', 2)}\n`;
}

/**
 * The record in the bytes of a run.json, which messages call `file`.
 * @throws CifraError `run-damaged`, `run-version`
 */
export function readRecord(bytes: Uint8Array, file: string): RunRecord {
  const fail = (problem: string): CifraError =>
    new CifraError(
      'run-damaged',
      `${file} is damaged: ${problem}.`,
      'The model and the metrics beside it can still be used; to have the record again, repeat the run.',
    );
  if (bytes.length > LARGEST_FILE) throw fail(`it has ${bytes.length} bytes, and ${LARGEST_FILE} are the most`);
  const value = parseJsonBytes(bytes, fail);
  refuseNewer(value, NEWEST_VERSION, file, 'run-version');
  const problem = recordProblem(value, 'the record');
  if (problem !== undefined) throw fail(problem);
  return value as Json & RunRecord;
}

const quality = object({ nll: number, ece: fraction });

/** What a run and an ensemble have in common: how they were begun. */
export const beginChecks = {
  cifraVersion: text,
  recipe: is('a recipe', (value) => value !== undefined),
  seed: count,
  dataset: object({
    name: text,
    source: text,
    hash: text,
    sha256: byName(text),
    notice: optional(text),
    trainCount: count,
    testCount: count,
  } satisfies Checks<DatasetRecord>),
  backend: object({
    name: text,
    threads: count,
    numerics: text,
    kernels: optional(text),
  } satisfies Checks<RunRecord['backend']>),
  startedAt: time,
  finishedAt: optional(time),
};

/** What Node says of itself, and always did. */
export const nodeChecks = {
  formatVersion: is('1', (value) => value === 1),
  nodeVersion: text,
  browser: optional(text),
  command: list(text),
  hardware: object({ cpu: text, cores: count, memoryGb: number, platform: text } satisfies Checks<Hardware>),
};

/** And a browser. */
const browserChecks = {
  formatVersion: is('2', (value) => value === 2),
  nodeVersion: optional(text),
  browser: text,
  command: optional(list(text)),
  hardware: object({
    cpu: optional(text),
    cores: count,
    memoryGb: optional(number),
    platform: text,
  } satisfies Checks<Hardware>),
};

const runChecks = {
  resumed: optional(list(object({ at: time, steps: count, nodeVersion: optional(text), browser: optional(text) }))),
  result: optional(
    object({
      testAccuracy: fraction,
      testErrors: count,
      testCount: count,
      weightsSha256: text,
      calibration: optional(
        object({
          type: is('"temperature"', (value) => value === 'temperature'),
          temperature: number,
          images: count,
          before: quality,
          after: quality,
        } satisfies Checks<CalibrationRecord>),
      ),
      seconds: number,
    } satisfies Checks<RunResult>),
  ),
  note: optional(text),
};

const byNode = object({ ...nodeChecks, ...beginChecks, ...runChecks } satisfies Checks<RunRecord>);
const byBrowser = object({ ...browserChecks, ...beginChecks, ...runChecks } satisfies Checks<RunRecord>);
const recordProblem: Check = (value, name) =>
  (isObject(value) && value['formatVersion'] === 2 ? byBrowser : byNode)(value, name);
