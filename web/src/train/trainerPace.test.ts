import { describe, expect, it } from 'vitest';
import { recipes } from '../../../src/train/recipes/index.js';
import { PaceReport } from './trainerPace.js';

const counts = { trainCount: 256, validationCount: 100 };
const log = (step: number, images: number, loss: number) => ({
  ...{ epoch: 1, step, steps: 2, images, loss, accuracy: 0.5, imagesPerSecond: 1000 },
});
const facts = (steps: number) => ({ steps, learningRate: 0.1, savedSteps: 0 });

describe('the pace', () => {
  it('tells the loss of each step, from the mean of the epoch', () => {
    const pace = new PaceReport(recipes['fast']!, counts, 2, undefined);
    expect(pace.report(facts(0))).toBeUndefined();
    pace.beginEpoch();
    pace.take(log(1, 128, 2), 1);
    pace.take(log(2, 256, 1.5), 2);
    const told = pace.report(facts(2))!;
    expect([...told.losses]).toEqual([1, 2, 2, 1]);
    expect(told.pace).toMatchObject({ epoch: 1, step: 2, steps: 2, totalSteps: 2, loss: 1.5, batchLoss: 1 });
    // Each loss is told once.
    expect(pace.report(facts(2))!.losses).toHaveLength(0);
    pace.endEpoch({ epoch: 1, loss: 1.5, learningRate: 0.1, imagesPerSecond: 1000, seconds: 1 });
    pace.take({ ...log(1, 128, 3), epoch: 2 }, 3);
    expect([...pace.report(facts(3))!.losses]).toEqual([3, 3]);
  });

  it('goes on in the middle of an epoch', () => {
    const progress = { epoch: 1, step: 1, images: 128, lossSum: 256, correct: 64, seconds: 0.128 };
    const pace = new PaceReport(recipes['fast']!, counts, 2, progress);
    expect(pace.report(facts(1))).toMatchObject({
      pace: { step: 1, steps: 1, loss: 2, batchLoss: 2, accuracy: 0.5, imagesPerSecond: 1000 },
    });
    pace.take(log(2, 256, 1.5), 2);
    expect(pace.report(facts(2))!.pace.batchLoss).toBe(1);
  });

  it('tells how long it still takes once an epoch has been seen, validation included', () => {
    const recipe = { ...recipes['fast']!, phases: [{ epochs: 3, batchSize: 128 }] };
    const pace = new PaceReport(recipe, counts, 6, undefined);
    pace.beginEpoch();
    pace.take(log(1, 128, 2), 1);
    expect(pace.report(facts(1))!.pace.secondsLeft).toBeUndefined();
    // 256 images at 1000 a second, and the rest of the second.
    pace.endEpoch({ epoch: 1, loss: 1.5, learningRate: 0.1, imagesPerSecond: 1000, seconds: 1 });
    pace.beginEpoch();
    pace.take({ ...log(1, 128, 2), epoch: 2 }, 3);
    expect(pace.report(facts(3))!.pace.secondsLeft).toBeCloseTo((2 * 256 - 128) / 1000 + 2 * 0.744);
  });
});
