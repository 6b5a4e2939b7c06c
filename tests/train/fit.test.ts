import { beforeEach, describe, expect, it } from 'vitest';
import { imageDataGenerator } from '../../src/augment/imageDataGenerator.js';
import { shuffleOrder } from '../../src/data/shuffle.js';
import { referenceBackend } from '../../src/engine/reference/backend.js';
import { adam, dense, dropout, exponentialDecay, flatten, type Network, sequential, sgd } from '../../src/nn/index.js';
import type { BatchLog } from '../../src/train/logs.js';
import { Model } from '../../src/train/model.js';
import type { CompileOptions } from '../../src/train/modelOptions.js';
import { numbered, perceptron, Recorder } from './small.js';

const SEED = 5;
const { x, y } = numbered(10);
const counted = (count: number) => Array.from({ length: count }, (_, i) => i);
const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

let recorder: Recorder;
beforeEach(() => {
  recorder = new Recorder(referenceBackend());
});

function compiled(options: Partial<CompileOptions> = {}, network: Network = perceptron(), seed = SEED): Model {
  const model = new Model(network, () => recorder, { seed });
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'], ...options });
  return model;
}

describe('an epoch', () => {
  it('shows every image once, with its label; the last batch is smaller', async () => {
    await compiled().fit(x, y, { batchSize: 4, epochs: 2 });
    expect(recorder.steps.map(({ rows }) => rows)).toEqual([4, 4, 2, 4, 4, 2]);
    const { trained } = recorder;
    expect(sorted(trained.slice(0, 10))).toEqual(counted(10));
    expect(sorted(trained.slice(10))).toEqual(counted(10));
    const labels = recorder.steps.flatMap(({ rows, inputs }) => inputs.get('labels')!.slice(0, rows));
    expect(labels).toEqual(trained.map((number) => y[number]));
    const pixels = recorder.steps.flatMap(({ rows, inputs }) => inputs.get('images')!.slice(0, 4 * rows));
    expect(pixels).toEqual(trained.flatMap((number) => [...x.data.subarray(4 * number, 4 * number + 4)]));
  });

  it('has an order of its own, which the seed and its number decide, across calls of fit', async () => {
    const model = compiled();
    await model.fit(x, y, { batchSize: 4, epochs: 2 });
    await model.fit(x, y, { batchSize: 10 });
    expect(model.epochs).toBe(3);
    const orders = [0, 1, 2].map((epoch) => [...shuffleOrder(10, SEED, epoch)]);
    expect(recorder.trained).toEqual(orders.flat());
    expect(new Set([...orders, counted(10)].map(String)).size).toBe(4);
  });

  it('keeps the order of the images with shuffle: false', async () => {
    await compiled().fit(x, y, { batchSize: 3, epochs: 2, shuffle: false });
    expect(recorder.trained).toEqual([...counted(10), ...counted(10)]);
  });

  it('may end after stepsPerEpoch steps; the next starts from the front of its own order', async () => {
    await compiled().fit(x, y, { batchSize: 4, epochs: 2, stepsPerEpoch: 2 });
    expect(recorder.trained).toEqual([0, 1].flatMap((epoch) => [...shuffleOrder(10, SEED, epoch)].slice(0, 8)));
  });

  it('may be left out', async () => {
    const history = await compiled().fit(x, y, { epochs: 0 });
    expect(history.epochs).toEqual([]);
    expect(recorder.steps).toHaveLength(0);
  });

  it('has batches of 32 by default, and there is one by default', async () => {
    const many = numbered(70);
    await compiled().fit(many.x, many.y);
    expect(recorder.steps.map(({ rows }) => rows)).toEqual([32, 32, 6]);
  });
});

