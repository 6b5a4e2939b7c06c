import { describe, expect, it } from 'vitest';
import { THICKEST, WIDENING } from '../../src/engine/program/ops/appearance.js';
import { Random } from '../../src/numeric/philox.js';
import { compute, expectNumbers, type Given } from './exact.js';
import type { Contract } from './suite.js';

/** Images of one channel, as rows of text: a space is 0, # is 1, a digit so many tenths. */
function drawn(...images: readonly (readonly string[])[]): Given {
  const ink = (letter: string) => (letter === ' ' ? 0 : letter === '#' ? 1 : Number(letter) / 10);
  const values = images.flatMap((rows) => rows.flatMap((row) => Array.from(row, ink)));
  return { shape: [images.length, images[0]!.length, images[0]![0]!.length, 1], values };
}

const each = (size: number, ...values: readonly number[]): Given => ({ shape: [values.length / size, size], values });

export function describeAppearance(get: () => Contract): void {
  const strokes = async (x: Given, ...changes: readonly number[]) =>
    (await compute(get().backend, 'changeStrokes', [x, each(1, ...changes)], {}))[0]!;
  const blurred = async (x: Given, ...sigmas: readonly number[]) =>
    (await compute(get().backend, 'blur', [x, each(1, ...sigmas)], {}))[0]!;
  const toned = async (x: Given, tones: Given, keys: Given) =>
    (await compute(get().backend, 'changeTone', [x, tones, { ...keys, dtype: 'u32' }], { stream: 7 }))[0]!;

  describe('changeStrokes, exactly', () => {
    const dot = ['     ', '     ', '  #  ', '     ', '     '];

    it('makes of a dot a disc, whose corners are half ink, and then a larger one', async () => {
      const disc = drawn(['     ', ' 5#5 ', ' ### ', ' 5#5 ', '     ']).values;
      expectNumbers(await strokes(drawn(dot), WIDENING), disc);
      const half = Array.from(disc, (value, i) => (i === 12 ? 1 : value / 2));
      expectNumbers(await strokes(drawn(dot), WIDENING / 2), half);
      const twice = await strokes(drawn(dot), THICKEST);
      expectNumbers(twice.slice(0, 13), [0.25, 0.75, 1, 0.75, 0.25, 0.75, 1, 1, 1, 0.75, 1, 1, 1]);
      // No further.
      expect(await strokes(drawn(dot), 100)).toEqual(twice);
    });

    it('makes lines narrower, and keeps them black in the middle', async () => {
      const lines = drawn([' #  ### ', ' #  ### ', ' #  ### ']);
      const y = await strokes(lines, -1);
      // The outer ones lose 0.3 * 1.33 of their ink, and from 0.35 * 1.33 on there is ink.
      const outer = (1 - 0.3 * 1.33 - 0.35 * 1.33) / (1 - 1.25 * 0.35 * 1.33);
      const row = [0, outer, 0, 0, outer, 1, outer, 0];
      expectNumbers(y, [...row, ...row, ...row]);
    });

    it('gives each image its own change; 0 is none, bit for bit, whatever the values', async () => {
      const odd = [-1, NaN, 1e-40, Infinity, 7, 0.5];
      const y = await strokes({ shape: [2, 2, 3, 1], values: [...odd, 0, 0, 1, 0, 0, 0] }, 0, WIDENING);
      expectNumbers(y, [...odd, 0, 1, 1, 0, 0.5, 1]);
    });
  });

  describe('blur, exactly', () => {
    it('of 1 pixel has the weights 1 4 6 4 1 along both axes', async () => {
      const y = await blurred(drawn(['     ', '     ', '  #  ', '     ', '     ']), 1);
      const weights = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16];
      expectNumbers(
        y,
        weights.flatMap((a) => weights.map((b) => a * b)),
      );
    });

    it('keeps an image of one colour, edges and all, and leaves one alone at 0', async () => {
      const grey = { shape: [1, 3, 5, 2], values: new Float64Array(30).fill(0.75) };
      expectNumbers(await blurred(grey, 0.8), grey.values);
      const values = [-1, NaN, 1e-40, Infinity, 7, 0.5];
      expectNumbers(await blurred({ shape: [1, 1, 6, 1], values }, 0), values);
    });
  });

  describe('changeTone, exactly', () => {
    const key = [77, 3, 5, 9] as const;

    it('multiplies, adds, and stays from 0 to 1', async () => {
      const x: Given = { shape: [2, 1, 3, 1], values: [0, 0.5, 1, 0, 0.5, 1] };
      const y = await toned(x, each(3, 0.5, 0.125, 0, 2, -0.75, 0), each(4, ...key, ...key));
      expectNumbers(y, [0.125, 0.375, 0.625, 0, 0.25, 1]);
    });

    it('leaves ink as it is, bit for bit, at gain 1, offset 0 and deviation 0', async () => {
      const values = Array.from({ length: 21 }, (_, i) => Math.fround(i / 20));
      expect(await toned({ shape: [1, 3, 7, 1], values }, each(3, 1, 0, 0), each(4, ...key))).toEqual(values);
    });

    it('adds the bytes of the words of the image’s own stream', async () => {
      const [height, width] = [3, 13];
      const keys = [...key, 2 ** 32 - 1, 0, 2 ** 31, 59999];
      const x: Given = { shape: [2, height, width, 1], values: new Float64Array(2 * height * width).fill(0.5) };
      const expected = [0, 4].flatMap((first) => {
        const [low, high, a, b] = keys.slice(first, first + 4) as [number, number, number, number];
        const random = new Random(low + high * 2 ** 32, 7, a, b);
        return Array.from({ length: height * width }, () => {
          const word = random.uint32();
          const bytes = [0, 8, 16, 24].reduce((sum, shift) => sum + ((word >>> shift) & 255), 0);
          return 0.5 + (0.1 * (bytes - 510)) / Math.sqrt(21845);
        });
      });
      expectNumbers(await toned(x, each(3, 1, 0, 0.1, 1, 0, 0.1), each(4, ...keys)), expected);
    });

    it('adds noise of mean 0 and the deviation asked for, which is nearly normal', async () => {
      const count = 100 * 784;
      const x: Given = { shape: [100, 28, 28, 1], values: new Float64Array(count).fill(0.5) };
      const tones = each(3, ...Array.from({ length: 100 }, () => [1, 0, 0.1]).flat());
      const keys = each(4, ...Array.from({ length: 100 }, (_, n) => [1, 0, 0, n]).flat());
      const noise = (await toned(x, tones, keys)).map((value) => (value - 0.5) / 0.1);
      const moment = (power: number) => noise.reduce((sum, value) => sum + value ** power, 0) / count;
      expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(count));
      expect(moment(2)).toBeCloseTo(1, 1);
      expect(Math.abs(moment(2) - 1)).toBeLessThan(0.02);
      // The sum of four even numbers has 2.7, a normal one 3.
      expect(Math.abs(moment(4) - 2.7)).toBeLessThan(0.06);
      const beside = noise.reduce((sum, value, i) => sum + value * (noise[i + 1] ?? 0), 0) / count;
      expect(Math.abs(beside)).toBeLessThan(5 / Math.sqrt(count));
    });
  });
}
