import { describe, expect, it } from 'vitest';
import { cosineDecay, exponentialDecay, learningRateKind, oneCycle, piecewiseConstantDecay } from './schedules.js';

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

describe('oneCycle', () => {
  // OneCycleLR(optimizer, max_lr=0.8, total_steps=41, pct_start=0.25, div_factor=8, final_div_factor=10): up from 0.1 to
  // 0.8 at step 0.25 * 41 - 1 = 9.25, and down to 0.01 at step 40, 30.75 steps later.
  const options = { maxLearningRate: 0.8, totalSteps: 41, pctStart: 0.25, divFactor: 8, finalDivFactor: 10 };

  it('goes up and down along half a cosine each', () => {
    const { at } = oneCycle(options);
    const up = (share: number) => 0.8 + ((0.1 - 0.8) / 2) * (1 + Math.cos(Math.PI * share));
    const down = (share: number) => 0.01 + ((0.8 - 0.01) / 2) * (1 + Math.cos(Math.PI * share));
    expect(at(0)).toBeCloseTo(0.1, 14);
    expect(at(3)).toBeCloseTo(up(3 / 9.25), 14);
    expect(at(9)).toBeCloseTo(up(9 / 9.25), 14);
    expect(at(10)).toBeCloseTo(down(0.75 / 30.75), 14);
    expect(at(25)).toBeCloseTo(down(15.75 / 30.75), 14);
    expect(at(40)).toBeCloseTo(0.01, 14);
    expect(at(1000)).toBe(at(40));
  });

  it('goes in lines', () => {
    const { at } = oneCycle({ ...options, annealing: 'linear' });
    expect(at(0)).toBeCloseTo(0.1, 14);
    expect(at(3)).toBeCloseTo(0.1 + 0.7 * (3 / 9.25), 14);
    expect(at(25)).toBeCloseTo(0.8 - 0.79 * (15.75 / 30.75), 14);
    expect(at(40)).toBeCloseTo(0.01, 14);
  });

  it('has the defaults of PyTorch', () => {
    const { at } = oneCycle({ maxLearningRate: 1, totalSteps: 100 });
    expect(at(0)).toBeCloseTo(1 / 25, 14);
    expect(at(29)).toBeCloseTo(1, 14);
    expect(at(99)).toBeCloseTo(1 / 25 / 1e4, 14);
  });

  it.each([
    [1, 0.3],
    [3, 0.3],
    [10, 0],
  ])('begins at the top where %i steps with a share of %d leave none to rise in', (totalSteps, pctStart) => {
    const { at } = oneCycle({ maxLearningRate: 1, totalSteps, pctStart });
    expect(at(0)).toBe(1);
    expect(at(totalSteps)).toBeCloseTo(1 / 25 / 1e4, 14);
  });

  it('may rise to the end', () => {
    const { at } = oneCycle({ maxLearningRate: 1, totalSteps: 5, pctStart: 1, annealing: 'linear', divFactor: 2 });
    expect([0, 1, 2, 3, 4].map(at)).toEqual([0.5, 0.625, 0.75, 0.875, 1]);
  });

  it('refuses what is out of range', () => {
    expect(() => oneCycle({ maxLearningRate: 1, pctStart: 1.5 })).toThrow(
      'Schedule oneCycle: the option "pctStart" must be a number >= 0 and <= 1, but is 1.5.',
    );
    expect(() => oneCycle({ maxLearningRate: 1, totalSteps: 0 })).toThrow('"totalSteps"');
  });
});

describe('a schedule without a length of its own', () => {
  it('is told it, and is then as if it had been given it', () => {
    const cycle = { maxLearningRate: 0.5, pctStart: 0.2, annealing: 'linear' } as const;
    const decay = { initialLearningRate: 0, warmupTarget: 1, warmupSteps: 4 };
    for (const step of [0, 3, 7, 19]) {
      expect(oneCycle(cycle).over!(20).at(step)).toBe(oneCycle({ ...cycle, totalSteps: 20 }).at(step));
      expect(cosineDecay(decay).over!(20).at(step)).toBe(cosineDecay({ ...decay, decaySteps: 16 }).at(step));
    }
    expect(cosineDecay(decay).over!(2).at(4)).toBe(1);
    expect(oneCycle({ ...cycle, totalSteps: 20 }).over).toBe(undefined);
  });

  it('comes back from JSON without one', () => {
    const { config } = oneCycle({ maxLearningRate: 0.5 });
    expect(config).not.toHaveProperty('totalSteps');
    expect(learningRateKind.read(JSON.parse(JSON.stringify(config)))?.over!(9).at(0)).toBeCloseTo(0.02, 14);
  });

  it.each([
    ['oneCycle', 'totalSteps', oneCycle({ maxLearningRate: 1 })],
    ['cosineDecay', 'decaySteps', cosineDecay({ initialLearningRate: 1 })],
  ])('%s says so where nobody tells it', (type, option, schedule) => {
    expect(() => schedule.at(0)).toThrow(
      `Schedule ${type}: it was given no ${option}, and nobody has said how many steps the training has.\n  Give ${option}`,
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
