import { describe, expect, it } from 'vitest';
import { cosineDecay, exponentialDecay, learningRateKind, piecewiseConstantDecay } from './schedules.js';

describe('exponentialDecay', () => {
  const options = { initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.25 };

  it('multiplies by the rate in every decaySteps, a little at each step', () => {
    const { at } = exponentialDecay(options);
    expect([0, 5, 10, 20].map(at)).toEqual([0.1, 0.05, 0.025, 0.00625]);
  });

  it('goes in steps as a staircase', () => {
    const { at } = exponentialDecay({ ...options, staircase: true });
    expect([0, 9, 10, 19, 20].map(at)).toEqual([0.1, 0.1, 0.025, 0.025, 0.00625]);
  });
});

describe('piecewiseConstantDecay', () => {
  it('holds a value up to and including its boundary', () => {
    const { at } = piecewiseConstantDecay({ boundaries: [100, 200], values: [1, 0.5, 0.1] });
    expect([0, 100, 101, 200, 201, 1e6].map(at)).toEqual([1, 1, 0.5, 0.5, 0.1, 0.1]);
  });

  it('needs growing boundaries and one value more', () => {
    expect(() => piecewiseConstantDecay({ boundaries: [1], values: [1] })).toThrow(
      'was given the boundaries [1] and 1 values.\n  Give boundaries that grow, and one value more',
    );
    expect(() => piecewiseConstantDecay({ boundaries: [2, 2], values: [1, 2, 3] })).toThrow('boundaries that grow');
  });
});

describe('cosineDecay', () => {
  it('goes down half a cosine to alpha times the start, and stays', () => {
    const { at } = cosineDecay({ initialLearningRate: 0.2, decaySteps: 60, alpha: 0.1 });
    const expected = (cosine: number) => 0.2 * (0.9 * 0.5 * (1 + cosine) + 0.1);
    expect(at(0)).toBeCloseTo(0.2, 15);
    expect(at(20)).toBeCloseTo(expected(0.5), 15);
    expect(at(30)).toBeCloseTo(expected(0), 15);
    expect(at(40)).toBeCloseTo(expected(-0.5), 15);
    expect(at(60)).toBeCloseTo(0.02, 15);
    expect(at(1000)).toBe(at(60));
  });

  it('warms up in a line to the target, then decays from there', () => {
    const { at } = cosineDecay({
      initialLearningRate: 0.01,
      decaySteps: 20,
      warmupTarget: 0.11,
      warmupSteps: 10,
    });
    expect(at(0)).toBeCloseTo(0.01, 15);
    expect(at(5)).toBeCloseTo(0.06, 15);
    expect(at(10)).toBeCloseTo(0.11, 15);
    expect(at(20)).toBeCloseTo(0.055, 15);
    expect(at(30)).toBeCloseTo(0, 15);
    expect(at(99)).toBe(at(30));
  });

  it('has no warm-up without a target, as Keras', () => {
    const { at } = cosineDecay({ initialLearningRate: 1, decaySteps: 10, warmupSteps: 5 });
    expect(at(5)).toBeCloseTo(0.5, 15);
  });

  it('refuses what is out of range', () => {
    expect(() => cosineDecay({ initialLearningRate: 1, decaySteps: 0 })).toThrow(
      'Schedule cosineDecay: the option "decaySteps" must be a whole number >= 1, but is 0.',
    );
  });
});

describe('learningRateKind', () => {
  it('takes a number, a schedule, a configuration and a function', () => {
    expect(learningRateKind.read(0.3)?.at(7)).toBe(0.3);
    expect(learningRateKind.read((step: number) => 1 / (step + 1))?.at(3)).toBe(0.25);
    const schedule = exponentialDecay({ initialLearningRate: 1, decaySteps: 1, decayRate: 0.5 });
    expect(learningRateKind.read(schedule)).toBe(schedule);
    expect(learningRateKind.read(JSON.parse(JSON.stringify(schedule.config)))?.at(3)).toBe(0.125);
  });

  it.each([[-1], [NaN], ['cosineDecay'], [null], [{ type: 'linear' }]])('refuses %j', (value) => {
    expect(learningRateKind.read(value)).toBe(undefined);
  });

  it('says that a function does not come back from a file', () => {
    expect(() => learningRateKind.read({ type: 'custom' })).toThrow('a function, which a file cannot keep');
  });
});
