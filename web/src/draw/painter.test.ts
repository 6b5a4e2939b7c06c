import { describe, expect, it } from 'vitest';
import { grownStroke } from './painter.js';
import type { Scene, Stroke } from './scene.js';

const first: Stroke = { tool: 'pen', width: 0.1, points: [0.1, 0.1, 0.2, 0.2] };
const second: Stroke = { tool: 'pen', width: 0.1, points: [0.5, 0.5] };
const scene = (...strokes: readonly Stroke[]): Scene => ({ strokes });

describe('what is new in a scene', () => {
  it('is a stroke that was begun', () => {
    expect(grownStroke(scene(first), scene(first, second))).toEqual({ stroke: second, from: 0 });
  });

  it('is what a stroke has grown by', () => {
    const longer = { ...first, points: [...first.points, 0.3, 0.3, 0.4, 0.4] };
    expect(grownStroke(scene(first), scene(longer))).toEqual({ stroke: longer, from: 1 });
    expect(grownStroke(scene(second, first), scene(second, longer))?.from).toBe(1);
  });

  it('may be anything else', () => {
    const picture = { width: 1, height: 1, data: new Uint8Array(4) };
    expect(grownStroke(scene(first), { picture, strokes: [first, second] })).toBeUndefined();
    expect(grownStroke(scene(first, second), scene(first))).toBeUndefined();
    expect(grownStroke(scene(first), scene())).toBeUndefined();
    expect(grownStroke(scene(), scene(first, second))).toBeUndefined();
    expect(grownStroke(scene(first), scene({ ...first, tool: 'eraser' }))).toBeUndefined();
    expect(grownStroke(scene(first), scene({ ...first, points: [0.9, 0.9, 0.2, 0.2] }))).toBeUndefined();
  });
});
