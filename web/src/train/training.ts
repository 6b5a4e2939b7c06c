import { batch, computed, effect, signal } from '@preact/signals';
import { CifraError } from '../../../src/numeric/errors.js';
import type { EpochLog } from '../../../src/train/logs.js';
import type { Argument, Result } from '../channel/messages.js';
import { WorkerClient } from '../channel/client.js';
import { spawn } from '../engine/spawn.js';
import { keepForGood } from '../storage/persist.js';
import { LossCurve } from './lossCurve.js';
import type {
  KeptRun,
  KnownDataset,
  Pace,
  RunFacts,
  TrainerApi,
  TrainerEvents,
  TrainerState,
  TrainingPlan,
  UnreadableRun,
} from './trainerApi.js';

/** The page's side of the worker that trains. All of it outlives the view: one may draw while it trains. */

/** In ms: often enough to be seen moving, seldom enough to leave the page free. */
const DRAWN_EVERY = 200;
/** What would be lost on leaving is worth a question from so many seconds on. */
const WORTH_ASKING = 10;

export const state = signal<TrainerState>({ name: 'empty' });
export const run = signal<RunFacts | undefined>(undefined);
export const pace = signal<Pace | undefined>(undefined);
export const losses = signal<{ readonly curve: LossCurve }>({ curve: new LossCurve() });
export const epochLogs = signal<readonly EpochLog[]>([]);
export const weights = signal<ReadonlyMap<string, Float32Array> | undefined>(undefined);
export const mistakes = signal<TrainerEvents['mistakes'] | undefined>(undefined);
/** The newest of each kind. */
export const warnings = signal<readonly TrainerEvents['warning'][]>([]);

/** Undefined until they were asked for. */
export const keptRuns = signal<readonly KeptRun[] | undefined>(undefined);
export const unreadableRuns = signal<readonly UnreadableRun[]>([]);
/** Why runs cannot be kept, or listed. */
export const keepingTrouble = signal<CifraError | undefined>(undefined);
export const datasets = signal<readonly KnownDataset[] | undefined>(undefined);

/** What is being asked of the worker at present. */
const asking = signal<readonly (keyof TrainerApi)[]>([]);
/** A run is being opened: its data are made or fetched. */
export const opening = signal(false);
/** Why the last thing that was asked could not be done. */
export const trouble = signal<CifraError | undefined>(undefined);
/** The worker died with a run in it: what can be done about it. */
export const lost = signal<Lost | undefined>(undefined);

export interface Lost {
  readonly error: CifraError;
  /** Of the newest checkpoint; 0 where there is none. */
  readonly savedSteps: number;
}

export const goingOn = computed(() => ['running', 'validating', 'testing'].includes(state.value.name));

/** What the run that is open was begun with, if that was in this page. */
export const begun = signal<TrainingPlan | undefined>(undefined);

type Trainer = WorkerClient<TrainerApi, TrainerEvents>;
let trainer: Trainer | undefined;

// ------------------------------------------------------------------------------------------------- what can be done

/** A new run, which trains at once or stands before its first step. */
export async function begin(plan: TrainingPlan, play: boolean): Promise<boolean> {
  await standStill();
  begun.value = plan;
  void keepForGood();
  return opened(() => call('begin', plan), play);
}

/** A kept run. */
export async function open(place: string, play = false): Promise<boolean> {
  await standStill();
  if (run.value?.place !== place) begun.value = undefined;
  return opened(() => call('open', place), play);
}

/** After the worker died: from the newest checkpoint, or from the beginning where there is none. */
export function goOnAfterLoss(): Promise<boolean> {
  const [from, place] = [lost.value?.savedSteps ?? 0, run.value?.place];
  if (from > 0 && place !== undefined) return open(place, true);
  return begun.value ? begin(begun.value, true) : Promise.resolve(false);
}

export const play = () => ask('play', undefined);
export const pause = () => ask('pause', undefined);
export const step = () => ask('step', undefined);
export const epoch = () => ask('epoch', undefined);

/** Saves and closes the run. */
export async function stop(): Promise<void> {
  if (!(await ask('stop', undefined))) return;
  close();
  await lookAround();
}

export function toggle(): void {
  if (goingOn.value) void pause();
  else if (state.value.name === 'paused') void play();
}

/** Which datasets and runs there are. */
export async function lookAround(): Promise<void> {
  try {
    datasets.value = await call('datasets', undefined);
  } catch (error) {
    trouble.value = known(error);
  }
  await listRuns();
}

async function listRuns(): Promise<void> {
  try {
    const all = await call('runs', undefined);
    batch(() => {
      keptRuns.value = all.filter((kept) => 'recipe' in kept);
      unreadableRuns.value = all.filter((kept) => 'why' in kept);
      keepingTrouble.value = undefined;
    });
  } catch (error) {
    keepingTrouble.value = known(error);
    keptRuns.value ??= [];
  }
}

/** Whether any of these is being asked of the worker at present. */
export function isAsked(...methods: readonly (keyof TrainerApi)[]): boolean {
  return methods.some((method) => asking.value.includes(method));
}

