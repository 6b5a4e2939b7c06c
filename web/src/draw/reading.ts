import { signal } from '@preact/signals';
import { CifraError } from '../../../src/numeric/errors.js';
import { WorkerClient } from '../channel/client.js';
import type { Answer, ReaderApi } from '../engine/readerApi.js';
import { spawn } from '../engine/spawn.js';
import type { Scene } from './scene.js';

/** What the networks make of what is on the pad: asked at most once a frame, and only for the newest. */

export const answer = signal<Answer | undefined>(undefined);
/** Why there is no answer, if that is so. */
export const trouble = signal<CifraError | undefined>(undefined);

export const reader = signal(start());
let newest: Scene | undefined;
let asking = false;

function start(): WorkerClient<ReaderApi, {}> {
  return new WorkerClient<ReaderApi, {}>(spawn('reader'), (error) => {
    trouble.value = error;
    reader.value = start();
  });
}

/** Asks for this scene; an older one that was not asked for yet is forgotten. */
export function show(scene: Scene): void {
  newest = scene;
  if (!asking) void ask();
}

async function ask(): Promise<void> {
  asking = true;
  while (newest) {
    const scene = newest;
    newest = undefined;
    try {
      answer.value = await reader.value.call('read', scene);
      trouble.value = undefined;
    } catch (error) {
      trouble.value = error instanceof CifraError ? error : new CifraError('unexpected', String(error));
    }
    await new Promise(requestAnimationFrame);
  }
  asking = false;
}