describe('a step', () => {
  it('gets dropout’s seed in two words and its own number, which goes on across epochs and fits', async () => {
    const seed = 3 * 2 ** 32 + 77;
    const network = sequential([
      flatten({ inputShape: [2, 2, 1] }),
      dropout({ rate: 0.5 }),
      dense({ units: 3, activation: 'softmax' }),
    ]);
    const model = compiled({}, network, seed);
    await model.fit(x, y, { batchSize: 5, epochs: 2 });
    await model.fit(x, y, { batchSize: 10 });
    expect(recorder.inputs('random')).toEqual(counted(5).map((step) => [77, 3, step]));
  });

  it('gets the maps of its images, for the epoch of the whole training', async () => {
    const augmentation = imageDataGenerator({ rotationRange: 30, zoomRange: 0.2, fillMode: 'constant', cval: 0.5 });
    const model = compiled();
    await model.fit(x, y, { batchSize: 4, epochs: 2, augmentation });
    const expected = [0, 1].flatMap((epoch) =>
      [...shuffleOrder(10, SEED, epoch)].map((image) => {
        const matrix = new Float32Array(6);
        augmentation.writeMatrix(matrix, 0, { seed: SEED, epoch, image, height: 2, width: 2 });
        return [...matrix];
      }),
    );
    const given = recorder.steps.flatMap(({ rows, inputs }) =>
      Array.from({ length: rows }, (_, row) =>
        inputs
          .get('matrices')!
          .slice(6 * row, 6 * row + 6)
          .map(Math.fround),
      ),
    );
    expect(given).toEqual(expected);
    expect(new Set(expected.map(String)).size).toBe(20);
  });

  it('gets the keys and rectangles of its images where they are distorted and erased', async () => {
    const augmentation = imageDataGenerator({ elastic: { alpha: 5, sigma: 1 }, erasing: { area: [0.3, 0.9] } });
    const seed = 3 * 2 ** 32 + 77;
    await compiled({}, perceptron(), seed).fit(x, y, { batchSize: 4, epochs: 2, augmentation });
    const places = [0, 1].flatMap((epoch) =>
      [...shuffleOrder(10, seed, epoch)].map((image) => [epoch, image] as const),
    );
    const given = (name: string) =>
      recorder.steps.flatMap(({ rows, inputs }) =>
        Array.from({ length: rows }, (_, row) => inputs.get(name)!.slice(4 * row, 4 * row + 4)),
      );
    expect(given('keys')).toEqual(places.map(([epoch, image]) => [77, 3, epoch, image]));
    const rectangles = places.map(([epoch, image]) => {
      const rectangle = new Int32Array(4);
      augmentation.writeRectangle(rectangle, 0, { seed, epoch, image, height: 2, width: 2 });
      return [...rectangle];
    });
    expect(given('rectangles')).toEqual(rectangles);
    expect(new Set(rectangles.map(String)).size).toBeGreaterThan(3);
  });

  it('gets the strokes, blur and tone of its images where these are changed', async () => {
    const augmentation = imageDataGenerator({
      strokes: { thicker: 2 },
      blur: { sigma: [0, 1] },
      noise: { deviation: [0, 0.5] },
    });
    await compiled().fit(x, y, { batchSize: 4, epochs: 2, augmentation });
    const given = recorder.steps.flatMap(({ rows, inputs }) =>
      Array.from({ length: rows }, (_, row) => [
        inputs.get('strokes')![row]!,
        inputs.get('sigmas')![row]!,
        ...inputs.get('tones')!.slice(3 * row, 3 * row + 3),
      ]),
    );
    const expected = [0, 1].flatMap((epoch) =>
      [...shuffleOrder(10, SEED, epoch)].map((image) => {
        const place = { seed: SEED, epoch, image, height: 2, width: 2 };
        const [change, sigma, tone] = [new Float32Array(1), new Float32Array(1), new Float32Array(3)];
        augmentation.writeStrokeChange(change, 0, place);
        augmentation.writeSigma(sigma, 0, place);
        augmentation.writeTone(tone, 0, place);
        return [...change, ...sigma, ...tone];
      }),
    );
    expect(given.map((row) => row.map(Math.fround))).toEqual(expected);
    expect(new Set(expected.map(String)).size).toBe(20);
  });

  it('starts from the weights that the step before made', async () => {
    const model = compiled();
    await model.fit(x, y, { batchSize: 4, epochs: 2 });
    const kernels = recorder.steps.map(({ kernel }) => String(kernel));
    expect(new Set(kernels).size).toBe(6);
    expect(recorder.steps[0]!.kernel).toEqual([...model.network.initialWeights(SEED).get('dense/kernel')!]);
  });
});

describe('the learning rate', () => {
  it('follows the optimizer’s schedule, step by step', async () => {
    const learningRate = exponentialDecay({ initialLearningRate: 0.5, decaySteps: 2, decayRate: 0.25 });
    const model = compiled({ optimizer: sgd({ learningRate }) });
    const history = await model.fit(x, y, { batchSize: 4, epochs: 2 });
    const rates = [0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625];
    recorder.inputs('scalars').forEach(([rate], step) => expect(rate).toBeCloseTo(rates[step]!, 12));
    // As Keras logs it: the rate of the step that would come next.
    expect(history.epochs.map((log) => log.learningRate)).toEqual([0.0625, expect.closeTo(0.0078125, 12)]);
  });

  it('is used: with 0, nothing changes but moving averages', async () => {
    const model = compiled({ optimizer: adam({ learningRate: 0 }) });
    await model.fit(x, y, { epochs: 2 });
    expect([...model.getWeights()]).toEqual([...model.network.initialWeights(SEED)]);
  });

  it('counts Adam’s bias correction from the first step of the model', async () => {
    const model = compiled({ optimizer: adam() });
    await model.fit(x, y, { batchSize: 5 });
    await model.fit(x, y, { batchSize: 10 });
    const expected = [0, 1, 2].map((step) => adam().scalars(step)[0]);
    expect(recorder.inputs('scalars').map(([rate]) => rate)).toEqual(expected);
    expect(new Set(expected).size).toBe(3);
  });
});

