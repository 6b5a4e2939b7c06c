import { describe, expect, it } from 'vitest';
import { MIDDLE, moved, placeInWords, pointOf } from './gridPen.js';

describe('the pen moved by keys', () => {
  it('goes from cell to cell, and stays on the grid', () => {
    const right = moved(MIDDLE, 'ArrowRight', false)!;
    expect(right).toEqual({ column: 14, row: 13, down: false });
    expect(moved(right, 'ArrowUp', true)).toMatchObject({ column: 14, row: 9 });
    let pen = { ...MIDDLE, down: true };
    for (let i = 0; i < 40; i++) pen = moved(pen, 'ArrowLeft', false)!;
    expect(pen).toEqual({ column: 0, row: 13, down: true });
    expect(moved({ ...pen, row: 26 }, 'ArrowDown', true)?.row).toBe(27);
  });

  it('stays where it is for other keys', () => {
    expect(moved(MIDDLE, 'a', false)).toBeUndefined();
    expect(moved(MIDDLE, 'toString', false)).toBeUndefined();
  });

  it('draws in the middle of cells', () => {
    expect(pointOf({ column: 0, row: 27, down: true })).toEqual([0.5 / 28, 27.5 / 28]);
    expect(placeInWords({ column: 0, row: 27, down: true })).toBe('Column 1, row 28');
  });
});
