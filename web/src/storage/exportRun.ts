import { type Zippable, zipSync } from 'fflate';
import { CifraError } from '../../../src/numeric/errors.js';
import { checkpointNames, MODEL_FILE } from '../../../src/runs/runStore.js';
import type { NamedFile } from '../train/trainerApi.js';
import { nameOf, type PageRuns } from './runs.js';

/** The run's folder as a .zip, stored as it is: weights do not compress. */
export async function exportRun(runs: PageRuns, place: string): Promise<NamedFile> {
  const name = nameOf(place);
  const folder: Zippable = {};
  for (const [file, bytes] of await runs.files(place)) folder[`${name}/${file}`] = bytes;
  return { path: `${name}.zip`, bytes: zipSync(folder, { level: 0 }) };
}

/** @throws CifraError `model-missing`, `run-not-found` */
export async function exportModel(runs: PageRuns, place: string): Promise<NamedFile> {
  const bytes = (await runs.files(place)).get(MODEL_FILE);
  if (bytes) return { path: `${nameOf(place)}.safetensors`, bytes };
  throw new CifraError(
    'model-missing',
    'This run has no model yet: it is saved when the first epoch has ended.',
    'Train to the end of an epoch, or download a checkpoint.',
  );
}

/** @throws CifraError `checkpoint-missing`, `run-not-found` */
export async function exportCheckpoint(runs: PageRuns, place: string): Promise<NamedFile> {
  const files = await runs.files(place);
  const [newest] = await checkpointNames(runs.storage, place);
  const bytes = newest === undefined ? undefined : files.get(newest);
  if (bytes) return { path: `${nameOf(place)}-${newest}`, bytes };
  throw new CifraError(
    'checkpoint-missing',
    'This run has no checkpoint: none was written yet, or it has come to its end.',
    'Train a step, or download the model or the whole run.',
  );
}
