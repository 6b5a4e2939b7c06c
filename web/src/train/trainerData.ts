import { assemble, type Contents, readContent } from '../../../src/data/contents.js';
import {
  type Dataset,
  datasets,
  type DatasetEntry,
  type DatasetName,
  fileRoles,
  type FileRole,
} from '../../../src/data/dataset.js';
import type { DataProgress } from '../../../src/data/download.js';
import { fetchDataset } from '../../../src/data/fetchDataset.js';
import { findDataset } from '../../../src/data/givenFiles.js';
import { syntheticDataset } from '../../../src/data/syntheticDataset.js';
import { CifraError } from '../../../src/numeric/errors.js';
import type { KeptDatasets } from '../storage/datasets.js';
import type { KnownDataset, NamedFile } from './trainerApi.js';

export interface DataEvents {
  loading(what: string, done: number, total: number): void;
  warn(error: CifraError): void;
}

type Limit = { readonly train: number; readonly test: number } | number | undefined;

/** What can be trained on, here and now. */
export class TrainerData {
  /** Files that the browser would not keep. */
  readonly #held = new Map<DatasetName, Contents>();
  /** The last one: trainings that follow each other are mostly on the same images. */
  #last: { readonly key: string; readonly dataset: Promise<Dataset> } | undefined;

  /** @param kept undefined where the browser keeps nothing */
  constructor(
    private readonly kept: KeptDatasets | undefined,
    private readonly events: DataEvents,
  ) {}

  async known(): Promise<KnownDataset[]> {
    const here = await this.#namesHere();
    const files = Object.values(datasets).map(({ name }) => {
      const isHere = here.includes(name);
      return { name, here: isHere, source: isHere ? this.#sourceOf(name) : undefined };
    });
    return [...files, { name: 'synthetic', here: true, source: 'made by Cifra' }];
  }

  async add(given: readonly NamedFile[]): Promise<KnownDataset> {
    const { entry, files } = await findDataset(given);
    return this.#keep(entry, files);
  }

  async fetch(name: DatasetName): Promise<KnownDataset> {
    if (name === 'synthetic') return { name, here: true, source: 'made by Cifra' };
    const entry = entryOf(name);
    const { navigator }: { navigator?: { onLine?: boolean } } = globalThis;
    if (navigator?.onLine === false) {
      throw new CifraError(
        'download-failed',
        `${entry.title} cannot be fetched: this browser is offline.`,
        'Drop its four files here, or train on synthetic digits, which need no network.',
      );
    }
    return this.#keep(entry, await fetchDataset(entry, { onProgress: (progress) => this.#tell(progress) }));
  }

  /** @throws CifraError `data-not-here`, `data-limit`, `data-damaged` */
  load(name: DatasetName, limit: Limit): Promise<Dataset> {
    const key = JSON.stringify([name, limit]);
    if (this.#last?.key === key) return this.#last.dataset;
    const dataset = this.#load(name, limit);
    this.#last = { key, dataset };
    dataset.catch(() => (this.#last = undefined));
    return dataset;
  }

  async #load(name: DatasetName, limit: Limit): Promise<Dataset> {
    if (name === 'synthetic') return syntheticDataset({ limit, onProgress: (progress) => this.#tell(progress) });
    const entry = entryOf(name);
    this.events.loading(entry.title, 0, 0);
    const held = this.#held.get(name);
    const contents = held ? await unpacked(entry, held) : await this.kept?.read(entry, fileRoles);
    if (contents) return assemble(entry, contents, this.#sourceOf(name), limit);
    throw new CifraError(
      'data-not-here',
      `This browser does not have ${entry.title}.`,
      `Drop its four files (from ${entry.mirrors[0]}), or have them fetched where its servers allow it.`,
    );
  }

  async #keep(entry: DatasetEntry, files: Contents): Promise<KnownDataset> {
    try {
      if (!this.kept) throw new CifraError('data-unwritable', `${entry.title} cannot be kept in this browser.`);
      await this.kept.keep(entry, files);
    } catch (error) {
      if (!(error instanceof CifraError)) throw error;
      this.#held.set(entry.name, files);
      this.events.warn(error);
    }
    return { name: entry.name, here: true, source: this.#sourceOf(entry.name) };
  }

  async #namesHere(): Promise<DatasetName[]> {
    // What cannot be read is not here.
    const kept = await this.kept?.names().catch(() => []);
    return [...(kept ?? []), ...this.#held.keys()];
  }

  #sourceOf(name: DatasetName): string {
    return this.#held.has(name) ? 'files given to the page' : 'files kept in this browser';
  }

  #tell(progress: DataProgress): void {
    if (progress.kind === 'generate') this.events.loading('synthetic digits', progress.done, progress.total);
    if (progress.kind === 'download') this.events.loading(progress.file, progress.received, progress.total ?? 0);
  }
}

/** Names come out of files of runs, too. */
function entryOf(name: string): DatasetEntry {
  const entry = Object.values(datasets).find((candidate) => candidate.name === name);
  if (entry) return entry;
  throw new CifraError('dataset-unknown', `This page does not know the dataset "${name}".`, 'Go on where it is known.');
}

async function unpacked(entry: DatasetEntry, files: Contents): Promise<Contents> {
  const contents: Partial<Record<FileRole, Contents[FileRole]>> = {};
  for (const role of fileRoles) contents[role] = await readContent(entry, role, files[role], role);
  return contents as Contents;
}
