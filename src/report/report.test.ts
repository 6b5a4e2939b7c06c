import { inflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalize } from '../data/normalize.js';
import { syntheticDigits } from '../data/synthetic/index.js';
import { wasmBackend } from '../engine/wasm/backend.js';
import { conv2d, dense, flatten, maxPooling2d, sequential } from '../nn/index.js';
import { Model } from '../train/model.js';
import { type Recipe, recipeFrom } from '../train/recipe.js';
import { inputsOf } from '../train/runRecipe.js';
import { testModel, type TestResult } from '../train/testModel.js';
import { collectReport } from './collect.js';
import type { Sprite } from './data.js';
import { type Progress, ProgressRecorder, progressUpTo, readProgress, rowsOf } from './progress.js';
import { robustnessData } from './robustness.js';
import { amountSprite, inkSprite } from './sprite.js';
import { stepTimeData } from './stepTime.js';
import { testData } from './tested.js';

const CLASSES = Array.from({ length: 10 }, (_, i) => String(i));
const train = syntheticDigits({ count: 600, seed: 1 });
const test = syntheticDigits({ count: 120, seed: 2 });
const network = sequential([
  conv2d({ filters: 6, kernelSize: 3, strides: 2, activation: 'relu', inputShape: [28, 28, 1] }),
  maxPooling2d(),
  flatten(),
  dense({ units: 10, activation: 'softmax' }),
]);
const recipe: Recipe = recipeFrom({
  name: 'tiny',
  network: network.toConfig(),
  optimizer: 'adam',
  loss: 'categoricalCrossentropy',
  phases: [{ epochs: 1, batchSize: 32 }],
  validation: 'test',
});
const model = new Model(network, () => wasmBackend({ threads: 1 }), { seed: 3 });
let result: TestResult;

beforeAll(async () => {
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  await model.fit(...inputsOf(train, recipe), { epochs: 4, batchSize: 32 });
  result = await testModel(model, test, recipe);
});
afterAll(() => model.dispose());

/** Bytes of a PNG without filters, as its one IDAT chunk has them. */
function decoded({ png, width, height, columns, count }: Sprite) {
  const bytes = Buffer.from(png.replace('data:image/png;base64,', ''), 'base64');
  const at = bytes.indexOf('IDAT');
  const data = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)));
  const line = columns * width;
  return (i: number) =>
    Uint8Array.from({ length: width * height }, (_, k) => {
      const [x, y] = [(i % columns) * width + (k % width), Math.floor(i / columns) * height + Math.floor(k / width)];
      expect(data.length).toBe((line + 1) * Math.ceil(count / columns) * height);
      return data[y * (line + 1) + 1 + x]!;
    });
}

describe('sprites', () => {
  it('hold the pictures they were given', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 11 }),
        fc.integer({ min: 1, max: 12 }),
        async (width, height, count, columns) => {
          const pixels = Uint8Array.from({ length: width * height * count }, (_, i) => (i * 37) % 256);
          const amounts = await amountSprite({ pixels, width, height }, columns);
          const ink = await inkSprite({ pixels, width, height });
          for (let i = 0; i < count; i++) {
            const own = pixels.slice(i * width * height, (i + 1) * width * height);
            expect(decoded(amounts)(i)).toEqual(own);
            expect(decoded(ink)(i)).toEqual(own.map((value) => 255 - value));
          }
        },
      ),
      { numRuns: 20 },
    ));
});

