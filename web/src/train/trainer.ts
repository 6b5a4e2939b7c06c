import type { Dataset } from '../../../src/data/dataset.js';
import { wasmBackend } from '../../../src/engine/wasm/backend.js';
import { CifraError } from '../../../src/numeric/errors.js';
import type { BrowserMachine } from '../../../src/recording/record.js';
import { type Parts, Recording, type RecordingOptions } from '../../../src/recording/recording.js';
import { begunAs, refuseFinished, resumeRecording } from '../../../src/recording/resume.js';
import type { Recipe } from '../../../src/train/recipe.js';
import { recipeModel } from '../../../src/train/runRecipe.js';
import { type Emit, type Handlers, Moved, serve } from '../channel/serve.js';
import { exportCheckpoint, exportModel, exportRun } from '../storage/exportRun.js';
import { importRun } from '../storage/importRun.js';
import { nameOf, type PageRuns } from '../storage/runs.js';
import type { NamedFile, RunFacts, TrainerApi, TrainerEvents, TrainerState, TrainingPlan } from './trainerApi.js';
import { openHome, type TrainerHome } from './trainerHome.js';
import { browserMachine } from './trainerMachine.js';
import { recipeOf } from './trainerPlan.js';
import { TrainerSession } from './trainerSession.js';

/** In a worker: trains, and keeps what it trains. */
export function serveTrainer(): void {
  serve<TrainerApi, TrainerEvents>(
    (emit) => new Trainer({ emit, home: openHome(emit), machine: browserMachine() }).handlers,
  );
}

export interface TrainerOptions {
  readonly emit: Emit<TrainerEvents>;
  readonly home: Promise<TrainerHome>;
  readonly machine: BrowserMachine;
  /** Default: as many as there are cores, where threads can share memory. */
  readonly threads?: number;
}

/** What is lost at most when the page goes away while a training goes on, in seconds. */
const AUTOSAVE = 15;

/** Answers the page's calls; at most one run is open at a time. */
export class Trainer {
  readonly #options: TrainerOptions;
  #session: TrainerSession | undefined;
  /** How the run that is open stands: loading passes. */
  #state: TrainerState = { name: 'empty' };
  /** The last of the calls that open and close runs, which come one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: TrainerOptions) {
    this.#options = options;
  }

  readonly handlers: Handlers<TrainerApi> = {
    datasets: async () => (await this.#home).data.known(),
    addDataset: async (files) => (await this.#home).data.add(files),
    fetchDataset: async (name) => this.#loading(async () => (await this.#home).data.fetch(name)),

    runs: async () => (await this.#home).runs.list(),
    removeRun: (place) => this.#inTurn(() => this.#remove(place)),
    exportRun: (place) => this.#exported(place, exportRun),
    exportModel: (place) => this.#exported(place, exportModel),
    exportCheckpoint: (place) => this.#exported(place, (runs) => this.#checkpoint(runs, place)),
    importRun: async (files) => {
      const { runs } = await this.#home;
      return runs.about(await importRun(runs, files, this.#options.machine));
    },

    begin: (plan) => this.#inTurn(() => this.#begin(plan)),
    open: (place) => this.#inTurn(() => this.#openRun(place)),
    play: () => void this.#open.allow('all'),
    pause: () => this.#open.allow('none'),
    step: () => this.#open.allow('step'),
    epoch: () => this.#open.allow('epoch'),
    stop: () => this.#inTurn(() => this.#close()),
  };

  get #home(): Promise<TrainerHome> {
    return this.#options.home;
  }

  get #open(): TrainerSession {
    if (this.#session && !this.#session.isOver) return this.#session;
    throw new CifraError('no-run-open', 'No training is open.', 'Begin one, or open one that was kept.');
  }

  async #begin(plan: TrainingPlan): Promise<RunFacts> {
    await this.#close();
    return this.#loading(async () => {
      const { runs, data } = await this.#home;
      const recipe = recipeOf(plan);
      const dataset = await data.load(plan.dataset, plan.limit);
      return this.#start(recipe, plan, dataset, (parts, options) =>
        Recording.begin(parts, { ...options, store: runs.store }),
      );
    });
  }

  async #openRun(place: string): Promise<RunFacts> {
    await this.#close();
    return this.#loading(async () => {
      const { runs, data } = await this.#home;
      const { store } = runs;
      const interrupted = await store.resumeRun(place);
      try {
        const { record } = interrupted;
        refuseFinished(place, record);
        const { recipe, dataset: name, limit, ...begun } = begunAs(place, record);
        const dataset = await data.load(name, limit);
        const note = (message: string): void => this.#options.emit('warning', { code: 'run-damaged', message });
        return await this.#start(recipe, begun, dataset, (parts, options) =>
          resumeRecording(interrupted, parts, { ...options, store, note }),
        );
      } catch (error) {
        await interrupted.run.close();
        throw error;
      }
    });
  }

  async #start(
    recipe: Recipe,
    { seed, numerics }: Pick<TrainingPlan, 'seed' | 'numerics'>,
    dataset: Dataset,
    record: (parts: Parts, options: Omit<RecordingOptions, 'store'>) => Promise<Recording>,
  ): Promise<RunFacts> {
    const { emit, machine, threads } = this.#options;
    const model = recipeModel(recipe, () => wasmBackend({ numerics, ...(threads && { threads }) }), seed);
    let session: TrainerSession;
    try {
      const recording = await record(
        { recipe, dataset, model },
        {
          machine,
          started: performance.now(),
          cadence: { everySeconds: AUTOSAVE },
          unsaved: ({ code, message }) => emit('warning', { code, message }),
        },
      );
      session = new TrainerSession({ recipe, dataset, model, recording, emit, tell: (state) => this.#tell(state) });
    } catch (error) {
      await model.dispose();
      throw error;
    }
    await session.begun();
    this.#session = session;
    return session.facts;
  }

  async #close(): Promise<void> {
    await this.#session?.close();
    this.#session = undefined;
    this.#tell({ name: 'empty' });
  }

  async #remove(place: string): Promise<void> {
    if (this.#session?.facts.place === place) await this.#close();
    await (await this.#home).runs.remove(place);
  }

  /** Of a run that goes on, as it is now. */
  async #exported(
    place: string,
    make: (runs: PageRuns, place: string) => Promise<NamedFile>,
  ): Promise<Moved<NamedFile>> {
    if (this.#session?.facts.place === place) await this.#session.save();
    const file = await make((await this.#home).runs, place);
    return new Moved(file, [file.bytes.buffer]);
  }

  /** Also one for which there was no room. */
  async #checkpoint(runs: PageRuns, place: string): Promise<NamedFile> {
    const unsaved = this.#session?.facts.place === place ? this.#session.unsavedCheckpoint : undefined;
    if (unsaved) return { path: `${nameOf(place)}-checkpoint.safetensors`, bytes: unsaved.slice() };
    return exportCheckpoint(runs, place);
  }

  #tell(state: TrainerState): void {
    this.#state = state;
    this.#options.emit('state', state);
  }

  /** Does what loads something, and tells how the run stands when it is over, however it ended. */
  async #loading<T>(what: () => Promise<T>): Promise<T> {
    try {
      return await what();
    } finally {
      this.#tell(this.#state);
    }
  }

  #inTurn<T>(what: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(what, what);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
