import { CifraError } from '../numeric/errors.js';
import { type Progress, PROGRESS_FILE, ProgressRecorder } from '../report/progress.js';
import type { MetricsRow } from '../runs/metrics.js';
import { weightsSha256 } from '../runs/modelFile.js';
import type { RunRecord, RunResult } from '../runs/runRecord.js';
import type { Run, RunStore } from '../runs/runStore.js';
import type { TemperatureCalibration } from '../train/calibration.js';
import type { Callback, Training } from '../train/callbacks/callback.js';
import type { TrainingCheckpoint } from '../train/checkpoint.js';
import { encodeCheckpoint } from '../train/checkpointFile.js';
import { Examples } from '../train/examples.js';
import type { EpochLog } from '../train/logs.js';
import type { Model } from '../train/model.js';
import { encode } from '../train/modelFile.js';
import { inputsOf } from '../train/runRecipe.js';
import type { TestResult } from '../train/testModel.js';
import { metricsRow, roundedSeconds } from './epochRow.js';
import { type Machine, newRecord, originOf, runtimeOf, type Start, toJson } from './record.js';

/** What is trained, on what. */
export interface Parts extends Pick<Start, 'recipe' | 'dataset' | 'notice'> {
  readonly model: Model;
}

/** When a checkpoint is written in the middle of an epoch. */
export interface Cadence {
  /** After every so many steps. Default: by time. */
  readonly everySteps?: number | undefined;
  /** Without a number of steps: what is lost at most. Default 30, seldom enough to cost next to nothing. */
  readonly everySeconds?: number | undefined;
}

export interface RecordingOptions {
  readonly store: RunStore;
  readonly machine: Machine;
  /** When this process or page began or took up the run, as `performance.now()` gives it. */
  readonly started: number;
  readonly cadence?: Cadence;
  /**
   * Told of what could not be saved: the training goes on, and the next save tries again. Default: it ends with the
   * error.
   */
  readonly unsaved?: (error: CifraError) => void;
}

/** What a run had come to before it was taken up. */
export interface Before {
  readonly checkpoint: TrainingCheckpoint | undefined;
  readonly progress: Progress | undefined;
  readonly seconds: number;
}

/**
 * A run that is recorded as it goes on: run.json, metrics.csv, progress.json, the model as it was after the last epoch,
 * and until the end checkpoints to go on from.
 */
export class Recording {
  readonly #parts: Parts;
  readonly #cadence: Cadence;
  readonly #unsaved: RecordingOptions['unsaved'];
  #started: number;
  #savedEpochs: number;
  #savedSteps: number;
  #savedAt = performance.now();
  /** All that belong into metrics.csv, and how many are there. */
  readonly #rows: MetricsRow[];
  #writtenRows: number;
  /** A save has failed: what is kept of the run may be anything, also nothing. */
  #isBehind = false;
  #unsavedCheckpoint: Uint8Array<ArrayBuffer> | undefined;

  private constructor(
    private readonly run: Run,
    private readonly record: RunRecord,
    parts: Parts,
    options: RecordingOptions,
    private readonly before: Before = { checkpoint: undefined, progress: undefined, seconds: 0 },
  ) {
    this.#parts = parts;
    this.#cadence = options.cadence ?? {};
    this.#unsaved = options.unsaved;
    this.#started = options.started;
    this.#rows = (before.checkpoint?.history ?? []).map(metricsRow);
    this.#savedEpochs = this.#writtenRows = this.#rows.length;
    this.#savedSteps = before.checkpoint?.model.steps ?? 0;
  }

  /**
   * A new run.
   * @param out where it shall be. Default: a place of its own
   * @throws CifraError what `RunStore.createRun` throws, and what is wrong with the images
   */
  static async begin(parts: Parts, options: RecordingOptions, out?: string): Promise<Recording> {
    const { recipe, model, dataset } = parts;
    // What does not fit fails before there is a folder.
    new Examples(...inputsOf(dataset.train, recipe), model.network);
    const startedAt = new Date();
    const { seed, backend } = model;
    const record = newRecord({ ...parts, seed, backend }, options.machine, startedAt);
    const run = await options.store.createRun({ name: recipe.name, seed, startedAt, out, record });
    return new Recording(run, record, parts, options);
  }

  /** Goes on with a run from a checkpoint, or from its beginning if there is none. See `resumeRecording`. */
  static async resume(
    run: Run,
    { note: _, ...record }: RunRecord,
    parts: Parts,
    options: RecordingOptions,
    before: Before,
  ): Promise<Recording> {
    const steps = before.checkpoint?.model.steps ?? 0;
    const now = { at: new Date().toISOString(), steps, ...runtimeOf(options.machine) };
    const resumed = [...(record.resumed ?? []), now];
    await run.rewriteMetrics((before.checkpoint?.history ?? []).map(metricsRow));
    await run.writeRecord({ ...record, resumed });
    return new Recording(run, { ...record, resumed }, parts, options, before);
  }

