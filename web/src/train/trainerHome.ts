import type { CifraError } from '../../../src/numeric/errors.js';
import type { Emit } from '../channel/serve.js';
import { Database } from '../storage/database.js';
import { KeptDatasets } from '../storage/datasets.js';
import { indexedDbStorage } from '../storage/indexedDbStorage.js';
import { pageMemoryStorage } from '../storage/memoryStorage.js';
import { PageRuns } from '../storage/runs.js';
import type { TrainerEvents } from './trainerApi.js';
import { TrainerData } from './trainerData.js';

/** Where the trainer has its runs and images. */
export interface TrainerHome {
  readonly runs: PageRuns;
  readonly data: TrainerData;
}

/** In the browser's database; where the browser keeps nothing, in memory, and the page is told so. */
export async function openHome(emit: Emit<TrainerEvents>, database = new Database()): Promise<TrainerHome> {
  const storage = indexedDbStorage(database);
  try {
    await storage.folders();
    return { runs: new PageRuns(storage), data: trainerData(emit, new KeptDatasets(database)) };
  } catch (error) {
    emit('warning', {
      code: 'storage-blocked',
      message: `Nothing can be kept in this browser, so runs last as long as this page is open: download what you want to keep. ${(error as CifraError).message}`,
    });
    return { runs: new PageRuns(pageMemoryStorage()), data: trainerData(emit, undefined) };
  }
}

function trainerData(emit: Emit<TrainerEvents>, kept: KeptDatasets | undefined): TrainerData {
  return new TrainerData(kept, {
    loading: (what, done, total) => emit('state', { name: 'loading', what, done, total }),
    warn: ({ code, message }) => emit('warning', { code, message }),
  });
}
