import type { ResolvedDataset } from '../data/resolve.node.js';
import type { Backend } from '../engine/backend.js';
import { type Progress, PROGRESS_FILE } from '../report/index.js';
import { folderRuns } from '../runs/folderRuns.node.js';
import { hardware } from '../runs/hardware.node.js';
import type { Json } from '../runs/json.js';
import { weightsSha256 } from '../runs/modelFile.js';
import { RECORD_VERSION, type RunRecord } from '../runs/runRecord.js';
import type { Run } from '../runs/runStore.js';
import { version } from '../runs/version.js';
import type { Training } from '../train/callbacks/callback.js';
import type { EpochLog } from '../train/logs.js';
import type { TemperatureCalibration } from '../train/calibration.js';
import type { TrainingCheckpoint } from '../train/checkpoint.js';
import { type CheckpointOrigin, encodeCheckpoint } from '../train/checkpointFile.js';
import type { Model } from '../train/model.js';
import { encode } from '../train/modelFile.js';
import type { Recipe } from '../train/recipe.js';
import type { TestResult } from '../train/testModel.js';

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

const metricsRow = (log: EpochLog) => ({ ...epochRow(log), learningRate: log.learningRate });

/** When a checkpoint is written in the middle of an epoch. */
export interface Cadence {
  /** After every so many steps. Default: by time. */
  readonly everySteps?: number | undefined;
}

/** Without a number of steps, in milliseconds: what is lost at most, and seldom enough to cost next to nothing. */
const CHECKPOINT_INTERVAL = 30_000;

/** What a record says of how a run was begun. */
export type BegunRecord = Pick<RunRecord, 'recipe' | 'seed' | 'dataset' | 'backend' | 'cifraVersion'>;

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

/** The record of a run that begins now. */
export function newRecord(
  { recipe, seed, resolved, backend }: Omit<RunStart, 'out'>,
  startedAt: Date,
): Omit<RunRecord, 'resumed' | 'finishedAt' | 'result' | 'note'> {
  const { dataset, notice } = resolved;
  const { name, threads, numerics, kernels } = backend;
  return {
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
    backend: { name, threads, numerics, kernels },
    startedAt: startedAt.toISOString(),
  };
}

/** What a run had come to before this process took it up. */
export interface Before {
  readonly checkpoint: TrainingCheckpoint | undefined;
  readonly progress: Progress | undefined;
  readonly seconds: number;
}

/**
 * The folder of a training that goes on: run.json, metrics.csv, the model as it was after the last epoch, and until the
 * end checkpoints to go on from.
 */
export class RunFolder {
  #savedEpochs: number;
  #savedSteps: number;
  #savedAt = performance.now();

  private constructor(
    private readonly run: Run,
    private readonly record: RunRecord,
    private readonly recipe: Recipe,
    private readonly classNames: readonly string[],
    /** When the command began, as `performance.now()` gives it. */
    private readonly started: number,
    private readonly cadence: Cadence,
    private readonly before: Before = { checkpoint: undefined, progress: undefined, seconds: 0 },
  ) {
    this.#savedEpochs = before.checkpoint?.history.length ?? 0;
    this.#savedSteps = before.checkpoint?.model.steps ?? 0;
  }

  static async begin(start: RunStart, started: number, cadence: Cadence): Promise<RunFolder> {
    const startedAt = new Date();
    const record = newRecord(start, startedAt);
    const { recipe, seed, out } = start;
    const run = await folderRuns().createRun({ name: recipe.name, seed, startedAt, out, record });
    return new RunFolder(run, record, recipe, start.resolved.dataset.classNames, started, cadence);
  }

  /** Goes on with a run from a checkpoint, or from its beginning if there is none. */
  static async resume(
    run: Run,
    { note: _, ...record }: RunRecord,
    { recipe, resolved }: Pick<RunStart, 'recipe' | 'resolved'>,
    started: number,
    cadence: Cadence,
    before: Before,
  ): Promise<RunFolder> {
    const steps = before.checkpoint?.model.steps ?? 0;
    const resumed = [...(record.resumed ?? []), { at: new Date().toISOString(), steps }];
    await run.rewriteMetrics((before.checkpoint?.history ?? []).map(metricsRow));
    await run.writeRecord({ ...record, resumed });
    const { classNames } = resolved.dataset;
    return new RunFolder(run, { ...record, resumed }, recipe, classNames, started, cadence, before);
  }