/** Asks the worker for anything else; what goes wrong is told. @returns undefined where it did */
export async function ask<M extends keyof TrainerApi>(
  method: M,
  argument: Argument<TrainerApi, M>,
): Promise<Done<Result<TrainerApi, M>> | undefined> {
  return attempt(() => call(method, argument));
}

export interface Done<T> {
  readonly result: T;
}

/** Does what may go wrong: why it did is told. */
export async function attempt<T>(body: () => Promise<T>): Promise<Done<T> | undefined> {
  trouble.value = undefined;
  try {
    return { result: await body() };
  } catch (error) {
    if (!lost.peek()) trouble.value = known(error);
    return undefined;
  }
}

// --------------------------------------------------------------------------------------------------------- the worker

async function call<M extends keyof TrainerApi>(
  method: M,
  argument: Argument<TrainerApi, M>,
): Promise<Result<TrainerApi, M>> {
  asking.value = [...asking.value, method];
  try {
    trainer ??= start();
    return await trainer.call(method, argument);
  } finally {
    const at = asking.value.indexOf(method);
    asking.value = asking.value.toSpliced(at, 1);
  }
}

function start(): Trainer {
  const started: Trainer = new WorkerClient<TrainerApi, TrainerEvents>(spawn('trainer'), died);
  started.on('state', (now) => {
    flush();
    state.value = now;
    if (now.name === 'done' || now.name === 'paused') void listRuns();
  });
  started.on('pace', (now) => soon('pace', () => (pace.value = now)));
  started.on('losses', (pairs) => {
    losses.value.curve.add(pairs);
    soon('losses', () => (losses.value = { curve: losses.value.curve }));
  });
  started.on('epochs', (logs) => (epochLogs.value = logs));
  started.on('weights', (now) => (weights.value = now));
  started.on('mistakes', (now) => (mistakes.value = now));
  started.on('warning', (warning) => {
    warnings.value = [...warnings.value.filter(({ code }) => code !== warning.code), warning];
  });
  return started;
}

/** The next call starts another. What is shown of the run stays, and can be gone on with. */
function died(error: CifraError): void {
  trainer = undefined;
  flush();
  const { name } = state.value;
  if (!run.value || name === 'done' || name === 'empty') {
    if (name === 'loading') state.value = { name: 'empty' };
    trouble.value = error;
    return;
  }
  lost.value = { error, savedSteps: pace.value?.savedSteps ?? 0 };
  state.value = { name: 'paused' };
}

async function opened(asked: () => Promise<RunFacts>, andPlay: boolean): Promise<boolean> {
  const before = run.value;
  const curve = losses.value.curve;
  forget();
  opening.value = true;
  const done = await attempt(asked);
  opening.value = false;
  if (!done) {
    if (!lost.value && state.value.name === 'loading') state.value = { name: 'empty' };
    return false;
  }
  const facts = done.result;
  // Steps made before are still known if it is the same run; those after the checkpoint are made again.
  if (before?.place === facts.place && losses.value.curve.length === 0) {
    curve.cutAfter(facts.steps);
    losses.value = { curve };
  }
  run.value = facts;
  return andPlay ? (await play()) !== undefined : true;
}

/** So that nothing of the run before comes after it was closed. */
async function standStill(): Promise<void> {
  if (goingOn.value && !lost.value) await pause();
}

function close(): void {
  begun.value = undefined;
  forget();
}

function forget(): void {
  flush();
  batch(() => {
    run.value = undefined;
    pace.value = undefined;
    losses.value = { curve: new LossCurve() };
    epochLogs.value = [];
    weights.value = undefined;
    mistakes.value = undefined;
    // What is true of this browser is true of the next run.
    warnings.value = warnings.value.filter(({ code }) => code === 'storage-blocked');
    lost.value = undefined;
    trouble.value = undefined;
    state.value = { name: 'empty' };
  });
}

/** Of anything that was thrown, an error to be shown. */
function known(error: unknown): CifraError {
  return error instanceof CifraError
    ? error
    : new CifraError('unexpected', `Something unexpected happened: ${String(error)}.`);
}

// ---------------------------------------------------------------------------------------------- a few times a second

const waiting = new Map<string, () => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

function soon(what: string, change: () => void): void {
  waiting.set(what, change);
  timer ??= setTimeout(flush, DRAWN_EVERY);
}

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  const changes = [...waiting.values()];
  waiting.clear();
  batch(() => changes.forEach((change) => change()));
}

// ------------------------------------------------------------------------------------------------ leaving the page

const unsaved = computed(() => {
  const [facts, now] = [run.value, pace.value];
  if (!facts || !now || state.value.name === 'done' || now.steps <= now.savedSteps) return false;
  const phase = facts.recipe.phases.at(-1)!;
  return ((now.steps - now.savedSteps) * phase.batchSize) / now.imagesPerSecond >= WORTH_ASKING;
});

const question = (event: BeforeUnloadEvent): void => event.preventDefault();
effect(() => {
  if (unsaved.value) addEventListener('beforeunload', question);
  else removeEventListener('beforeunload', question);
});
