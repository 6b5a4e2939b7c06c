import { describe, expect, it } from 'vitest';
import { drawn, pictureOf } from '../digit/testing.js';
import { conv2d, dense, flatten } from '../nn/index.js';
import { sequential } from '../models.js';
import type { Tensor } from '../numeric/tensor.js';
import { DigitReader } from './reader.js';
import type { Predictor } from './predictor.js';

/** Answers the same for every image, and remembers what it was asked. */
function always(probabilities: readonly number[]): Predictor & { readonly asked: Tensor[] } {
  const asked: Tensor[] = [];
  return {
    asked,
    predict(images) {
      asked.push(images);
      const count = images.shape[0]!;
      const data = Float32Array.from({ length: count * probabilities.length }, (_, i) => {
        return probabilities[i % probabilities.length]!;
      });
      return Promise.resolve({ data, shape: [count, probabilities.length] });
    },
  };
}

const sevenOf = (sure: number): number[] => Array.from({ length: 10 }, (_, i) => (i === 7 ? sure : (1 - sure) / 9));
const digit = drawn(120, 100, { digit: 7, side: 60, pen: 6, left: 30, top: 20 });
const blank = pictureOf(80, 60, () => [250, 250, 250]);
const dash = pictureOf(160, 80, (x, y) => (Math.abs(y - 40) < 3 && x > 30 && x < 130 ? [0, 0, 0] : [255, 255, 255]));
const pair = pictureOf(160, 80, (x, y) => {
  const inStroke = y > 15 && y < 65 && (Math.abs(x - 40) < 3 || Math.abs(x - 110) < 3);
  return inStroke ? [0, 0, 0] : [255, 255, 255];
});

describe('a reader', () => {
  it('reads a digit, and says how sure it is', async () => {
    const model = always(sevenOf(0.91));
    const reading = await new DigitReader({ model }).read(digit);
    expect(reading).toMatchObject({ label: 7, status: 'ok', reason: '' });
    expect(reading.confidence).toBeCloseTo(0.91);
    expect(reading.top.map(({ label }) => label)).toEqual([7, 0, 1]);
    expect(reading.probabilities).toHaveLength(10);
    expect(reading.signs).toHaveLength(1);
    const { left, top, right, bottom } = reading.signs[0]!;
    expect([left > 20, top > 10, right < 100, bottom < 90]).toEqual([true, true, true, true]);
    const [asked] = model.asked;
    expect(asked).toMatchObject({ shape: [1, 28, 28, 1], divisor: 255 });
    expect([...asked!.data]).toEqual([...reading.normalized.image]);
    expect(reading.normalized.stages().at(-1)!.name).toBe('normalized');
  });

  it('names the likeliest digit where it is unsure', async () => {
    const reading = await new DigitReader({ model: always(sevenOf(0.4)) }).read(digit);
    expect(reading).toMatchObject({ label: 7, status: 'unsure' });
    expect(reading.confidence).toBeCloseTo(0.4);
  });

  it('names no digit where there is none, or more than one', async () => {
    const reader = new DigitReader({ model: always(sevenOf(1)) });
    const nothing = { label: null, confidence: 0, top: [] };
    expect(await reader.read(blank)).toMatchObject({
      ...nothing,
      status: 'blank',
      signs: [],
      probabilities: new Array(10).fill(0.1),
    });
    expect(await reader.read(dash)).toMatchObject({ ...nothing, status: 'not-a-digit', reason: 'too wide' });
    const several = await reader.read(pair);
    expect(several).toMatchObject({ ...nothing, status: 'several', reason: '2 signs' });
    expect(several.signs.map(({ left }) => Math.round(left / 10))).toEqual([4, 11]);
  });

  it('believes its gate', async () => {
    const model = always(sevenOf(1));
    const shut = new DigitReader({ model, gate: always([0.99, 0.01]) });
    expect(await shut.read(digit)).toMatchObject({ label: null, confidence: 0, status: 'not-a-digit' });
    const open = new DigitReader({ model, gate: always([0.01, 0.99]) });
    expect(await open.read(digit)).toMatchObject({ label: 7, status: 'ok' });
    const strict = new DigitReader({ model, gate: always([0.01, 0.99]), limits: { leastDigitness: 0.995 } });
    expect(await strict.read(digit)).toMatchObject({ label: null, status: 'not-a-digit' });
  });

  it('reads many pictures in batches, each as if it were alone', async () => {
    const model = always(sevenOf(0.9));
    const reader = new DigitReader({ model });
    const pictures = Array.from({ length: 70 }, (_, i) => (i % 3 === 0 ? blank : digit));
    const readings = await reader.readAll(pictures);
    expect(readings.map(({ status }) => status)).toEqual(pictures.map((p) => (p === blank ? 'blank' : 'ok')));
    expect(model.asked.map(({ shape }) => shape[0])).toEqual([64, 6]);
    expect(await reader.readAll([])).toEqual([]);
    const [{ normalized, ...one }] = [await reader.read(digit)];
    const { normalized: same, ...among } = readings[1]!;
    expect(one).toEqual(among);
    expect(same.image).toEqual(normalized.image);
  });

  it('reads with a model', async () => {
    await using model = sequential(
      [flatten({ inputShape: [28, 28, 1] }), dense({ units: 10, activation: 'softmax' })],
      {
        threads: 1,
      },
    );
    const reading = await new DigitReader({ model }).read(digit);
    expect(reading.probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1);
  });
});

describe('a network that does not fit', () => {
  const softmax = { units: 10, activation: 'softmax' } as const;
  const model = always(sevenOf(1));

  it('is refused before it is asked', () => {
    const large = sequential([flatten({ inputShape: [32, 32, 1] }), dense(softmax)]);
    expect(() => new DigitReader({ model: large })).toThrow(
      'The model takes images of shape [32, 32, 1], and [28, 28, 1] was expected.',
    );
    const two = sequential([flatten({ inputShape: [28, 28, 1] }), dense({ ...softmax, units: 2 })]);
    expect(() => new DigitReader({ model: two })).toThrow('The model answers with [2] values an image');
    const map = sequential([conv2d({ filters: 1, kernelSize: 3, inputShape: [28, 28, 1] })]);
    expect(() => new DigitReader({ model, gate: map })).toThrow('The gate answers with [26, 26, 1] values an image');
  });

  it('is refused by what it answers', async () => {
    const reading = (probabilities: readonly number[]): Promise<unknown> =>
      new DigitReader({ model: always(probabilities) }).read(digit);
    await expect(reading([1])).rejects.toThrow('a tensor of shape [1, 1], and [1, 10] was expected');
    await expect(reading(new Array<number>(10).fill(3.5))).rejects.toThrow('answered with 3.500, 3.500, 3.500 …');
    await expect(reading(new Array<number>(10).fill(0.2))).rejects.toThrow('1 in all');
    await expect(reading(new Array<number>(10).fill(NaN))).rejects.toMatchObject({ code: 'reader-model' });
  });
});
