import { syntheticDataset } from '../../../src/data/syntheticDataset.js';
import { wasmBackend } from '../../../src/engine/wasm/backend.js';
import { CifraError } from '../../../src/numeric/errors.js';
import type { Machine } from '../../../src/recording/record.js';
import { Recording, type RecordingOptions } from '../../../src/recording/recording.js';
import { memoryRuns } from '../../../src/runs/memoryRuns.js';
import type { RunStore } from '../../../src/runs/runStore.js';
import { recipeModel } from '../../../src/train/runRecipe.js';
import { type Emit, type Handlers, serve } from '../channel/serve.js';
import type { RunFacts, TrainerApi, TrainerEvents, TrainingPlan } from './trainerApi.js';
import { browserMachine } from './trainerMachine.js';
import { recipeOf } from './trainerPlan.js';
import { TrainerSession } from './trainerSession.js';

/** In a worker: trains, and keeps what it trains. */
export function serveTrainer(): void {
  serve<TrainerApi, TrainerEvents>(
    (emit) => new Trainer({ emit, store: memoryRuns(), machine: browserMachine() }).handlers,
  );
}

export interface TrainerOptions {
  readonly emit: Emit<TrainerEvents>;
  readonly store: RunStore;
  readonly machine: Machine;
  /** Default: as many as there are cores, where threads can share memory. */
  readonly threads?: number;
}

export class Trainer {
  readonly #options: TrainerOptions;
  #session: TrainerSession | undefined;
  /** The last of the calls that open and close runs, which come one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: TrainerOptions) {
    this.#options = options;
  }

  readonly handlers: Handlers<TrainerApi> = {
    datasets: () => [{ name: 'synthetic', here: true, source: undefined }],
    addDataset: notYet,
    fetchDataset: notYet,
    runs: () => [],
    removeRun: notYet,
    exportRun: notYet,
    exportModel: notYet,
    exportCheckpoint: notYet,
    importRun: notYet,
    begin: (plan) => this.#inTurn(() => this.#begin(plan)),
    open: notYet,
    play: () => void this.#open.allow('all'),
    pause: () => this.#open.allow('none'),
    step: () => this.#open.allow('step'),
    epoch: () => this.#open.allow('epoch'),
    stop: () => this.#inTurn(() => this.#close()),
  };

  get #open(): TrainerSession {
    if (this.#session && !this.#session.isOver) return this.#session;
    throw new CifraError('no-run-open', 'No training is open.', 'Begin one, or open one that was kept.');
  }

  async #begin(plan: TrainingPlan): Promise<RunFacts> {
    await this.#close();
    const { emit, threads } = this.#options;
    const recipe = recipeOf(plan);
    const { numerics, seed, limit } = plan;
    const dataset = await syntheticDataset({
      limit,
      onProgress: (progress) => {
        if (progress.kind !== 'generate') return;
        const { done, total } = progress;
        emit('state', { name: 'loading', what: 'synthetic digits', done, total });
      },
    });
    const model = recipeModel(recipe, () => wasmBackend({ numerics, ...(threads && { threads }) }), seed);
    const recording = await Recording.begin({ recipe, dataset, model }, this.#recordingOptions());
    const session = new TrainerSession({ recipe, dataset, model, recording, emit });
    await session.begun();
    this.#session = session;
    return session.facts;
  }

  #recordingOptions(): RecordingOptions {
    const { store, machine, emit } = this.#options;
    return {
      store,
      machine,
      started: performance.now(),
      cadence: { everySeconds: 15 },
      unsaved: ({ code, message }) => emit('warning', { code, message }),
    };
  }

  async #close(): Promise<void> {
    await this.#session?.close();
    this.#session = undefined;
  }

  #inTurn<T>(what: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(what, what);
    this.#turn = turn;
    return turn;
  }
}

function notYet(): never {
  throw new CifraError('not-yet', 'This cannot be done yet.');
}
