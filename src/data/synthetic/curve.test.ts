import { describe, expect, it } from 'vitest';
import { arc, at, corner, spline } from './curve.js';

describe('arc', () => {
  it('starts and ends at the angles of a clock face and keeps to the ellipse', () => {
    const points = arc(at(2, 3), 4, 5, 0, 90);
    expect(points[0]!.x).toBeCloseTo(2, 12);
    expect(points[0]!.y).toBeCloseTo(-2, 12);
    expect(points.at(-1)!.x).toBeCloseTo(6, 12);
    expect(points.at(-1)!.y).toBeCloseTo(3, 12);
    for (const { x, y } of points) expect(((x - 2) / 4) ** 2 + ((y - 3) / 5) ** 2).toBeCloseTo(1, 12);
  });

  it('runs counter-clockwise for a falling angle and drifts to the given radius', () => {
    const points = arc(at(0, 0), 1, 1, 90, -90, 0.5);
    expect(points[0]!.x).toBeCloseTo(1, 12);
    expect(points.at(-1)!.x).toBeCloseTo(-1.5, 12);
    expect(Math.min(...points.map(({ y }) => y))).toBeLessThan(-1);
  });
});

describe('spline', () => {
  it('passes through its controls', () => {
    const controls = [at(0, 0), at(1, 0.3), at(1.2, 1), at(0.2, 1.4)];
    const points = spline(controls, 0.01);
    for (const control of controls) {
      expect(Math.min(...points.map(({ x, y }) => (x - control.x) ** 2 + (y - control.y) ** 2))).toBeLessThan(1e-20);
    }
  });

  it('is straight between two points and at most about `spacing` wide in its steps', () => {
    const points = spline([at(0, 0), at(1, 2)], 0.1);
    for (const { x, y } of points) expect(y).toBeCloseTo(2 * x, 12);
    expect(points.length).toBe(24);
  });

  it('comes close to a circle through points of one', () => {
    for (const { x, y } of spline(arc(at(0, 0), 1, 1, 0, 360), 0.02)) {
      expect(Math.abs(Math.sqrt(x * x + y * y) - 1)).toBeLessThan(0.03);
    }
  });

  it('bends at a smooth point and breaks at a corner', () => {
    const sharp = spline([at(0, 0), corner(1, 0), at(1, 1)], 0.05);
    for (const { x, y } of sharp) expect(Math.min(Math.abs(y), Math.abs(x - 1))).toBeLessThan(1e-12);
    const smooth = spline([at(0, 0), at(1, 0), at(1, 1)], 0.05);
    expect(Math.max(...smooth.map(({ x }) => x))).toBeGreaterThan(1.02);
  });

  it('skips a repeated control and knows nothing of none', () => {
    expect(spline([], 0.1)).toEqual([]);
    const points = spline([at(0, 0), at(0, 0), at(1, 0)], 0.1);
    expect(points.every(({ x, y }) => Number.isFinite(x) && y === 0)).toBe(true);
    expect(points.at(-1)).toEqual({ x: 1, y: 0 });
  });
});
