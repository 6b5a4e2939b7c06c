import { effect, signal } from '@preact/signals';
import { loadDrawing, saveDrawing } from '../storage/drawing.js';
import { drawing, restore, scene } from './sketch.js';

/** The drawing survives a reload. */

/** Why this browser keeps nothing, said once. */
export const storageWarning = signal<string | undefined>(undefined);

let loaded: Promise<void> | undefined;
let saved = scene.peek();
let saving = false;

/** Brings back what an earlier visit left, and keeps what is drawn from now on. @returns what ends the keeping */
export function keepDrawing(): () => void {
  const leave = (): void => void save();
  let over = false;
  let stop = (): void => undefined;
  loaded ??= load();
  void loaded.then(() => {
    if (over) return;
    stop = effect(() => {
      // Between strokes, and at once: a page may be gone in the next moment, and strokes are small.
      if (scene.value !== saved && !drawing.value) void save();
    });
  });
  document.addEventListener('visibilitychange', leave);
  addEventListener('pagehide', leave);
  return () => {
    over = true;
    void save();
    stop();
    document.removeEventListener('visibilitychange', leave);
    removeEventListener('pagehide', leave);
  };
}

export function warn(error: unknown): void {
  const full = error instanceof DOMException && error.name === 'QuotaExceededError';
  storageWarning.value ??= full
    ? 'This browser has no room left for the page: what you draw and correct from now on is lost when you close it.'
    : 'This browser does not let the page keep anything: what you draw and correct is lost when you close it.';
}

/** One at a time, the newest last. */
async function save(): Promise<void> {
  if (saving) return;
  saving = true;
  while (scene.peek() !== saved) {
    saved = scene.peek();
    await saveDrawing(saved).catch(warn);
  }
  saving = false;
}

async function load(): Promise<void> {
  const kept = await loadDrawing().catch(warn);
  if (!kept) return;
  restore(kept);
  if (scene.peek() === kept) saved = kept;
}
