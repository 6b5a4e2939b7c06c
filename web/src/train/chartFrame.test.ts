import { describe, expect, it } from 'vitest';
import { apart, dotsOf, frameOf, pathOf } from './chartFrame.js';

const frame = frameOf({ width: 400, x: [0, 100], ys: [0.1, 1], log: true, names: [] });

describe('the frame of a chart', () => {
  it('puts the ends of the axes at the ends of the frame', () => {
    expect(frame.toX(0)).toBe(frame.left);
    expect(frame.toX(100)).toBe(frame.right);
    expect(frame.toY(0.1)).toBeCloseTo(frame.bottom);
    expect(frame.toY(1)).toBeCloseTo(frame.top);
  });

  it('has equal ratios at equal distances where it goes by powers of ten', () => {
    expect(frame.toY(0.2) - frame.toY(0.4)).toBeCloseTo(frame.toY(0.4) - frame.toY(0.8));
  });

  it('makes room for names', () => {
    const named = frameOf({ width: 400, x: [1, 5], ys: [1, 2], names: ['validation'] });
    expect(named.right).toBeLessThan(frame.right - 50);
  });

  it('does not divide by nothing', () => {
    const still = frameOf({ width: 400, x: [1, 1], ys: [2, 2], names: [] });
    expect(Number.isFinite(still.toX(1))).toBe(true);
    expect(Number.isFinite(still.toY(2))).toBe(true);
  });
});

describe('lines', () => {
  it('stop where a point is no number', () => {
    const points = [0, 50, NaN, 100, 100].map((x, i) => ({ x: i * 25, y: Number.isNaN(x) ? NaN : 0.5 }));
    expect(pathOf(points, frame).match(/[ML]/g)!.join('')).toBe('MLML');
    expect(dotsOf(points.slice(0, 2), frame)).toMatch(/^M[\d.]+ [\d.]+h0M[\d.]+ [\d.]+h0$/);
  });
});

describe('names at the ends of lines', () => {
  it('are moved apart where they would touch, and left alone where not', () => {
    expect(apart([100, 104], 14)).toEqual([95, 109]);
    expect(apart([104, 100], 14)).toEqual([109, 95]);
    expect(apart([10, 100], 14)).toEqual([10, 100]);
  });
});