describe('validation', () => {
  const other = numbered(7);

  it('gives the loss and accuracy that evaluate gives', async () => {
    const model = compiled();
    const history = await model.fit(x, y, { batchSize: 4, validationData: [other.x, other.y] });
    const { loss, accuracy } = await model.evaluate(other.x, other.y, { batchSize: 4 });
    expect(history.valLoss).toEqual([loss]);
    expect(history.valAccuracy).toEqual([accuracy]);
    expect(recorder.evaluated).toEqual([...counted(7), ...counted(7)]);
  });

  it('takes the last share of the images, which are then not trained on', async () => {
    const history = await compiled().fit(x, y, { batchSize: 4, epochs: 2, validationSplit: 0.3 });
    expect(sorted(recorder.trained.slice(0, 7))).toEqual(counted(7));
    expect(sorted(recorder.trained.slice(7))).toEqual(counted(7));
    expect(recorder.evaluated).toEqual([7, 8, 9, 7, 8, 9]);
    expect(history.valLoss).toHaveLength(2);
  });

  it('is on the weights after the epoch', async () => {
    const model = compiled();
    const history = await model.fit(x, y, { epochs: 2, validationData: [x, y] });
    const first = compiled();
    await first.fit(x, y, { epochs: 1 });
    expect(history.valLoss[0]).toBe((await first.evaluate(x, y, { batchSize: 32 })).loss);
    expect(history.valLoss[1]).not.toBe(history.valLoss[0]);
  });
});

describe('what fit tells', () => {
  it('are running means of the epoch after every step, weighted by images', async () => {
    const logs: BatchLog[] = [];
    await compiled().fit(x, y, { batchSize: 4, epochs: 2, callbacks: [{ onBatchEnd: (log) => void logs.push(log) }] });
    expect(logs.map(({ epoch, step, steps, images }) => [epoch, step, steps, images])).toEqual([
      [1, 1, 3, 4],
      [1, 2, 3, 8],
      [1, 3, 3, 10],
      [2, 1, 3, 4],
      [2, 2, 3, 8],
      [2, 3, 3, 10],
    ]);
    logs.forEach((log, i) => {
      const seen = recorder.steps.slice(i < 3 ? 0 : 3, i + 1);
      const loss = seen.reduce((sum, step) => sum + step.loss * step.rows, 0) / log.images;
      const correct = seen.reduce((sum, step) => sum + step.correct!, 0);
      expect(log.loss).toBeCloseTo(loss, 12);
      expect(log.accuracy).toBe(correct / log.images);
      expect(log.imagesPerSecond).toBeGreaterThan(0);
    });
  });

  it('is a history by epoch and by figure', async () => {
    const history = await compiled().fit(x, y, { batchSize: 4, epochs: 3, validationData: [x, y] });
    expect(history.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    for (const name of ['loss', 'accuracy', 'valLoss', 'valAccuracy'] as const) {
      expect(history[name]).toHaveLength(3);
      expect(history[name]).toEqual(history.epochs.map((log) => log[name]));
    }
    const ofEpoch = recorder.steps.slice(3, 6);
    const mean = ofEpoch.reduce((sum, { loss, rows }) => sum + loss * rows, 0) / 10;
    expect(history.loss[1]).toBeCloseTo(mean, 12);
    for (const { seconds, imagesPerSecond } of history.epochs) {
      expect(seconds).toBeGreaterThan(0);
      expect(imagesPerSecond).toBeGreaterThan(0);
    }
  });

  it('leaves out what nobody asked for', async () => {
    const history = await compiled({ metrics: [] }).fit(x, y);
    expect(Object.keys(history.epochs[0]!).sort()).toEqual([
      'epoch',
      'imagesPerSecond',
      'learningRate',
      'loss',
      'seconds',
    ]);
    expect(history.accuracy).toEqual([]);
    expect(history.valLoss).toEqual([]);
  });
});
