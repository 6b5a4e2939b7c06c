import { CifraError } from '../numeric/errors.js';
import { checkLimit } from './contents.js';
import { type Dataset, type DatasetEntry, type DatasetName, datasets } from './dataset.js';
import { firstLine } from './downloadFailure.js';
import {
  givenFolder,
  loadDataset,
  loadFromCache,
  loadFromFolder,
  type LoadOptions,
  unknownDataset,
} from './load.node.js';
import { syntheticDataset, type SyntheticOptions } from './syntheticDataset.js';

/** What a user may choose: a dataset, or `auto` for MNIST where it can be had and the synthetic digits otherwise. */
export type DatasetChoice = 'auto' | DatasetName;

export const datasetChoices: readonly DatasetChoice[] = ['auto', 'mnist', 'fashion-mnist', 'synthetic'];

export interface ResolvedDataset {
  readonly dataset: Dataset;
  /** What the user must be told and the run's record must say: that a choice was made for them, and why. */
  readonly notice: string | undefined;
}

export type ResolveOptions = LoadOptions & SyntheticOptions;

/** In `auto`, a network that does not answer must not keep anyone waiting: each mirror is asked once, and for so long. */
const AUTO_PATIENCE = { connectTimeout: 2500, pauses: [], lockTimeout: 10_000 };

/**
 * The dataset of the user's choice. `auto` tries, in this order, the given folder, the cache, the mirrors and the
 * synthetic digits, and says in `notice` what it could not use.
 * @throws CifraError `dataset-unknown`, `data-limit`, and for a choice other than `auto` what `loadDataset` throws; the
 *   signal's reason if it is aborted.
 */
export async function resolveDataset(choice: DatasetChoice, options: ResolveOptions = {}): Promise<ResolvedDataset> {
  switch (choice) {
    case 'auto':
      return resolveAuto(datasets.mnist, options);
    case 'synthetic':
      return { dataset: await syntheticDataset(options), notice: undefined };
    case 'mnist':
    case 'fashion-mnist':
      return { dataset: await loadDataset(choice, options), notice: undefined };
    default:
      throw unknownDataset(choice, datasetChoices);
  }
}

/** `auto`, for any dataset that is files. */
export async function resolveAuto(entry: DatasetEntry, options: ResolveOptions): Promise<ResolvedDataset> {
  checkLimit(options.limit);
  const reasons: string[] = [];
  const attempt = async (load: () => Promise<Dataset>): Promise<Dataset | undefined> => {
    try {
      return await load();
    } catch (error) {
      if (!(error instanceof CifraError)) throw error;
      reasons.push(firstLine(error));
      return undefined;
    }
  };

  const dir = givenFolder(options);
  const given = dir === undefined ? undefined : await attempt(() => loadFromFolder(entry, dir, options));
  if (given !== undefined) return { dataset: given, notice: undefined };

  const cached = await attempt(() => loadFromCache(entry, { ...AUTO_PATIENCE, ...options }));
  if (cached !== undefined) {
    const notice = dir === undefined ? undefined : `The given folder was not used: ${reasons[0]}`;
    return { dataset: cached, notice: notice && `${notice} The data come from another place: ${cached.source}.` };
  }
  const dataset = await syntheticDataset(options);
  return {
    dataset,
    notice: `${entry.title} could not be had, so these are Cifra's synthetic digits, and no figure here is one of ${entry.title}'s. Why: ${reasons.join(' ')}`,
  };
}
