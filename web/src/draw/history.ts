import type { Scene } from './scene.js';

/** What was on the pad, is, and would be again: nothing here changes, each step makes another one. */
export interface History {
  /** The oldest first. */
  readonly past: readonly Scene[];
  readonly present: Scene;
  /** The next one last. */
  readonly future: readonly Scene[];
}

export const BLANK: Scene = { strokes: [] };

/** Undoing goes back so far: scenes share their strokes and pictures, so many are cheap … */
const MOST_STEPS = 500;
/** … but for the pictures, of up to 4 MiB each. */
const MOST_PICTURES = 12;

export function historyOf(present: Scene): History {
  return { past: [], present, future: [] };
}

/** Another scene is on the pad. */
export function changed({ past, present }: History, next: Scene): History {
  return { past: kept([...past, present], next), present: next, future: [] };
}

/** The same where there is nothing to undo. */
export function undone(history: History): History {
  const before = history.past.at(-1);
  if (!before) return history;
  const { past, present, future } = history;
  return { past: past.slice(0, -1), present: before, future: [...future, present] };
}

/** The same where there is nothing to redo. */
export function redone(history: History): History {
  const next = history.future.at(-1);
  if (!next) return history;
  const { past, present, future } = history;
  return { past: [...past, present], present: next, future: future.slice(0, -1) };
}

/** The same where nothing is on the pad. */
export function cleared(history: History): History {
  return isBlank(history.present) ? history : changed(history, BLANK);
}

export function isBlank({ picture, strokes }: Scene): boolean {
  return picture === undefined && strokes.length === 0;
}

/** As much of the past as the limits allow beside the present. */
function kept(past: readonly Scene[], present: Scene): readonly Scene[] {
  const pictures = new Set([present.picture]);
  let first = past.length;
  while (first > 0 && past.length - first < MOST_STEPS) {
    pictures.add(past[first - 1]!.picture);
    if (pictures.size - (pictures.has(undefined) ? 1 : 0) > MOST_PICTURES) break;
    first--;
  }
  return past.slice(first);
}
