import { batch, signal } from '@preact/signals';
import { CifraError } from '../../../src/numeric/errors.js';
import { WorkerClient } from '../channel/client.js';
import type { Answer, ModelFacts, ModelSource, ReaderApi } from '../engine/readerApi.js';
import { spawn } from '../engine/spawn.js';
import { Pace } from './pace.js';
import type { Scene } from './scene.js';

/**
 * What the networks make of what is on the pad. The newest scene is asked for at once, but once a frame at most and not
 * before the one before is answered; those between are forgotten.
 */

type Client = WorkerClient<ReaderApi, {}>;

export interface Shown extends Answer {
  /** When what it answers was drawn, as `performance.now()` has it, */
  readonly since: number;
  /** and when the page heard of it: some browsers tell of a pointer once a frame only. */
  readonly heard: number;
}

export const answer = signal<Shown | undefined>(undefined);
/** Which network reads; undefined until it is there. */
export const model = signal<ModelFacts | undefined>(undefined);
/** Why there is no answer, or why the network chosen does not read, if that is so. */
export const trouble = signal<CifraError | undefined>(undefined);

/** Looks further into the scene that was answered last. It is asked when nothing newer waits. */
export type FollowUp = (reader: Client) => Promise<void>;

/**
 * Answers come first, in ms: what follows waits until the hand rests so long, or has drawn on for so long; and between
 * follow-ups is a pause so many times what they took.
 */
const REST = 40;
const AT_LAST = 800;
const PATIENCE = 4;
/** A reader that dies so soon after it was started, in ms, is not started again by itself. */
const TOO_SOON = 2000;

const followUps = new Set<FollowUp>();
/** What the person chose, and what reads in its place for a while. */
let chosen: ModelSource = 'shipped';
let lent: ModelSource | undefined;
let waiting: { readonly scene: Scene; readonly since: number; readonly heard: number } | undefined;
let last: Scene | undefined;
const pace = new Pace();
let asking = false;
let askTimer: ReturnType<typeof setTimeout> | undefined;
/** Since when there are answers that were not followed. */
let behind: number | undefined;
let following = false;
/** When follow-ups may begin again. */
let followAgain = 0;
let followTimer: ReturnType<typeof setTimeout> | undefined;
let client = start();

/**
 * Asks for this scene.
 * @param since when it was drawn: the event's `timeStamp`
 */
export function show(scene: Scene, since = performance.now()): void {
  waiting = { scene, since, heard: performance.now() };
  last = scene;
  void ask();
}

/** Reads with another network from now on, what is on the pad first. @throws CifraError and reads on with the one before */
export async function readWith(next: ModelSource): Promise<void> {
  await open(next);
  chosen = next;
  lent = undefined;
}

/** Reads with a network in training, as it is now, until `takeBack`. */
export async function lend(next: ModelSource): Promise<void> {
  lent = next;
  await open(next);
}

/** Reads again with what was chosen. */
export async function takeBack(): Promise<void> {
  if (lent === undefined) return;
  lent = undefined;
  await open(chosen);
}

async function open(source: ModelSource): Promise<void> {
  model.value = await client.call('open', source);
  if (last) show(last);
}

/** @returns what ends it */
export function followAnswers(followUp: FollowUp): () => void {
  followUps.add(followUp);
  if (answer.peek()) toFollow();
  return () => followUps.delete(followUp);
}

function start(): Client {
  const begun = performance.now();
  const started: Client = new WorkerClient<ReaderApi, {}>(spawn('reader'), (error) => {
    trouble.value = error;
    if (performance.now() - begun < TOO_SOON) return;
    client = start();
    if (last) show(last);
  });
  started.call('open', lent ?? chosen).then(
    (facts) => (model.value = facts),
    (error: unknown) => (trouble.value = told(error)),
  );
  return started;
}

async function ask(): Promise<void> {
  clearTimeout(askTimer);
  if (!waiting || asking) return;
  const wait = pace.next(performance.now());
  if (wait > 0) {
    askTimer = setTimeout(() => void ask(), Math.ceil(wait));
    return;
  }
  const { scene, since, heard } = waiting;
  waiting = undefined;
  asking = true;
  clearTimeout(followTimer);
  try {
    const read = await client.call('read', scene);
    batch(() => {
      answer.value = { ...read, since, heard };
      trouble.value = undefined;
    });
  } catch (error) {
    trouble.value = told(error);
  }
  asking = false;
  if (waiting) void ask();
  else toFollow();
}

function toFollow(): void {
  behind ??= performance.now();
  later();
}

function later(): void {
  clearTimeout(followTimer);
  if (behind === undefined || following) return;
  const now = performance.now();
  const rest = now > behind + AT_LAST ? 0 : REST;
  followTimer = setTimeout(() => void follow(), Math.max(rest, followAgain - now));
}

async function follow(): Promise<void> {
  const begun = performance.now();
  const since = behind;
  following = true;
  behind = undefined;
  for (const followUp of followUps) {
    if (asking || waiting) {
      behind = since;
      break;
    }
    // What cannot be shown of this scene is shown of the next.
    await followUp(client).catch((error: unknown) => (trouble.value = told(error)));
  }
  following = false;
  const now = performance.now();
  followAgain = now + PATIENCE * (now - begun);
  later();
}

function told(error: unknown): CifraError {
  if (error instanceof CifraError) return error;
  return new CifraError('unexpected', `Something unexpected happened: ${String(error)}.`, 'Reload the page.');
}
