import { CifraError } from '../numeric/errors.js';
import { type Checks, count, fraction, is, list, number, object, optional, text } from './checks.js';
import { refuseNewer } from './formatVersion.js';
import { formatJson, type Json, parseJsonBytes } from './json.js';
import { beginChecks, nodeChecks, type NodeRecord } from './runRecord.js';

/** What is to be known of an ensemble: the ensemble.json in its folder, beside the folders of its members' runs. */
export interface EnsembleRecord extends Omit<NodeRecord, 'resumed' | 'result' | 'note'> {
  /** How many members it shall have: their seeds are `seed` and those that follow it. */
  readonly size: number;
  /** Those that are trained, in the order of their seeds. */
  readonly members: readonly MemberRecord[];
  /** Left out until all are. */
  readonly result?: EnsembleResult;
}

export interface MemberRecord {
  readonly seed: number;
  /** Of its run, in the ensemble's folder. */
  readonly folder: string;
  readonly weightsSha256: string;
  readonly testAccuracy: number;
  readonly testErrors: number;
}

/** How the mean of the members' probabilities reads the test images. */
export interface EnsembleResult {
  readonly testAccuracy: number;
  readonly testErrors: number;
  readonly testCount: number;
  /** The accuracy's 95% confidence interval (Wilson). */
  readonly interval: readonly number[];
  readonly loss: number;
  /** The expected calibration error, by 15 bins, from 0 to 1. */
  readonly ece: number;
}

export const ENSEMBLE_FILE = 'ensemble.json';
/** The most members an ensemble may have. */
export const MOST_MEMBERS = 100;

/** The name of a member's folder in the ensemble's. */
export function memberFolder(seed: number): string {
  return `seed-${seed}`;
}

/** The text of an ensemble.json. @throws CifraError `ensemble-record` if a value is not what it must be, `json-number` */
export function formatEnsemble(record: EnsembleRecord): string {
  const problem = recordProblem(record, 'the record');
  if (problem !== undefined) {
    throw new CifraError('ensemble-record', `This record of an ensemble cannot be saved: ${problem}.`);
  }
  return `${formatJson(record, 'The record of the ensemble', 2)}\n`;
}

/**
 * The record in the bytes of an ensemble.json, which messages call `file`.
 * @throws CifraError `ensemble-damaged`, `ensemble-version`
 */
export function readEnsemble(bytes: Uint8Array, file: string): EnsembleRecord {
  const fail = (problem: string): CifraError =>
    new CifraError(
      'ensemble-damaged',
      `${file} is damaged: ${problem}.`,
      'The runs of the members beside it can be used one by one.',
    );
  const value = parseJsonBytes(bytes, fail);
  refuseNewer(value, 1, file, 'ensemble-version');
  const problem = recordProblem(value, 'the record') ?? membersProblem(value as Json & EnsembleRecord);
  if (problem !== undefined) throw fail(problem);
  return value as Json & EnsembleRecord;
}

const recordProblem = object({
  ...beginChecks,
  ...nodeChecks,
  size: is(`a whole number from 1 to ${MOST_MEMBERS}`, (value) => {
    return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MOST_MEMBERS;
  }),
  members: list(
    object({
      seed: count,
      folder: text,
      weightsSha256: text,
      testAccuracy: fraction,
      testErrors: count,
    } satisfies Checks<MemberRecord>),
  ),
  result: optional(
    object({
      testAccuracy: fraction,
      testErrors: count,
      testCount: count,
      interval: list(fraction),
      loss: number,
      ece: fraction,
    } satisfies Checks<EnsembleResult>),
  ),
} satisfies Checks<EnsembleRecord>);

/** Folders come out of a file: none may lead elsewhere. */
function membersProblem({ seed, size, members }: EnsembleRecord): string | undefined {
  if (members.length > size) return `it has ${members.length} members, and ${size} are all`;
  const wrong = members.findIndex((member, i) => {
    return member.seed !== seed + i || member.folder !== memberFolder(member.seed);
  });
  return wrong < 0 ? undefined : `member ${wrong + 1} is not that of seed ${seed + wrong}`;
}