describe('the test', () => {
  it('is what evaluating the model gives, image by image', async () => {
    const data = await testData(result, test, CLASSES, [7]);
    const { loss, accuracy } = await model.evaluate(...inputsOf(test, recipe));
    expect(data.accuracy).toBe(accuracy);
    expect(data.loss).toBe(loss);
    expect(data.images.filter(({ label, predicted }) => label !== predicted).length).toBe(data.errors);
    expect(data.images.some(({ index }) => index === 7)).toBe(true);
    const { data: all } = await model.predict(normalize(test.images));
    const picture = decoded(data.sprite);
    data.images.forEach(({ index, label, predicted, loss: own, top }, i) => {
      const row = Array.from(all.subarray(index * 10, index * 10 + 10));
      expect(label).toBe(test.labels[index]);
      expect(predicted).toBe(row.indexOf(Math.max(...row)));
      expect(top[0]!.label).toBe(predicted);
      expect(top[0]!.probability).toBeCloseTo(Math.max(...row), 5);
      expect(own).toBeCloseTo(-Math.log(row[label]!), 4);
      expect(picture(i)).toEqual(test.images.data.slice(index * 784, index * 784 + 784).map((value) => 255 - value));
    });
    // The worst first.
    const losses = data.images.map((image) => image.loss);
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
  });

  it('has precision and recall by class', async () => {
    const { classes, confusion, errors, count } = await testData(result, test, CLASSES);
    expect(classes.reduce((sum, { recall, count: own }) => sum + recall * own, 0)).toBeCloseTo(count - errors, 9);
    classes.forEach(({ precision, count: own }, label) => {
      expect(own).toBe(confusion[label]!.reduce((sum, value) => sum + value, 0));
      const taken = confusion.reduce((sum, row) => sum + row[label]!, 0);
      if (taken === 0) expect(precision).toBeUndefined();
      else expect(precision).toBe(confusion[label]![label]! / taken);
    });
  });
});

describe('robustness', () => {
  it('leaves images as they are at the neutral value, and changes them elsewhere', async () => {
    const { count, strips } = await robustnessData(model, test);
    expect(count).toBe(test.labels.length);
    const first = test.images.data.slice(0, 784).map((value) => 255 - value);
    for (const { name, values, neutral, accuracy, sprite } of strips) {
      const picture = decoded(sprite);
      values.forEach((value, i) => {
        if (value !== neutral) return expect(picture(i), `${name} ${value}`).not.toEqual(first);
        expect(picture(i), name).toEqual(first);
        expect(accuracy[i], name).toBe(result.accuracy);
      });
    }
  });

  it('moves to the right and turns counter-clockwise, by what it says', async () => {
    const { strips } = await robustnessData(model, test);
    const [shift, turn] = strips as [(typeof strips)[number], (typeof strips)[number]];
    const centre = (image: Uint8Array) => {
      let [mass, x, y] = [0, 0, 0];
      image.forEach((value, i) => {
        mass += 255 - value;
        x += (255 - value) * (i % 28);
        y += (255 - value) * Math.floor(i / 28);
      });
      return { x: x / mass - 13.5, y: y / mass - 13.5 };
    };
    const at = ({ values, sprite }: typeof shift, value: number) => centre(decoded(sprite)(values.indexOf(value)));
    expect(at(shift, 4).x - at(shift, 0).x).toBeCloseTo(4, 0);
    // The top of an image goes to the left.
    const bar = new Uint8Array(784);
    bar.fill(255, 6 * 28 + 12, 6 * 28 + 16);
    bar.fill(255, 7 * 28 + 12, 7 * 28 + 16);
    const images = { data: bar, shape: [1, 28, 28, 1] };
    const { strips: turned } = await robustnessData(model, { images, labels: Uint8Array.of(1) });
    expect(at(turned[1]!, 45).x).toBeLessThan(-3);
    expect(at(turned[1]!, 45).y).toBeLessThan(-3);
    expect(turn.name).toBe('rotation');
  });
});

