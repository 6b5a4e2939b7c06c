import { describe, expect, it } from 'vitest';
import { Random } from '../numeric/philox.js';
import { mean, standardDeviation } from '../numeric/statistics.js';
import { fans, type Initializer, initializerKind, initializers } from './initializers.js';

const shape = [3, 3, 32, 64];
const fanIn = 3 * 3 * 32;
const fanOut = 3 * 3 * 64;
const valuesOf = (initializer: Initializer, seed = 1) => initializer.values(shape, new Random(seed, 1));
/** 18,432 values: the standard error of their mean is 0.0074 standard deviations, that of the deviation less. */
const few = 0.03;

describe('fans', () => {
  it('counts the places of a convolution kernel', () => {
    expect(fans(shape)).toEqual({ fanIn, fanOut });
    expect(fans([784, 10])).toEqual({ fanIn: 784, fanOut: 10 });
    expect(fans([7])).toEqual({ fanIn: 7, fanOut: 7 });
    expect(fans([])).toEqual({ fanIn: 1, fanOut: 1 });
  });
});

describe('initializers', () => {
  it.each([
    ['glorotUniform', Math.sqrt(6 / (fanIn + fanOut))],
    ['heUniform', Math.sqrt(6 / fanIn)],
    ['lecunUniform', Math.sqrt(3 / fanIn)],
    ['randomUniform', 0.05],
  ] as const)('%s is uniform within its limit', (name, limit) => {
    const values = valuesOf(initializers[name]());
    expect(Math.max(...values)).toBeLessThanOrEqual(limit);
    expect(Math.max(...values)).toBeGreaterThan(0.999 * limit);
    expect(Math.min(...values)).toBeLessThan(-0.999 * limit);
    expect(Math.abs(mean(values))).toBeLessThan(few * limit);
    expect(standardDeviation(values) / (limit / Math.sqrt(3))).toBeCloseTo(1, 1);
  });

  it.each([
    ['glorotNormal', Math.sqrt(2 / (fanIn + fanOut))],
    ['heNormal', Math.sqrt(2 / fanIn)],
    ['lecunNormal', Math.sqrt(1 / fanIn)],
  ] as const)('%s has its deviation after the cut at two', (name, deviation) => {
    const values = valuesOf(initializers[name]());
    const cut = (2 * deviation) / 0.87962566103423978;
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(cut * (1 + 1e-6));
    expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(0.98 * cut);
    expect(Math.abs(mean(values))).toBeLessThan(few * deviation);
    expect(Math.abs(standardDeviation(values) / deviation - 1)).toBeLessThan(few);
  });

  it('randomNormal and truncatedNormal have the given mean and deviation', () => {
    const normal = valuesOf(initializers.randomNormal({ mean: 2, stddev: 0.5 }));
    expect(Math.abs(mean(normal) - 2)).toBeLessThan(few * 0.5);
    expect(Math.abs(standardDeviation(normal) / 0.5 - 1)).toBeLessThan(few);
    expect(Math.max(...normal)).toBeGreaterThan(3.2);
    const truncated = valuesOf(initializers.truncatedNormal({ mean: 2, stddev: 0.5 }));
    expect(Math.max(...truncated)).toBeLessThanOrEqual(3);
    expect(Math.min(...truncated)).toBeGreaterThanOrEqual(1);
  });

  it('zeros, ones and constant are what they say', () => {
    expect(new Set(valuesOf(initializers.zeros()))).toEqual(new Set([0]));
    expect(new Set(valuesOf(initializers.ones()))).toEqual(new Set([1]));
    expect(new Set(valuesOf(initializers.constant({ value: -0.25 })))).toEqual(new Set([-0.25]));
    expect(valuesOf(initializers.constant())).toHaveLength(3 * 3 * 32 * 64);
  });

  it.each(Object.keys(initializers))('%s comes back from its configuration and is the same', (name) => {
    const made = initializerKind.read(name)!;
    const again = initializerKind.read(JSON.parse(JSON.stringify(made.config)))!;
    expect(again.config).toEqual(made.config);
    expect(made.config.type).toBe(name);
    expect(valuesOf(again)).toEqual(valuesOf(made));
  });

  it('keeps options in the configuration', () => {
    expect(initializers.randomUniform({ maxval: 1 }).config).toEqual({
      type: 'randomUniform',
      minval: -0.05,
      maxval: 1,
    });
  });

  it('refuses options there are not and values out of range', () => {
    expect(() => initializers.heNormal({ seed: 3 })).toThrow('Initializer heNormal: there is no option "seed"');
    expect(() => initializers.randomNormal({ stddev: -1 })).toThrow('"stddev" must be a number >= 0, but is -1');
  });
});
