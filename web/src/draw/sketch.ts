import { batch, computed, signal } from '@preact/signals';
import { changed, cleared, type History, historyOf, BLANK, isBlank, redone, undone } from './history.js';
import type { Scene, Stroke } from './scene.js';

/** What is on the pad, and everything that changes it. */

const history = signal<History>(historyOf(BLANK));
/** The stroke that is being drawn. */
const live = signal<Stroke | undefined>(undefined);

/** With the stroke that is being drawn. */
export const scene = computed<Scene>(() => {
  const { present } = history.value;
  return live.value ? { ...present, strokes: [...present.strokes, live.value] } : present;
});
export const blank = computed(() => isBlank(scene.value));
export const drawing = computed(() => live.value !== undefined);
export const canUndo = computed(() => drawing.value || history.value.past.length > 0);
export const canRedo = computed(() => !drawing.value && history.value.future.length > 0);

let moment = 0;

/** When the scene became what it is, as `performance.now()` has it: the pointer event's own time where it was one. */
export function changedAt(): number {
  return moment;
}

/** Places are shares of the pad's side; more exact than this is no screen, and drawings are to be kept. */
const FINEST = 1e4;

export function beginStroke(tool: Stroke['tool'], width: number, points: readonly number[], at?: number): void {
  endStroke();
  moment = at ?? performance.now();
  live.value = { tool, width, points: rounded(points) };
}

/** Goes on with the stroke that was begun; nothing happens if there is none. @param points x and y in turn */
export function extendStroke(points: readonly number[], at = performance.now()): void {
  const stroke = live.peek();
  if (!stroke) return;
  moment = at;
  const more = [...stroke.points];
  const values = rounded(points);
  for (let i = 0; i < values.length; i += 2) {
    const [x, y] = [values[i]!, values[i + 1]!];
    if (x !== more.at(-2) || y !== more.at(-1)) more.push(x, y);
  }
  if (more.length > stroke.points.length) live.value = { ...stroke, points: more };
}

export function endStroke(): void {
  if (live.peek()) replace(changed(history.peek(), scene.peek()), moment);
}

/** As if the stroke had not been begun. */
export function dropStroke(): void {
  replace(history.peek());
}

/** Puts something else on the pad; what was there can be brought back. */
export function put(next: Scene): void {
  replace(changed(history.peek(), next));
}

export function undo(): void {
  endStroke();
  replace(undone(history.peek()));
}

export function redo(): void {
  endStroke();
  replace(redone(history.peek()));
}

export function clear(): void {
  endStroke();
  replace(cleared(history.peek()));
}

/** What an earlier visit left, unless something has been drawn since. */
export function restore(kept: Scene): void {
  if (history.peek().past.length === 0 && blank.peek()) replace(historyOf(kept));
}

/** The stroke that was being drawn is done with: it is part of this, or dropped. */
function replace(next: History, at = performance.now()): void {
  moment = at;
  batch(() => {
    live.value = undefined;
    history.value = next;
  });
}

function rounded(points: readonly number[]): number[] {
  return points.map((value) => Math.round(value * FINEST) / FINEST);
}