describe('the time of a step', () => {
  it('is shared out among the layers, and leaves the weights as they are', async () => {
    const before = [...model.getWeights()].map(([name, values]) => [name, [...values]]);
    const time = (await stepTimeData(model, recipe))!;
    expect(time.parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(time.parts.map(({ name }) => name)).toContain('conv2d');
    expect([time.batchSize, time.step > 0]).toEqual([32, true]);
    expect([...model.getWeights()].map(([name, values]) => [name, [...values]])).toEqual(before);
  });
});

describe('progress', () => {
  let kept = '';
  const bytes = () => new TextEncoder().encode(kept);
  const read = (text = kept) => readProgress(new TextEncoder().encode(text), 'progress.json');
  beforeAll(async () => {
    const recorder = new ProgressRecorder(test, undefined, async (text) => void (kept = text));
    await recorder.take(model, 0);
    await recorder.take(model, 1);
    await recorder.take(model, 1);
  });

  it('keeps the first kernels and the predictions of two images a class', async () => {
    const { layer, shape, images, snapshots } = read();
    expect([layer, shape]).toEqual(['conv2d', [3, 3, 1, 6]]);
    expect(images.map((index) => test.labels[index])).toEqual(CLASSES.flatMap((_, label) => [label, label]));
    expect(snapshots.map(({ epoch }) => epoch)).toEqual([0, 1]);
    const { data } = await model.predict(normalize(rowsOf(test.images, images)));
    snapshots[1]!.probabilities.flat().forEach((value, i) => expect(value).toBeCloseTo(data[i]!, 3));
    const kernel = model.getWeights().get('conv2d/kernel')!;
    snapshots[1]!.kernels.forEach((value, i) => expect(value).toBeCloseTo(kernel[i]!, 3));
  });

  it('goes on from an epoch', async () => {
    const before = progressUpTo(read(), 0);
    expect(before.snapshots.length).toBe(1);
    const recorder = new ProgressRecorder(test, before, async (text) => void (kept = text));
    await recorder.take(model, 1);
    expect(read().snapshots.length).toBe(2);
  });

  it('is refused where it is damaged or newer, and never misread', () => {
    const damaged = expect.objectContaining({ code: 'run-damaged' });
    const wrong = (change: (progress: Record<string, unknown>) => void) => {
      const value = JSON.parse(kept) as Record<string, unknown>;
      change(value);
      return () => read(JSON.stringify(value));
    };
    expect(wrong((value) => (value['formatVersion'] = 2))).toThrow(expect.objectContaining({ code: 'run-version' }));
    expect(wrong((value) => delete value['snapshots'])).toThrow(damaged);
    expect(wrong((value) => (value['shape'] = [3, 3, 1, 7]))).toThrow(damaged);
    expect(wrong((value) => (value['images'] = [1]))).toThrow(damaged);
    expect(wrong((value) => (value['snapshots'] = [{}]))).toThrow(damaged);
    fc.assert(
      fc.property(fc.nat({ max: bytes().length - 1 }), (length) => {
        expect(() => readProgress(bytes().subarray(0, length), 'progress.json')).toThrow(damaged);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the report', () => {
  const record = { dataset: { name: 'synthetic' } } as never;
  const sources = { name: 'run', record, metrics: [], title: 'digits', missing: [], progress: undefined } as const;

  it('does without what there is not', async () => {
    const data = await collectReport({ ...sources, recipe: undefined, augmentation: undefined, tested: undefined });
    expect(Object.keys(data).sort()).toEqual(['dataset', 'epochs', 'missing', 'name', 'phases', 'record']);
  });

  it('shows feature maps of every layer, and watched images among those that can be looked at', async () => {
    let kept: Progress | undefined;
    const keep = async (text: string) => void (kept = readProgress(new TextEncoder().encode(text), 'p'));
    await new ProgressRecorder(test, undefined, keep).take(model, 0);
    const tested = { model, dataset: { test, classNames: CLASSES }, result };
    const {
      featureMaps,
      test: shown,
      progress,
    } = await collectReport({
      ...{ ...sources, recipe, augmentation: undefined, tested },
      progress: kept,
    });
    expect(progress!.watched.map((i) => shown!.images[i]!.index)).toEqual(kept!.images);
    for (const { image, layers } of featureMaps!) {
      expect(image).toBeLessThan(shown!.images.length);
      expect(layers.map(({ name, sprite: { count } }) => [name, count])).toEqual([
        ['conv2d', 6],
        ['max_pooling2d', 6],
        ['flatten', 1],
        ['dense', 1],
      ]);
    }
  });
});
