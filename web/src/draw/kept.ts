import { effect, signal } from '@preact/signals';
import { loadDrawing, saveDrawing } from '../storage/drawing.js';
import { drawing, restore, scene } from './sketch.js';

/** The drawing survives a reload. */

/** Why this browser keeps nothing, said once. */
export const storageWarning = signal<string | undefined>(undefined);

/** After the last change, in ms. */
const PAUSE = 250;

let loaded: Promise<void> | undefined;
let saved = scene.peek();

/** Brings back what an earlier visit left, and keeps what is drawn from now on. @returns what ends the keeping */
export function keepDrawing(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = (): void => {
    clearTimeout(timer);
    const present = scene.peek();
    if (present === saved) return;
    saved = present;
    void saveDrawing(present).catch(warn);
  };
  const hidden = (): void => {
    if (document.visibilityState === 'hidden') save();
  };
  let stop = (): void => undefined;
  loaded ??= load();
  void loaded.then(() => {
    stop = effect(() => {
      clearTimeout(timer);
      if (scene.value !== saved && !drawing.value) timer = setTimeout(save, PAUSE);
    });
  });
  document.addEventListener('visibilitychange', hidden);
  addEventListener('pagehide', save);
  return () => {
    save();
    stop();
    document.removeEventListener('visibilitychange', hidden);
    removeEventListener('pagehide', save);
  };
}

export function warn(error: unknown): void {
  const full = error instanceof DOMException && error.name === 'QuotaExceededError';
  storageWarning.value ??= full
    ? 'This browser has no room left for the page: what you draw and correct from now on is lost when you close it.'
    : 'This browser does not let the page keep anything: what you draw and correct is lost when you close it.';
}

async function load(): Promise<void> {
  const kept = await loadDrawing().catch(warn);
  if (!kept) return;
  restore(kept);
  if (scene.peek() === kept) saved = kept;
}
