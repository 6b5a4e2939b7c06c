import { CifraError } from '../../../src/numeric/errors.js';
import { metricsRow } from '../../../src/recording/epochRow.js';
import { type BrowserMachine, originOf } from '../../../src/recording/record.js';
import { PROGRESS_FILE, readProgress } from '../../../src/report/progress.js';
import { formatMetrics, readMetrics } from '../../../src/runs/metrics.js';
import { decodeModel } from '../../../src/runs/modelFile.js';
import { formatRecord, readRecord, type RunRecord } from '../../../src/runs/runRecord.js';
import {
  CHECKPOINT_FILE,
  checkpointFile,
  folderName,
  METRICS_FILE,
  MODEL_FILE,
  RECORD_FILE,
} from '../../../src/runs/runStore.js';
import { decodeSafetensors } from '../../../src/runs/safetensors.js';
import { decodeCheckpoint, originDifference } from '../../../src/train/checkpointFile.js';
import { recipeFrom } from '../../../src/train/recipe.js';
import type { NamedFile } from '../train/trainerApi.js';
import { findRun, notARun } from './givenRun.js';
import type { PageRuns } from './runs.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** A run that is whole and sound. */
interface CheckedRun {
  readonly name: string;
  readonly files: ReadonlyMap<string, Bytes>;
}

/** What belongs to a run beside the files that are read: plain names, no locks, nothing half-written. */
const FURTHER_FILE = /^[\p{L}\p{N}_][\p{L}\p{N}_. -]*(?<!\.part|\.lock)$/u;

/**
 * Takes up a run from elsewhere: a .zip of its folder, the folder's files, or a checkpoint alone. It is kept whole or
 * not at all.
 * @returns its place
 * @throws CifraError `not-a-run`, `run-unwritable`, and what is wrong with a file
 */
export async function importRun(runs: PageRuns, given: readonly NamedFile[], machine: BrowserMachine): Promise<string> {
  const [file] = given;
  const isAlone = given.length === 1 && file !== undefined && file.path.endsWith('.safetensors');
  const { name, files } = isAlone ? await ofCheckpoint(file, machine) : await ofFolder(given);
  return runs.add(name, files);
}

async function ofFolder(given: readonly NamedFile[]): Promise<CheckedRun> {
  const { name, files } = await findRun(given);
  const record = readRecord(files.get(RECORD_FILE)!, RECORD_FILE);
  recipeFrom(record.recipe, `The recipe in ${RECORD_FILE}`);
  const kept = new Map<string, Bytes>();
  for (const [file, bytes] of files) {
    if (!FURTHER_FILE.test(file)) continue;
    await check(file, bytes, record);
    kept.set(file, bytes);
  }
  return { name: name === undefined ? nameOf(record) : name.replace(/[^\p{L}\p{N}._-]+/gu, '-'), files: kept };
}

/** @throws CifraError what is wrong with one of the run's own files */
async function check(file: string, bytes: Bytes, record: RunRecord): Promise<void> {
  if (file === METRICS_FILE) readMetrics(bytes, file);
  else if (file === MODEL_FILE) decodeModel(bytes, file);
  else if (file === PROGRESS_FILE) readProgress(bytes, file);
  else if (CHECKPOINT_FILE.test(file)) {
    const { checkpoint, origin } = await decodeCheckpoint(bytes, file);
    const difference =
      file === checkpointFile(checkpoint.model.steps)
        ? originDifference(originOf(record), origin)
        : `it is of step ${checkpoint.model.steps}`;
    if (difference !== undefined) {
      throw new CifraError(
        'run-damaged',
        `${file} does not belong to this run: ${difference}.`,
        'Take it away, or give it alone.',
      );
    }
  }
}

/** A run of what a checkpoint says of itself: recipe, seed and dataset, and the epochs so far. */
async function ofCheckpoint({ path, bytes }: NamedFile, machine: BrowserMachine): Promise<CheckedRun> {
  refuseModel(path, bytes);
  const { checkpoint, origin } = await decodeCheckpoint(bytes, path);
  recipeFrom(origin.recipe, `The recipe in ${path}`);
  const { steps } = checkpoint.model;
  const file = path.slice(path.lastIndexOf('/') + 1);
  const { version, kernels, numerics } = origin.engine;
  const record: RunRecord = {
    ...machine,
    cifraVersion: version,
    recipe: origin.recipe,
    seed: origin.seed,
    dataset: { ...origin.dataset, source: `what ${file} was trained on`, sha256: {} },
    backend: { name: 'wasm', threads: machine.hardware.cores, numerics, kernels },
    startedAt: new Date().toISOString(),
    note: `Begun elsewhere, and taken up from ${file}, after ${steps} steps.`,
  };
  const rows = checkpoint.history.map(metricsRow);
  const metrics = rows.map((row, i) => formatMetrics(row, i === 0 ? undefined : Object.keys(rows[0]!))).join('');
  const text = new TextEncoder();
  return {
    name: nameOf(record),
    files: new Map([
      [RECORD_FILE, text.encode(formatRecord(record))],
      ...(metrics === '' ? [] : [[METRICS_FILE, text.encode(metrics)] as const]),
      [checkpointFile(steps), bytes],
    ]),
  };
}

/** A model lacks what training goes on from. */
function refuseModel(path: string, bytes: Bytes): void {
  if (decodeSafetensors(bytes, path).metadata.get('format') !== 'cifra') return;
  throw notARun(`${path} is a model, which can be read with, but not trained on from where it was`);
}

function nameOf({ recipe, seed, startedAt }: RunRecord): string {
  return folderName({ name: recipeFrom(recipe).name, seed, startedAt: new Date(startedAt) });
}
