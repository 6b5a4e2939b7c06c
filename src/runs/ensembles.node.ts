import { join } from 'node:path';
import { CifraError } from '../numeric/errors.js';
import {
  ENSEMBLE_FILE,
  type EnsembleRecord,
  formatEnsemble,
  memberFolder,
  type MemberRecord,
  readEnsemble,
} from './ensembleRecord.js';
import { folderRuns, folderStorage, readModel } from './folderRuns.node.js';
import { formatJson } from './json.js';
import { type Model, weightsSha256 } from './modelFile.js';
import type { RunRecord } from './runRecord.js';
import { lock, newPlace, RECORD_FILE } from './runStore.js';

/** An ensemble whose folder no other process writes to. */
export interface EnsembleFolder {
  readonly place: string;
  readonly record: EnsembleRecord;
  /** ensemble.json anew, whole or not at all. */
  writeRecord(record: EnsembleRecord): Promise<void>;
  close(): Promise<void>;
}

/** A new folder for an ensemble, with its record. @throws CifraError `run-exists`, `run-unwritable`, `run-locked` */
export async function createEnsemble(record: EnsembleRecord, name: string, out?: string): Promise<EnsembleFolder> {
  const { seed, size, startedAt } = record;
  const options = { name: `${name}-ensemble${size}`, seed, startedAt: new Date(startedAt), out };
  const bytes = new TextEncoder().encode(formatEnsemble(record));
  const place = await newPlace(folderStorage, 'runs', options, ENSEMBLE_FILE, bytes);
  return claimed(place, () => Promise.resolve(record));
}

/**
 * Makes an ensemble of the folder in which the runs of its members lie, or will.
 * @throws CifraError `ensemble-not-found` if there is no such folder, `run-unwritable`, `run-locked`
 */
export async function adoptEnsemble(record: EnsembleRecord, place: string): Promise<EnsembleFolder> {
  const names = await folderStorage.list(place);
  if (names === undefined) throw notFound(`there is no folder ${place}`);
  if (names.includes(RECORD_FILE)) throw notFound(`${place} is the folder of one run`);
  const folder = await claimed(place, () => Promise.resolve(record));
  await folder.writeRecord(record);
  return folder;
}

/** Goes on with an ensemble. @throws CifraError `run-locked`, and what `readEnsembleRecord` throws */
export async function resumeEnsemble(place: string): Promise<EnsembleFolder> {
  await ensembleRecord(place);
  return claimed(place, () => ensembleRecord(place));
}

async function claimed(place: string, read: () => Promise<EnsembleRecord>): Promise<EnsembleFolder> {
  const held = await lock(folderStorage, place);
  try {
    const path = join(place, ENSEMBLE_FILE);
    return {
      place,
      record: await read(),
      writeRecord: async (record) => folderStorage.write(path, new TextEncoder().encode(formatEnsemble(record))),
      close: () => held.release(),
    };
  } catch (error) {
    await held.release();
    throw error;
  }
}

/**
 * The record of the ensemble in this folder; undefined if it is the folder of none.
 * @throws CifraError `ensemble-damaged`, `ensemble-version`, `run-unreadable`
 */
export async function readEnsembleRecord(place: string): Promise<EnsembleRecord | undefined> {
  if ((await folderStorage.list(place)) === undefined) return undefined;
  const path = join(place, ENSEMBLE_FILE);
  const bytes = await folderStorage.read(path);
  return bytes && readEnsemble(bytes, path);
}

/** The same, where there must be one. @throws CifraError `ensemble-not-found`, and what `readEnsembleRecord` throws */
export async function ensembleRecord(place: string): Promise<EnsembleRecord> {
  const record = await readEnsembleRecord(place);
  if (record) return record;
  throw notFound(`${place} holds no ${ENSEMBLE_FILE}`);
}

function notFound(problem: string): CifraError {
  return new CifraError(
    'ensemble-not-found',
    `No ensemble was found: ${problem}.`,
    'Give the folder that the training named when it began.',
  );
}

/**
 * The record of a member's run; undefined if it was not begun yet.
 * @throws CifraError what `openRun` throws
 */
export async function memberRun(place: string, seed: number): Promise<RunRecord | undefined> {
  const folder = join(place, memberFolder(seed));
  if ((await folderStorage.list(folder)) === undefined) return undefined;
  return (await folderRuns().openRun(folder)).record;
}

/**
 * The models of a whole ensemble, in the order of their seeds.
 * @throws CifraError `ensemble-unfinished`, `ensemble-member` where a member is not the one that was trained or not of the
 *   same network and classes, and what reading models throws
 */
export async function readMembers(place: string, { size, members }: EnsembleRecord): Promise<Model[]> {
  if (members.length < size) {
    throw new CifraError(
      'ensemble-unfinished',
      `${place} is an ensemble of ${size}, of which ${members.length} are trained.`,
      `Train the others: cifra train --resume ${place}. Or give the folder of one member.`,
    );
  }
  const models: Model[] = [];
  for (const member of members) models.push(await readMember(place, member, models[0]));
  return models;
}

/**
 * The model of one member, which is held against that of another.
 * @throws CifraError `ensemble-member`, and what reading a model throws
 */
export async function readMember(
  place: string,
  { seed, folder, weightsSha256: expected }: Pick<MemberRecord, 'seed' | 'folder' | 'weightsSha256'>,
  other?: Model,
): Promise<Model> {
  const path = join(place, folder);
  const model = await readModel(path);
  const problem = await memberProblem(model, expected, other);
  if (problem === undefined) return model;
  throw new CifraError(
    'ensemble-member',
    `${path}, the member of seed ${seed}, cannot be used: ${problem}.`,
    `Copy it again, or delete the folder and train it again: cifra train --resume ${place}.`,
  );
}

/** What is wrong with a member, beside another. */
async function memberProblem(model: Model, expected: string, other: Model = model): Promise<string | undefined> {
  const weights = new Map([...model.weights].map(([name, { data }]) => [name, data]));
  if ((await weightsSha256(weights)) !== expected) return 'its weights are not those that were trained';
  const [network, otherNetwork] = [model, other].map((one) => formatJson(one.network, 'The network'));
  if (network !== otherNetwork) return 'its network is another one than that of the first member';
  const [names, otherNames] = [model, other].map(({ metadata }) => metadata.classNames?.join('\n'));
  return names === otherNames ? undefined : 'its classes are others than those of the first member';
}
