import { describe, expect, it } from 'vitest';
import { adam, adamW, optimizerFrom, sgd } from './optimizers.js';
import { cosineDecay } from './schedules.js';

describe('scalars', () => {
  it('sgd: the learning rate', () => {
    expect(sgd().scalars(0)).toEqual([0.01]);
    expect(sgd({ learningRate: (step) => step / 8 }).scalars(3)).toEqual([0.375]);
  });

  it('adam: the rate with both bias corrections, and no decay', () => {
    const { scalars } = adam();
    expect(scalars(0)[0]).toBeCloseTo((1e-3 * Math.sqrt(0.001)) / 0.1, 14);
    expect(scalars(1)[0]).toBeCloseTo((1e-3 * Math.sqrt(1 - 0.999 * 0.999)) / (1 - 0.81), 14);
    expect(scalars(100_000)).toEqual([1e-3, 0]);
  });

  it('adamW: the decay times the learning rate of the step', () => {
    const learningRate = cosineDecay({ initialLearningRate: 0.02, decaySteps: 10 });
    const [, decay] = adamW({ learningRate, weightDecay: 0.1 }).scalars(5);
    expect(decay).toBeCloseTo(0.01 * 0.1, 15);
  });

  it('a given learning rate replaces that of the schedule', () => {
    expect(sgd().scalars(0, 0.5)).toEqual([0.5]);
    expect(adamW({ weightDecay: 0.5 }).scalars(9, 0.5)[1]).toBe(0.25);
  });

  it.each([NaN, -1, Infinity])('a learning rate of %d is an error that names the step', (rate) => {
    expect(() => sgd({ learningRate: () => rate }).scalars(7)).toThrow(
      `The learning rate of step 7 must be a number >= 0, but is ${rate}.`,
    );
  });

  it('has as many numbers as it says', () => {
    for (const optimizer of [sgd(), adam(), adamW()]) {
      expect(optimizer.scalars(0)).toHaveLength(optimizer.scalarCount);
    }
  });
});

describe('slots', () => {
  it('are what the update rule needs', () => {
    expect(sgd().slots).toEqual([]);
    expect(sgd({ momentum: 0.9 }).slots).toEqual(['velocity']);
    expect(adam().slots).toEqual(['m', 'v']);
  });
});

describe('the average of the weights', () => {
  it('has the last slot', () => {
    expect(sgd({ useEma: true }).slots).toEqual(['average']);
    expect(sgd({ useEma: true, momentum: 0.9 }).slots).toEqual(['velocity', 'average']);
    expect(adamW({ useEma: true }).slots).toEqual(['m', 'v', 'average']);
    expect(adam().average).toBe(undefined);
  });

  it('makes up for having begun at zero', () => {
    const { average } = sgd({ useEma: true, emaMomentum: 0.75 });
    // 8, then 16: shares of 0.25 0.75 and 0.25, of 1 - 0.75^2.
    expect([...average!.value(Float32Array.of(0.25 * 8), 1)]).toEqual([8]);
    expect(average!.value(Float32Array.of(0.25 * 0.75 * 8 + 0.25 * 16), 2)[0]).toBeCloseTo((6 + 16) / 1.75, 5);
  });

  it('refuses a momentum of 1', () => {
    expect(() => adam({ useEma: true, emaMomentum: 1 })).toThrow(
      'Optimizer adam: the option "emaMomentum" must be a number >= 0 and < 1, but is 1.',
    );
  });
});

describe('optimizerFrom', () => {
  const noAverage = { useEma: false, emaMomentum: 0.99 };

  it('takes a name, an optimizer and a configuration', () => {
    expect(optimizerFrom('adam').config).toEqual({
      type: 'adam',
      learningRate: 0.001,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-7,
      ...noAverage,
    });
    expect(optimizerFrom('sgd').config).toEqual({
      type: 'sgd',
      learningRate: 0.01,
      momentum: 0,
      nesterov: false,
      ...noAverage,
    });
    expect(optimizerFrom('adamW').config).toMatchObject({ type: 'adamW', weightDecay: 0.004 });
    const given = sgd({ momentum: 0.5 });
    expect(optimizerFrom(given)).toBe(given);
  });

  it('brings an optimizer with a schedule back from JSON', () => {
    const learningRate = cosineDecay({ initialLearningRate: 0, decaySteps: 7, warmupTarget: 1, warmupSteps: 3 });
    const made = adamW({ learningRate, beta1: 0.8 });
    const again = optimizerFrom(JSON.parse(JSON.stringify(made.config)));
    expect(again.config).toEqual(made.config);
    for (let step = 0; step < 12; step++) expect(again.scalars(step)).toEqual(made.scalars(step));
  });

  it('names a wrong one, the nearest, and where', () => {
    expect(() => optimizerFrom('adma')).toThrow(
      'compile: the option "optimizer" must be one of "sgd", "adam", "adamW", but is "adma".\n  Did you mean "adam"?',
    );
    expect(() => optimizerFrom({ type: 'adam', learningrate: 1 })).toThrow(
      'Optimizer adam: there is no option "learningrate".\n  Did you mean "learningRate"?',
    );
    expect(() => optimizerFrom(undefined)).toThrow('the option "optimizer" is missing');
    expect(() => adam({ beta2: 1 })).toThrow('Optimizer adam: the option "beta2" must be a number >= 0 and < 1');
  });
});
