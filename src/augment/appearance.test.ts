import { describe, expect, it } from 'vitest';
import { imageDataGenerator, type ImageDataGeneratorOptions } from './imageDataGenerator.js';

const COUNT = 4000;

interface Look {
  readonly change: number;
  readonly sigma: number;
  readonly gain: number;
  readonly offset: number;
  readonly deviation: number;
}

/** What is drawn for one image. */
function look(options: ImageDataGeneratorOptions, image = 0, { seed = 5, epoch = 1 } = {}): Look {
  const generator = imageDataGenerator(options);
  const place = { seed, epoch, image, height: 28, width: 28 };
  const [changes, sigmas, tones] = [new Float64Array(3).fill(77), new Float64Array(3).fill(77), new Float64Array(9)];
  tones.fill(77);
  generator.writeStrokeChange(changes, 1, place);
  generator.writeSigma(sigmas, 1, place);
  generator.writeTone(tones, 1, place);
  // No other row is written.
  for (const out of [changes, sigmas]) expect([out[0], out[2]]).toEqual([77, 77]);
  expect([...tones.subarray(0, 3), ...tones.subarray(6)]).toEqual([77, 77, 77, 77, 77, 77]);
  return { change: changes[1]!, sigma: sigmas[1]!, gain: tones[3]!, offset: tones[4]!, deviation: tones[5]! };
}

const looks = (options: ImageDataGeneratorOptions) => Array.from({ length: COUNT }, (_, image) => look(options, image));

/** Drawn evenly from low to high: extremes, mean and spread. */
function expectEven(values: readonly number[], low: number, high: number): void {
  const size = high - low;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length;
  expect(Math.min(...values)).toBeGreaterThanOrEqual(low);
  expect(Math.max(...values)).toBeLessThanOrEqual(high);
  // Five standard deviations of the mean of 1,600 even draws are 0.036 of their range.
  expect(Math.abs(mean - (low + high) / 2) / size).toBeLessThan(0.036);
  expect((12 * variance) / (size * size)).toBeCloseTo(1, 0.8);
}

const nothing = { change: 0, sigma: 0, gain: 1, offset: 0, deviation: 0 };
const options = {
  strokes: { thinner: 0.5, thicker: 1.5 },
  blur: { sigma: [0.2, 0.7] },
  contrast: { gain: [0.6, 1.2], offset: [-0.1, 0.1] },
  noise: { deviation: [0.05, 0.1] },
} as const satisfies ImageDataGeneratorOptions;

describe('how an image looks', () => {
  it('is as it was where nothing is asked for, or with probability 0', () => {
    expect(look({})).toEqual(nothing);
    const never = Object.fromEntries(
      Object.entries(options).map(([name, given]) => [name, { ...given, probability: 0 }]),
    );
    expect(
      looks(never).every((drawn) =>
        Object.entries(nothing).every(([name, value]) => drawn[name as keyof Look] === value),
      ),
    ).toBe(true);
    expect(look({ strokes: {}, contrast: {} })).toEqual(nothing);
  });

  it('is drawn evenly from the ranges', () => {
    const drawn = looks(options);
    expectEven(
      drawn.map(({ change }) => change),
      -0.5,
      1.5,
    );
    expectEven(
      drawn.map(({ sigma }) => sigma),
      0.2,
      0.7,
    );
    expectEven(
      drawn.map(({ gain }) => gain),
      0.6,
      1.2,
    );
    expectEven(
      drawn.map(({ offset }) => offset),
      -0.1,
      0.1,
    );
    expectEven(
      drawn.map(({ deviation }) => deviation),
      0.05,
      0.1,
    );
  });

  it('changes with the probability that is asked for, each in images of its own', () => {
    const some = looks({
      strokes: { ...options.strokes, probability: 0.5 },
      blur: { ...options.blur, probability: 0.5 },
      contrast: { ...options.contrast, probability: 0.5 },
      noise: { ...options.noise, probability: 0.5 },
    });
    const changed = [
      some.map(({ change }) => change !== 0),
      some.map(({ sigma }) => sigma !== 0),
      some.map(({ gain }) => gain !== 1),
      some.map(({ deviation }) => deviation !== 0),
    ];
    for (const [i, which] of changed.entries()) {
      // Five standard deviations are 0.04.
      expect(Math.abs(which.filter(Boolean).length / COUNT - 0.5)).toBeLessThan(0.04);
      for (const other of changed.slice(i + 1)) {
        const both = which.filter((is, image) => is && other[image]).length / COUNT;
        expect(Math.abs(both - 0.25)).toBeLessThan(0.035);
      }
    }
    expectEven(
      some.flatMap(({ sigma }) => (sigma === 0 ? [] : [sigma])),
      0.2,
      0.7,
    );
  });

  it('depends on seed, epoch and image, and no option on another', () => {
    const all = look(options, 3);
    expect(look({ blur: options.blur }, 3)).toEqual({ ...nothing, sigma: all.sigma });
    expect(look({ noise: options.noise }, 3)).toEqual({ ...nothing, deviation: all.deviation });
    const others = [look(options, 4), look(options, 3, { seed: 6 }), look(options, 3, { epoch: 2 })];
    others.push(look(options, 3, { seed: 5 + 2 ** 32 }));
    for (const name of Object.keys(nothing) as (keyof Look)[]) {
      expect(new Set([all, ...others].map((drawn) => drawn[name])).size).toBe(5);
    }
    expect(look(options, 3)).toEqual(all);
  });
});
