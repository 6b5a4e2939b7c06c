import { describe, expect, it } from 'vitest';
import { LossCurve, stepsAhead } from './lossCurve.js';

function curveOf(...losses: number[]): LossCurve {
  const curve = new LossCurve();
  curve.add(Float32Array.from(losses.flatMap((loss, i) => [i + 1, loss])));
  return curve;
}

describe('the curve of the losses', () => {
  it('begins its running mean with the first loss, and follows', () => {
    const { means, dots } = curveOf(2, 2, 2, 1, 1, 1, 1, 1).thinned(100);
    expect(means[0]).toEqual({ x: 1, y: 2 });
    expect(means.at(-1)!.y).toBeGreaterThan(1);
    expect(means.at(-1)!.y).toBeLessThan(1.5);
    expect(dots).toHaveLength(8);
  });

  it('forgets steps that are made again after a checkpoint', () => {
    const curve = curveOf(2, 1.5, 1.2, 1.1);
    curve.add(Float32Array.of(3, 1.25));
    expect(curve.length).toBe(3);
    expect(curve.lastStep).toBe(3);
    expect(curve.thinned(100).dots.at(-1)).toEqual({ x: 3, y: 1.25 });
    curve.cutAfter(1);
    expect(curve.lastStep).toBe(1);
  });

  it('keeps the extremes of a long run in few points', () => {
    const losses = Array.from({ length: 5000 }, (_, i) => (i === 3217 ? 9 : 1 / (i + 1)));
    const { means, dots } = curveOf(...losses).thinned(200);
    expect(means).toHaveLength(200);
    expect(dots.length).toBeLessThanOrEqual(400);
    expect(dots).toContainEqual({ x: 3218, y: 9 });
    expect(means.at(-1)!.x).toBe(5000);
  });

  it('is empty before the first step', () => {
    expect(new LossCurve().thinned(10)).toEqual({ means: [], dots: [] });
  });
});

describe('the end of the axis of steps', () => {
  it('is a round number ahead of the steps made, and never beyond the end of the run', () => {
    expect(stepsAhead(0, 180)).toBe(50);
    expect(stepsAhead(50, 180)).toBe(100);
    expect(stepsAhead(101, 1000)).toBe(200);
    expect(stepsAhead(170, 180)).toBe(180);
    expect(stepsAhead(3000, 6000)).toBe(5000);
    expect(stepsAhead(5, 12)).toBe(12);
    expect(stepsAhead(0, 0)).toBe(50);
  });
});