  get place(): string {
    return this.run.place;
  }

  /** What the training shall go on from. */
  get checkpoint(): TrainingCheckpoint | undefined {
    return this.before.checkpoint;
  }

  /** How many epochs the saved model has been trained; 0: no model is saved yet. */
  get savedEpochs(): number {
    return this.#savedEpochs;
  }

  /** After how many steps the newest checkpoint is; 0: there is none. */
  get savedSteps(): number {
    return this.#savedSteps;
  }

  /** The newest checkpoint, where it could not be saved. */
  get unsavedCheckpoint(): Uint8Array<ArrayBuffer> | undefined {
    return this.#unsavedCheckpoint;
  }

  /**
   * Saves the training as it goes on.
   * @param isUrgent whether a checkpoint is wanted after this step, whatever the cadence. Default: never
   */
  callback(isUrgent: () => boolean = () => false): Callback {
    const { model, dataset } = this.#parts;
    const progress = new ProgressRecorder(dataset.test, this.before.progress, (text) =>
      this.#save(() => this.run.writeFile(PROGRESS_FILE, text)),
    );
    return {
      // Before the epoch's checkpoint, so that whoever goes on from that finds it.
      onTrainBegin: () => (this.checkpoint ? undefined : progress.take(model, 0)),
      onBatchEnd: async (_, training) => {
        if (isUrgent() || this.#isTime(training.model.steps)) await this.saveCheckpoint(training);
      },
      onEpochEnd: async (log, training) => {
        await progress.take(model, log.epoch);
        await this.#saveEpoch(log, training);
      },
    };
  }

  async saveCheckpoint(training: Training): Promise<void> {
    const checkpoint = training.checkpoint();
    const { steps } = checkpoint.model;
    const bytes = await encodeCheckpoint({ checkpoint, origin: originOf(this.record), seconds: this.#seconds() });
    this.#unsavedCheckpoint = bytes;
    await this.#save(async () => {
      await this.run.writeCheckpoint(steps, bytes);
      this.#savedSteps = steps;
      this.#unsavedCheckpoint = undefined;
    });
    this.#savedAt = performance.now();
  }

  /** Leaves so many seconds out of the run's time: in which the training was made to stand still. */
  leaveOut(seconds: number): void {
    this.#started += seconds * 1000;
  }

  /** @returns what the run came to, as it is recorded */
  async finish(model: Model, test: TestResult, calibration: TemperatureCalibration | undefined): Promise<RunResult> {
    const known = {
      testAccuracy: test.accuracy,
      testErrors: test.errors,
      testCount: test.count,
      ...(calibration && { calibration }),
    };
    const result = {
      ...known,
      weightsSha256: await weightsSha256(model.getWeights()),
      seconds: roundedSeconds(this.#seconds()),
    };
    const finishedAt = new Date().toISOString();
    await this.#save(async () => {
      await this.#saveModel(model, { epochs: model.epochs, ...known });
      await this.run.writeRecord({ ...this.record, finishedAt, result });
      // The run is complete without it.
      await this.run.removeCheckpoints().catch(() => undefined);
    });
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

  #isTime(steps: number): boolean {
    const { everySteps, everySeconds = 30 } = this.#cadence;
    return everySteps === undefined
      ? performance.now() - this.#savedAt >= everySeconds * 1000
      : steps % everySteps === 0;
  }

  async #saveEpoch(log: EpochLog, training: Training): Promise<void> {
    this.#rows.push(metricsRow(log));
    await this.#save(async () => {
      for (; this.#writtenRows < this.#rows.length; this.#writtenRows++) {
        await this.run.appendMetrics(this.#rows[this.#writtenRows]!);
      }
      await this.#saveModel(training.model, { epochs: log.epoch });
      this.#savedEpochs = log.epoch;
    });
    await this.saveCheckpoint(training);
  }

  async #save(write: () => Promise<void>): Promise<void> {
    try {
      if (this.#isBehind) await this.#catchUp();
      await write();
    } catch (error) {
      if (!this.#unsaved || !(error instanceof CifraError) || error.code !== 'run-unwritable') throw error;
      this.#isBehind = true;
      this.#unsaved(error);
    }
  }

  async #catchUp(): Promise<void> {
    await this.run.restore(this.record);
    await this.run.rewriteMetrics(this.#rows);
    this.#writtenRows = this.#rows.length;
    this.#isBehind = false;
  }

  #seconds(): number {
    return this.before.seconds + (performance.now() - this.#started) / 1000;
  }

  async #saveModel(model: Training['model'], progress: object): Promise<void> {
    const { network: _, ...recipe } = this.#parts.recipe;
    const { name, hash, notice } = this.record.dataset;
    const bytes = encode(model, {
      training: toJson({
        recipe,
        seed: this.record.seed,
        dataset: { name, hash, ...(notice !== undefined && { notice }) },
        ...progress,
      }),
      classNames: this.#parts.dataset.classNames,
    });
    await this.run.writeModel(bytes);
  }
}
