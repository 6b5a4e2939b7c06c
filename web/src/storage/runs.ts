import { CifraError } from '../../../src/numeric/errors.js';
import { checkpointNames, firstFree, lock, runsIn, type RunStore, type StoredRun } from '../../../src/runs/runStore.js';
import { epochsOf, recipeFrom } from '../../../src/train/recipe.js';
import type { KeptRun, UnreadableRun } from '../train/trainerApi.js';
import { type PageStorage, partsOf } from './pageStorage.js';

/** The folder of all runs, as the command line has it. */
const ROOT = 'runs';

/** The runs that are kept in this browser. */
export class PageRuns {
  readonly store: RunStore;

  constructor(readonly storage: PageStorage) {
    this.store = runsIn(storage, ROOT);
  }

  /** The newest first, then those that cannot be read. @throws CifraError `run-unreadable` where there is no storage */
  async list(): Promise<(KeptRun | UnreadableRun)[]> {
    const runs: KeptRun[] = [];
    const others: UnreadableRun[] = [];
    for (const { path, bytes } of await this.storage.folders()) {
      try {
        runs.push({ ...(await this.#about(path)), bytes });
      } catch (error) {
        if (!(error instanceof CifraError)) throw error;
        others.push({ place: path, bytes, why: error.message });
      }
    }
    return [...runs.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)), ...others];
  }

  /** @throws CifraError what `RunStore.openRun` and `recipeFrom` throw */
  async about(place: string): Promise<KeptRun> {
    const folder = (await this.storage.folders()).find(({ path }) => path === place);
    return { ...(await this.#about(place)), bytes: folder?.bytes ?? 0 };
  }

  async #about(place: string): Promise<Omit<KeptRun, 'bytes'>> {
    const { record, metrics }: StoredRun = await this.store.openRun(place);
    const recipe = recipeFrom(record.recipe, `The recipe of ${place}`);
    const [newest] = await checkpointNames(this.storage, place);
    return {
      place,
      recipe: recipe.name,
      seed: record.seed,
      dataset: record.dataset.name,
      startedAt: record.startedAt,
      epochs: metrics.length,
      totalEpochs: epochsOf(recipe),
      steps: newest === undefined ? undefined : Number(/\d+/.exec(newest)?.[0]),
      testAccuracy: record.result?.testAccuracy,
    };
  }

  /** @throws CifraError `run-locked` if it is open in another tab, `run-unwritable` */
  async remove(place: string): Promise<void> {
    const held = await lock(this.storage, place);
    try {
      await this.storage.removeFolder(place);
    } finally {
      await held.release();
    }
  }

  /** A place in which nothing is, named as wished or with -2, -3 … . */
  add(name: string, files: ReadonlyMap<string, Uint8Array>): Promise<string> {
    return firstFree(this.storage.join(ROOT, name), (place) => this.storage.addFolder(place, files));
  }

  /** @throws CifraError `run-not-found` */
  async files(place: string): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
    const files = await this.storage.readFolder(place);
    if (files) return files;
    throw new CifraError(
      'run-not-found',
      `There is no run ${nameOf(place)} in this browser.`,
      'It may have been removed.',
    );
  }
}

/** What a run is called: its folder's name. */
export function nameOf(place: string): string {
  return partsOf(place)[1];
}
