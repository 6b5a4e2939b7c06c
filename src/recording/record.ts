import type { Dataset } from '../data/dataset.js';
import type { Backend } from '../engine/backend.js';
import type { Json } from '../runs/json.js';
import type { NodeRecord, RunRecord, Runtime } from '../runs/runRecord.js';
import { version } from '../runs/version.js';
import type { CheckpointOrigin } from '../train/checkpointFile.js';
import type { Recipe } from '../train/recipe.js';

/** What is trained, from which seed, on what and by what. */
export interface Start {
  readonly recipe: Recipe;
  readonly seed: number;
  readonly dataset: Dataset;
  /** What the user must be told of the dataset and the record must say. */
  readonly notice?: string | undefined;
  readonly backend: Pick<Backend, 'name' | 'threads' | 'numerics' | 'kernels'>;
}

/** What only Node knows of a run, */
export type NodeMachine = Pick<NodeRecord, 'formatVersion' | 'nodeVersion' | 'command' | 'hardware'>;
/** or a browser. */
export type BrowserMachine = Pick<RunRecord, 'hardware'> & { readonly formatVersion: 2; readonly browser: string };
export type Machine = NodeMachine | BrowserMachine;

/** What a record says of how a run was begun. */
export type BegunRecord = Pick<RunRecord, 'recipe' | 'seed' | 'dataset' | 'backend' | 'cifraVersion'>;

export function begunRecord({ recipe, seed, dataset, notice, backend }: Start): BegunRecord {
  const { name, threads, numerics, kernels } = backend;
  return {
    cifraVersion: version,
    recipe: toJson(recipe),
    seed,
    dataset: {
      name: dataset.name,
      source: dataset.source,
      hash: dataset.hash,
      sha256: dataset.sha256,
      ...(notice !== undefined && { notice }),
      trainCount: dataset.train.labels.length,
      testCount: dataset.test.labels.length,
    },
    backend: { name, threads, numerics, kernels },
  };
}

/** The record of a run that begins now. */
export function newRecord<M extends Machine>(
  start: Start,
  machine: M,
  startedAt: Date,
): BegunRecord & M & Pick<RunRecord, 'startedAt'> {
  return { ...begunRecord(start), ...machine, startedAt: startedAt.toISOString() };
}

/** What a run is, as its checkpoints say it. */
export function originOf({ recipe, seed, dataset, backend, cifraVersion }: BegunRecord): CheckpointOrigin {
  const { name, hash, trainCount, testCount } = dataset;
  const { kernels = '', numerics } = backend;
  return {
    recipe,
    seed,
    dataset: { name, hash, trainCount, testCount },
    engine: { version: cifraVersion, kernels, numerics },
  };
}

/** What a machine runs a training with. */
export function runtimeOf(machine: Machine): Runtime {
  return 'browser' in machine ? { browser: machine.browser } : { nodeVersion: machine.nodeVersion };
}

/** A recipe is JSON, which its type, with optional properties, cannot say. */
export function toJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
