import type { ResolvedDataset } from '../data/resolve.node.js';
import type { Backend } from '../engine/backend.js';
import { folderRuns } from '../runs/folderRuns.node.js';
import { hardware } from '../runs/hardware.node.js';
import type { Json } from '../runs/json.js';
import { weightsSha256 } from '../runs/modelFile.js';
import { RECORD_VERSION, type RunRecord } from '../runs/runRecord.js';
import type { Run } from '../runs/runStore.js';
import { version } from '../runs/version.js';
import type { EpochLog } from '../train/callbacks/callback.js';
import type { Model } from '../train/model.js';
import { encode } from '../train/modelFile.js';
import type { Recipe } from '../train/recipe.js';
import type { TestResult } from './testResult.js';

export interface RunStart {
  readonly recipe: Recipe;
  readonly seed: number;
  readonly resolved: ResolvedDataset;
  readonly backend: Backend;
  readonly out: string | undefined;
}

/** An epoch's figures as they are recorded and given to programs. */
export interface EpochRow {
  readonly epoch: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number | null;
  readonly valLoss: number | null;
  readonly valAccuracy: number | null;
  readonly imagesPerSecond: number;
  readonly seconds: number;
}

export function epochRow(log: EpochLog): EpochRow {
  return {
    epoch: log.epoch,
    trainLoss: log.loss,
    trainAccuracy: log.accuracy ?? null,
    valLoss: log.valLoss ?? null,
    valAccuracy: log.valAccuracy ?? null,
    imagesPerSecond: Math.round(log.imagesPerSecond * 10) / 10,
    seconds: seconds(log.seconds),
  };
}

/** The folder of a training that goes on: run.json, metrics.csv and the model as it was after the last epoch. */
export class RunFolder {
  #savedEpochs = 0;

  private constructor(
    private readonly run: Run,
    private readonly record: RunRecord,
    private readonly recipe: Recipe,
    private readonly classNames: readonly string[],
    private readonly started: number,
  ) {}

  /** @param started when the command began, as `performance.now()` gives it */
  static async begin({ recipe, seed, resolved, backend, out }: RunStart, started: number): Promise<RunFolder> {
    const { dataset, notice } = resolved;
    const startedAt = new Date();
    const run = await folderRuns().createRun({ name: recipe.name, seed, startedAt, out });
    const record: RunRecord = {
      formatVersion: RECORD_VERSION,
      cifraVersion: version,
      nodeVersion: process.version,
      command: ['cifra', ...process.argv.slice(2)],
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
      hardware: hardware(),
      backend: { name: backend.name, threads: backend.threads, numerics: backend.numerics },
      startedAt: startedAt.toISOString(),
    };
    await run.writeRecord(record);
    return new RunFolder(run, record, recipe, dataset.classNames, started);
  }

  get place(): string {
    return this.run.place;
  }

  /** How many epochs the saved model has been trained; 0: no model is saved yet. */
  get savedEpochs(): number {
    return this.#savedEpochs;
  }

  async saveEpoch(log: EpochLog, model: Model): Promise<void> {
    await this.run.appendMetrics({ ...epochRow(log), learningRate: log.learningRate });
    await this.#saveModel(model, { epochs: log.epoch });
    this.#savedEpochs = log.epoch;
  }

  /** @returns what the run came to, as it is recorded */
  async finish(model: Model, test: TestResult): Promise<NonNullable<RunRecord['result']>> {
    await this.#saveModel(model, { epochs: model.epochs, testAccuracy: test.accuracy });
    const result = {
      testAccuracy: test.accuracy,
      testErrors: test.errors,
      testCount: test.count,
      weightsSha256: await weightsSha256(model.getWeights()),
      seconds: seconds((performance.now() - this.started) / 1000),
    };
    await this.run.writeRecord({ ...this.record, finishedAt: new Date().toISOString(), result });
    return result;
  }

  /** Records why the run did not come to its end. */
  async stop(why: string): Promise<void> {
    const saved = this.#savedEpochs === 0 ? 'No model was saved.' : `The model is that of epoch ${this.#savedEpochs}.`;
    await this.run.writeRecord({ ...this.record, note: `${why} ${saved}` });
  }

  async #saveModel(model: Model, progress: Readonly<Record<string, number>>): Promise<void> {
    const { network: _, ...recipe } = this.recipe;
    const { name, hash, notice } = this.record.dataset;
    const bytes = encode(model, {
      training: {
        recipe: toJson(recipe),
        seed: this.record.seed,
        dataset: { name, hash, ...(notice !== undefined && { notice }) },
        ...progress,
      },
      classNames: this.classNames,
    });
    await this.run.writeModel(bytes);
  }
}

function seconds(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** A recipe is JSON, which its type, with optional properties, cannot say. */
function toJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
