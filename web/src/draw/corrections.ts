import { computed, signal } from '@preact/signals';
import { rgbPng } from '../../../src/report/png.js';
import type { Correction } from '../storage/correctionRecord.js';
import { deleteCorrections, loadCorrections, saveCorrections } from '../storage/corrections.js';
import { warn } from './kept.js';
import { rasterize } from './raster.js';
import type { Shown } from './reading.js';
import type { Scene } from './scene.js';
import { endStroke, scene } from './sketch.js';

/** Wrong answers put right: kept in this browser, and here in any case. */

const all = signal<readonly Correction[]>([]);
/** The newest first. */
export const corrections = computed(() => all.value.toReversed());

/** The last change, which can be taken back. */
export type Change =
  | { readonly kind: 'added'; readonly of: Scene; readonly correction: Correction; readonly instead?: Correction }
  | { readonly kind: 'deleted'; readonly corrections: readonly Correction[] };
export const lastChange = signal<Change | undefined>(undefined);

/** What the scene on the pad was corrected to, if it was. */
export const corrected = computed(() => {
  const change = lastChange.value;
  return change?.kind === 'added' && change.of === scene.value ? change.correction : undefined;
});

let loaded: Promise<void> | undefined;

/** Brings those of earlier visits. */
export function openCorrections(): Promise<void> {
  loaded ??= loadCorrections().then((kept) => {
    all.value = [...kept, ...all.peek().filter(({ id }) => kept.every((one) => one.id !== id))];
  }, warn);
  return loaded;
}

/** Keeps what is on the pad as what it is; instead of what was said of the same drawing just before. */
export async function correct(truth: number | null, answer: Shown, model: string): Promise<void> {
  endStroke();
  const of = scene.peek();
  const before = corrected.peek();
  const { width, height, data } = rasterize(of);
  const png = await rgbPng(data, width, height);
  const { label, confidence, status } = answer;
  const said = { truth, label, confidence, status, model };
  const date = new Date().toISOString();
  const correction = { id: `${date} ${crypto.getRandomValues(new Uint32Array(1))[0]!}`, date, png, ...said };
  replace(before ? [before] : [], [correction]);
  lastChange.value = { kind: 'added', of, correction, ...(before && { instead: before }) };
}

export function remove(gone: readonly Correction[]): void {
  replace(gone, []);
  lastChange.value = { kind: 'deleted', corrections: gone };
}

export function takeBack(): void {
  const change = lastChange.peek();
  if (change?.kind === 'added') replace([change.correction], change.instead ? [change.instead] : []);
  if (change?.kind === 'deleted') replace([], change.corrections);
  lastChange.value = undefined;
}

function replace(gone: readonly Correction[], come: readonly Correction[]): void {
  const without = all.peek().filter((one) => !gone.includes(one));
  all.value = [...without, ...come].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  if (gone.length > 0) void deleteCorrections(gone.map(({ id }) => id)).catch(warn);
  if (come.length > 0) void saveCorrections(come).catch(warn);
}