  get place(): string {
    return this.run.place;
  }

  /** What the training shall go on from. */
  get checkpoint(): TrainingCheckpoint | undefined {
    return this.before.checkpoint;
  }

  /** What the run has kept of its way so far. */
  get progress(): Progress | undefined {
    return this.before.progress;
  }

  /** How many epochs the saved model has been trained; 0: no model is saved yet. */
  get savedEpochs(): number {
    return this.#savedEpochs;
  }

  /** After how many steps the newest checkpoint is; 0: there is none. */
  get savedSteps(): number {
    return this.#savedSteps;
  }

  saveProgress(text: string): Promise<void> {
    return this.run.writeFile(PROGRESS_FILE, text);
  }

  async saveEpoch(log: EpochLog, training: Training): Promise<void> {
    await this.run.appendMetrics(metricsRow(log));
    await this.#saveModel(training.model, { epochs: log.epoch });
    this.#savedEpochs = log.epoch;
    await this.#saveCheckpoint(training);
  }

  /** After a step: a checkpoint, where it is time for one or `now` is asked for. */
  async saveStep(training: Training, now: boolean): Promise<void> {
    const { everySteps } = this.cadence;
    const isTime =
      everySteps === undefined
        ? performance.now() - this.#savedAt >= CHECKPOINT_INTERVAL
        : training.model.steps % everySteps === 0;
    if (now || isTime) await this.#saveCheckpoint(training);
  }

  async #saveCheckpoint(training: Training): Promise<void> {
    const checkpoint = training.checkpoint();
    const { steps } = checkpoint.model;
    const bytes = await encodeCheckpoint({ checkpoint, origin: originOf(this.record), seconds: this.#seconds() });
    await this.run.writeCheckpoint(steps, bytes);
    this.#savedSteps = steps;
    this.#savedAt = performance.now();
  }

  /** @returns what the run came to, as it is recorded */
  async finish(
    model: Model,
    test: TestResult,
    calibration: TemperatureCalibration | undefined,
  ): Promise<NonNullable<RunRecord['result']>> {
    const known = {
      testAccuracy: test.accuracy,
      testErrors: test.errors,
      testCount: test.count,
      ...(calibration && { calibration }),
    };
    await this.#saveModel(model, { epochs: model.epochs, ...known });
    const result = {
      ...known,
      weightsSha256: await weightsSha256(model.getWeights()),
      seconds: seconds(this.#seconds()),
    };
    await this.run.writeRecord({ ...this.record, finishedAt: new Date().toISOString(), result });
    // The run is complete without it.
    await this.run.removeCheckpoints().catch(() => undefined);
    return result;
  }

  /** Records why the run did not come to its end, if it can be recorded: a full disk has been told of already. */
  async stop(why: string): Promise<void> {
    const saved = this.#savedEpochs === 0 ? 'No model was saved.' : `The model is that of epoch ${this.#savedEpochs}.`;
    await this.run.writeRecord({ ...this.record, note: `${why} ${saved}` }).catch(() => undefined);
  }

  /** Lets others go on with the run. */
  close(): Promise<void> {
    return this.run.close();
  }

  #seconds(): number {
    return this.before.seconds + (performance.now() - this.started) / 1000;
  }

  async #saveModel(model: Training['model'], progress: object): Promise<void> {
    const { network: _, ...recipe } = this.recipe;
    const { name, hash, notice } = this.record.dataset;
    const bytes = encode(model, {
      training: toJson({
        recipe,
        seed: this.record.seed,
        dataset: { name, hash, ...(notice !== undefined && { notice }) },
        ...progress,
      }),
      classNames: this.classNames,
    });
    await this.run.writeModel(bytes);
  }
}

function seconds(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** A recipe is JSON, which its type, with optional properties, cannot say. */
export function toJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
