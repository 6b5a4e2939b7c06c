import type { Dataset } from '../../../src/data/dataset.js';
import { CifraError } from '../../../src/numeric/errors.js';
import type { Recording } from '../../../src/recording/recording.js';
import { countsOf } from '../../../src/recording/timing.js';
import type { Callback, Training } from '../../../src/train/callbacks/callback.js';
import type { Model } from '../../../src/train/model.js';
import { epochsOf, type Recipe, stepsPerEpoch } from '../../../src/train/recipe.js';
import { recipeData, runRecipe } from '../../../src/train/runRecipe.js';
import { testModel } from '../../../src/train/testModel.js';
import type { Emit } from '../channel/serve.js';
import type { RunFacts, TrainerEvents, TrainerState } from './trainerApi.js';
import { Gate, type Leave, type Point } from './trainerGate.js';
import { MistakeLook } from './trainerLook.js';
import { PaceReport } from './trainerPace.js';
import { Seldom } from './trainerSeldom.js';

export interface SessionParts {
  readonly recipe: Recipe;
  readonly dataset: Dataset;
  readonly model: Model;
  readonly recording: Recording;
  readonly emit: Emit<TrainerEvents>;
  /** Told how it stands. */
  readonly tell: (state: TrainerState) => void;
}

/** Ends a training that is to be gone on with later. */
const closed = new Error('The run was closed.');

/** A run that is open: it goes on or stands still, as the page wants it, until it has come to its end or is closed. */
export class TrainerSession {
  readonly facts: RunFacts;
  readonly #parts: SessionParts;
  readonly #gate = new Gate();
  readonly #pace: PaceReport;
  readonly #look: MistakeLook;
  readonly #weightsNow = new Seldom(1);
  readonly #mistakesNow = new Seldom(5);
  readonly #ended: Promise<void>;
  readonly #saved: (() => void)[] = [];
  #failure: Error | undefined;
  #isOver = false;

  constructor(parts: SessionParts) {
    const { recipe, dataset, model, recording } = parts;
    this.#parts = parts;
    this.facts = factsOf(parts);
    const totalSteps = this.facts.stepsPerEpoch.reduce((sum, steps) => sum + steps, 0);
    this.#pace = new PaceReport(recipe, this.facts, totalSteps, recording.checkpoint?.progress);
    this.#look = new MistakeLook(recipeData(recipe, dataset, model.seed).validation);
    this.#ended = this.#run();
  }

