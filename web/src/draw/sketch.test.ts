import { beforeEach, describe, expect, it } from 'vitest';
import * as sketch from './sketch.js';

const points = (): readonly (readonly number[])[] => sketch.scene.value.strokes.map((stroke) => stroke.points);

describe('the sketch', () => {
  beforeEach(() => sketch.clear());

  it('shows a stroke while it is drawn', () => {
    sketch.beginStroke('pen', 0.07, [0.1, 0.2]);
    sketch.extendStroke([0.3, 0.4, 0.3, 0.4, 0.50004, 0.6]);
    sketch.extendStroke([0.5, 0.6]);
    expect(points()).toEqual([[0.1, 0.2, 0.3, 0.4, 0.5, 0.6]]);
    expect(sketch.drawing.value).toBe(true);
    const seen = sketch.scene.value.strokes[0];
    sketch.endStroke();
    expect(sketch.drawing.value).toBe(false);
    expect(sketch.scene.value.strokes[0]).toBe(seen);
  });

  it('never shows less on the way from a stroke in progress to one that stays', () => {
    sketch.beginStroke('pen', 0.07, [0.1, 0.2]);
    const counts: number[] = [];
    const stop = sketch.scene.subscribe(({ strokes }) => counts.push(strokes.length));
    sketch.endStroke();
    stop();
    expect(counts.every((count) => count === 1)).toBe(true);
  });

  it('undoes the stroke in progress', () => {
    sketch.beginStroke('pen', 0.07, [0.1, 0.2]);
    sketch.undo();
    sketch.extendStroke([0.5, 0.5]);
    expect(points()).toEqual([]);
    sketch.redo();
    expect(points()).toEqual([[0.1, 0.2]]);
  });

  it('drops a stroke', () => {
    sketch.beginStroke('pen', 0.07, [0.1, 0.2]);
    sketch.dropStroke();
    expect(sketch.blank.value).toBe(true);
    expect(sketch.canRedo.value).toBe(false);
  });

  it('does not let what was kept replace what is drawn', () => {
    sketch.beginStroke('pen', 0.07, [0.1, 0.2]);
    sketch.endStroke();
    sketch.restore({ strokes: [] });
    expect(points()).toEqual([[0.1, 0.2]]);
  });
});
