import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clock } from './clock.js';
import type { SeedResult } from './seedResult.js';
import { spreadOf, spreadsOf } from './spread.js';
import { targetText } from './view.js';

describe('Clock', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('leaves out what came before the start and what is not to count', async () => {
    const clock = new Clock();
    vi.advanceTimersByTime(500);
    expect(clock.seconds).toBe(0);
    clock.start();
    vi.advanceTimersByTime(1000);
    const work = () => {
      vi.advanceTimersByTime(250);
      return Promise.resolve('read');
    };
    expect(await clock.without(work)).toEqual({ result: 'read', seconds: 0.25 });
    expect(clock.seconds).toBe(1);
    vi.advanceTimersByTime(2000);
    // The next phase of a recipe.
    clock.start();
    expect(clock.seconds).toBe(3);
    await expect(clock.without(() => work().then(() => Promise.reject(new Error('no'))))).rejects.toThrow('no');
    expect(clock.seconds).toBe(3);
  });
});

function resultOf(seed: number, seconds: number, accuracy: number, secondsToTarget: number | null): SeedResult {
  const counts = { evaluations: 1, evaluationSeconds: 0, trainCount: 9, evaluatedCount: 1 };
  const hashes = { weightsSha256: '', recipeSha256: '' };
  const epochOfTarget = secondsToTarget === null ? null : 1;
  return { seed, seconds, accuracy, loss: 0, epochOfTarget, secondsToTarget, epochs: [], ...counts, ...hashes };
}

describe('spreads', () => {
  it('have mean, deviation of the sample, extremes and the interval of Student’s t', () => {
    const { interval, ...rest } = spreadOf([2, 4, 4, 4, 5, 5, 7, 9]);
    const deviation = Math.sqrt(32 / 7);
    expect(rest).toEqual({
      count: 8,
      mean: 5,
      standardDeviation: expect.closeTo(deviation, 12),
      minimum: 2,
      maximum: 9,
    });
    // 2.36462 for 7 degrees of freedom
    expect(interval![0]).toBeCloseTo(5 - (2.36462 * deviation) / Math.sqrt(8), 4);
    expect(interval![1]).toBeCloseTo(5 + (2.36462 * deviation) / Math.sqrt(8), 4);
  });

  it('have neither deviation nor interval for one value, and no interval beyond what can be', () => {
    expect(spreadOf([3])).toEqual({
      ...{ count: 1, mean: 3, minimum: 3, maximum: 3, standardDeviation: null, interval: null },
    });
    expect(spreadOf([0.9, 1], 1).interval![1]).toBe(1);
    expect(spreadOf([0.1, 5]).interval![0]).toBe(0);
  });

  it('of time to the target is over the seeds that reached it', () => {
    const results = [resultOf(1, 10, 0.992, 4), resultOf(2, 12, 0.988, 6), resultOf(3, 11, 0.985, null)];
    const spreads = spreadsOf(results, 0.99);
    expect(spreads.reached).toBe(2);
    expect(spreads.reachedAtEnd).toBe(1);
    expect(spreads.seconds.mean).toBe(11);
    expect(spreads.secondsToTarget).toMatchObject({ count: 2, mean: 5, minimum: 4, maximum: 6 });
    expect(spreadsOf(results.slice(2), 0.99).secondsToTarget).toBeNull();
  });
});

it('writes a target as it was given', () => {
  expect([0.99, 0.995, 0.9955, 1, 0.07].map(targetText)).toEqual(['99%', '99.5%', '99.55%', '100%', '7%']);
});