  /** Fulfilled when the training stands for the first time. @throws what it failed with before */
  async begun(): Promise<void> {
    await this.#gate.stands();
    // Only a failure can have come before: nothing has let it go on.
    if (this.#failure) throw this.#failure;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Lets it go on so far. Fulfilled when it stands again, has ended, or is told something else. */
  async allow(leave: Leave): Promise<void> {
    this.#gate.allow(leave);
    await this.#gate.stands();
  }

  /** Writes a checkpoint of the step in progress, unless the newest is of it; while it goes on, too. */
  async save(): Promise<void> {
    if (this.#isOver || this.#gate.isStanding) return;
    await new Promise<void>((resolve) => this.#saved.push(resolve));
  }

  /** The newest checkpoint, where it could not be saved. */
  get unsavedCheckpoint(): Uint8Array<ArrayBuffer> | undefined {
    return this.#parts.recording.unsavedCheckpoint;
  }

  /** Saves and ends it. */
  async close(): Promise<void> {
    await this.allow('none');
    this.#gate.end(closed);
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { recipe, dataset, model, recording, tell } = this.#parts;
    try {
      const { calibration } = await runRecipe(recipe, dataset, {
        model,
        resume: recording.checkpoint,
        callbacks: [recording.callback(), this.#callback()],
      });
      tell({ name: 'testing' });
      const test = await testModel(model, dataset.test, recipe);
      const { calibration: _, ...result } = await recording.finish(model, test, calibration);
      this.#tellWeights();
      tell({ name: 'done', result });
    } catch (error) {
      await this.#fail(error);
    } finally {
      await recording.close().catch(() => undefined);
      await model.dispose().catch(() => undefined);
      this.#isOver = true;
      this.#gate.end(closed);
      this.#tellSaved();
    }
  }

  async #fail(error: unknown): Promise<void> {
    const { recording, tell } = this.#parts;
    if (error === closed) {
      await recording.stop('Closed in the page.');
      return;
    }
    this.#failure = error instanceof Error ? error : new Error(String(error));
    const { message } = this.#failure;
    await recording.stop(message.split('\n', 1)[0]!);
    tell({ name: 'failed', code: error instanceof CifraError ? error.code : 'unexpected', message });
  }

  #callback(): Callback {
    const { emit, tell, recording } = this.#parts;
    const epochs = [...(recording.checkpoint?.history ?? [])];
    return {
      onTrainBegin: async (training) => {
        emit('epochs', epochs);
        await this.#at('begin', training);
      },
      onEpochBegin: () => this.#pace.beginEpoch(),
      onBatchEnd: async (log, training) => {
        const { steps } = training.model;
        this.#pace.take(log, steps);
        if (this.#saved.length > 0) await this.#save(training);
        if (this.#pace.isTime) this.#tellPace(training);
        await this.#weightsNow.do(() => this.#tellWeights());
        await this.#mistakesNow.do(async () =>
          emit('mistakes', { ...(await this.#look.some(this.#parts.model)), steps }),
        );
        const isLast = log.step === log.steps;
        await this.#at(isLast ? 'lastStep' : 'step', training);
        if (isLast) tell({ name: 'validating' });
      },
      onEpochEnd: async (log, training) => {
        this.#pace.endEpoch(log);
        epochs.push(log);
        emit('epochs', [...epochs]);
        this.#tellPace(training);
        await this.#weightsNow.now(() => this.#tellWeights());
        await this.#mistakesNow.now(async () =>
          emit('mistakes', { ...(await this.#look.all(this.#parts.model)), steps: training.model.steps }),
        );
        const isEnd = log.epoch === training.epochs;
        if (!isEnd && !(await this.#at('epoch', training))) tell({ name: 'running' });
      },
    };
  }

  /** Stands still here, if this is where it shall. @returns whether it did */
  async #at(point: Point, training: Training): Promise<boolean> {
    if (!this.#gate.holds(point)) return false;
    const { recording, tell } = this.#parts;
    await this.#save(training);
    this.#tellPace(training);
    await this.#weightsNow.now(() => this.#tellWeights());
    tell({ name: 'paused' });
    const seconds = await this.#gate.stand();
    training.leaveOut(seconds);
    recording.leaveOut(seconds);
    tell({ name: 'running' });
    return true;
  }

  #tellPace({ model, learningRate }: Training): void {
    const { emit, recording } = this.#parts;
    const report = this.#pace.report({ steps: model.steps, learningRate, savedSteps: recording.savedSteps });
    if (!report) return;
    emit('pace', report.pace);
    if (report.losses.length > 0) emit('losses', report.losses);
  }

  #tellWeights(): void {
    const weights = this.#parts.model.getWeights();
    const buffers = [...weights.values()].map(({ buffer }) => buffer as ArrayBuffer);
    this.#parts.emit('weights', weights, buffers);
  }

  async #save(training: Training): Promise<void> {
    const { recording } = this.#parts;
    if (recording.savedSteps !== training.model.steps) await recording.saveCheckpoint(training);
    this.#tellSaved();
  }

  #tellSaved(): void {
    for (const resolve of this.#saved.splice(0)) resolve();
  }
}

function factsOf({ recipe, dataset, model, recording }: SessionParts): RunFacts {
  const { name, source, classNames } = dataset;
  const counts = countsOf(recipe, dataset.train.labels.length, dataset.test.labels.length);
  return {
    place: recording.place,
    recipe,
    seed: model.seed,
    dataset: { name, source, classNames },
    ...counts,
    epochs: epochsOf(recipe),
    steps: recording.checkpoint?.model.steps ?? 0,
    stepsPerEpoch: recipe.phases.flatMap((phase) =>
      new Array<number>(phase.epochs).fill(stepsPerEpoch(phase, counts.trainCount)),
    ),
    threads: model.backend.threads,
    numerics: model.backend.numerics,
    network: model.network.toConfig(),
  };
}
