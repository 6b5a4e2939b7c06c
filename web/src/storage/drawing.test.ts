import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import type { Scene } from '../draw/scene.js';
import type { Correction } from './correctionRecord.js';
import { deleteCorrections, loadCorrections, saveCorrections } from './corrections.js';
import { loadDrawing, saveDrawing } from './drawing.js';

const strokes: Scene['strokes'] = [{ tool: 'eraser', width: 0.06, points: [0.25, 0.5, 0.75, 0.5] }];
const picture = { width: 2, height: 1, data: Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 255) };

describe('what the Draw view keeps', () => {
  it('is nothing at first', async () => {
    expect(await loadDrawing()).toBeUndefined();
    expect(await loadCorrections()).toEqual([]);
  });

  it('is the drawing, with its picture', async () => {
    const scene: Scene = { picture, origin: { name: 'four.png', label: 4 }, strokes };
    await saveDrawing(scene);
    expect(await loadDrawing()).toEqual(scene);
    await saveDrawing({ ...scene, strokes: [] });
    expect(await loadDrawing()).toEqual({ ...scene, strokes: [] });
    await saveDrawing({ strokes });
    expect(await loadDrawing()).toEqual({ strokes });
  });

  it('is the corrections, the oldest first', async () => {
    const one: Correction = {
      ...{ id: 'b', date: '2026-01-01T00:00:00.000Z', png: Uint8Array.of(1), truth: 7, label: 1 },
      ...{ confidence: 0.5, status: 'unsure', model: 'best' },
    };
    const two: Correction = { ...one, id: 'a', date: '2026-01-02T00:00:00.000Z', truth: null };
    await saveCorrections([two, one]);
    expect(await loadCorrections()).toEqual([one, two]);
    await deleteCorrections(['b', 'nobody']);
    expect(await loadCorrections()).toEqual([two]);
  });
});
