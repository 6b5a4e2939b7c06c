import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneHot } from '../../src/data/oneHot.js';
import { syntheticDigits } from '../../src/data/synthetic/index.js';
import type { Backend } from '../../src/engine/backend.js';
import { referenceBackend } from '../../src/engine/reference/backend.js';
import { wasmBackend } from '../../src/engine/wasm/backend.js';
import {
  adam,
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  l2,
  maxPooling2d,
  sequential,
} from '../../src/nn/index.js';
import { normalize } from '../../src/data/normalize.js';
import { rows } from '../../src/numeric/tensor.js';
import { Model } from '../../src/train/model.js';
import { relativeError } from '../contract/harness.js';

const digits = syntheticDigits({ count: 400, seed: 1 });
const x = normalize(rows(digits.images, 0, 300));
const y = digits.labels.subarray(0, 300);
const unseen = normalize(rows(digits.images, 300, 400));
const answers = digits.labels.subarray(300);

const network = (penalty = 0) =>
  sequential([
    conv2d({ filters: 5, kernelSize: 5, strides: 2, activation: 'relu', inputShape: [28, 28, 1] }),
    batchNormalization({ momentum: 0.8 }),
    maxPooling2d(),
    flatten(),
    dropout({ rate: 0.2 }),
    dense({ units: 10, activation: 'softmax', kernelRegularizer: l2(penalty) }),
  ]);

const backend = wasmBackend({ threads: 2 });
const lent: Backend = { ...backend, dispose: () => Promise.resolve() };
const metrics = ['accuracy'] as const;
const loss = 'sparseCategoricalCrossentropy';

let model: Model;
let predictions: Float32Array;
beforeAll(async () => {
  model = new Model(network(), () => lent, { seed: 1 });
  model.compile({ optimizer: adam({ learningRate: 0.01 }), loss, metrics });
  await model.fit(x, y, { batchSize: 32, epochs: 5 });
  predictions = (await model.predict(unseen)).data;
});
afterAll(() => backend.dispose());

describe('predict', () => {
  it.each([1, 3, 7, 64, 99, 100, 1000])('gives the same bits with batches of %i', async (batchSize) => {
    const { data, shape } = await model.predict(unseen, { batchSize });
    expect(shape).toEqual([100, 10]);
    expect(data).toEqual(predictions);
  });

  it('gives the same bits for single images', async () => {
    for (const image of [0, 1, 57, 99]) {
      const { data, shape } = await model.predict(rows(unseen, image, image + 1));
      expect(shape).toEqual([1, 10]);
      expect([...data]).toEqual([...predictions.subarray(10 * image, 10 * image + 10)]);
    }
  });

  it('gives probabilities', () => {
    for (let image = 0; image < 100; image++) {
      const ofImage = predictions.subarray(10 * image, 10 * image + 10);
      expect(ofImage.every((p) => p >= 0 && p <= 1)).toBe(true);
      expect(ofImage.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
    }
  });

  it('takes bytes with a divisor as it takes their quotients', async () => {
    const data = Float32Array.from(unseen.data, (value) => value / 255);
    expect((await model.predict({ data, shape: unseen.shape })).data).toEqual(predictions);
  });

  it('of no images is empty', async () => {
    const { data, shape } = await model.predict(rows(unseen, 0, 0));
    expect(shape).toEqual([0, 10]);
    expect(data).toHaveLength(0);
    expect(await model.predictClass(rows(unseen, 0, 0))).toHaveLength(0);
  });

  it('agrees with the oracle', async () => {
    const oracle = new Model(network(), referenceBackend);
    oracle.setWeights(model.getWeights());
    const { data } = await oracle.predict(rows(unseen, 0, 20));
    expect(relativeError(predictions.subarray(0, 200), data)).toBeLessThanOrEqual(1e-5);
  });

  it('needs no compile', async () => {
    const other = new Model(network(), () => lent);
    other.setWeights(model.getWeights());
    expect((await other.predict(unseen)).data).toEqual(predictions);
  });
});

describe('predictClass', () => {
  it('is where the largest probability is', async () => {
    const classes = await model.predictClass(unseen, { batchSize: 33 });
    const expected = Array.from({ length: 100 }, (_, image) => {
      const ofImage = [...predictions.subarray(10 * image, 10 * image + 10)];
      return ofImage.indexOf(Math.max(...ofImage));
    });
    expect(classes).toEqual(Uint8Array.from(expected));
  });
});

describe('evaluate', () => {
  it('is what the predictions say', async () => {
    const evaluation = await model.evaluate(unseen, answers);
    const classes = await model.predictClass(unseen);
    const correct = classes.filter((of, i) => of === answers[i]).length;
    const losses = Array.from(answers, (answer, i) => -Math.log(predictions[10 * i + answer]!));
    expect(evaluation).toEqual({ loss: expect.any(Number), accuracy: correct / 100, correct, count: 100 });
    expect(evaluation.loss).toBeCloseTo(losses.reduce((sum, value) => sum + value, 0) / 100, 5);
    // Ten classes: it has learned, from other images.
    expect(evaluation.accuracy).toBeGreaterThan(0.4);
  });

  it('gives the probabilities too where they are asked for', async () => {
    const { probabilities, ...rest } = await model.evaluate(unseen, answers, {
      batchSize: 30,
      withProbabilities: true,
    });
    expect(probabilities).toEqual({ data: predictions, shape: [100, 10] });
    expect(rest).toEqual(await model.evaluate(unseen, answers, { batchSize: 30 }));
  });

  it('does not depend on the batch size', async () => {
    const whole = await model.evaluate(unseen, answers, { batchSize: 100 });
    for (const batchSize of [1, 30, 99, 1000]) {
      const parts = await model.evaluate(unseen, answers, { batchSize });
      expect(parts.correct).toBe(whole.correct);
      expect(parts.loss).toBeCloseTo(whole.loss, 6);
    }
  });

  it('takes class numbers in any type, and one-hot rows, whatever the loss is called', async () => {
    const expected = await model.evaluate(unseen, answers);
    const shape = [100];
    expect(await model.evaluate(unseen, { data: answers, shape })).toEqual(expected);
    expect(await model.evaluate(unseen, { data: Int32Array.from(answers), shape })).toEqual(expected);
    expect(await model.evaluate(unseen, { data: Float32Array.from(answers), shape })).toEqual(expected);
    expect(await model.evaluate(unseen, oneHot(answers))).toEqual(expected);
    const categorical = new Model(network(), () => lent);
    categorical.setWeights(model.getWeights());
    categorical.compile({ loss: 'categoricalCrossentropy', metrics });
    expect(await categorical.evaluate(unseen, oneHot(answers))).toEqual(expected);
    expect(await categorical.evaluate(unseen, answers)).toEqual(expected);
  });

  it('counts the penalties of the weights once, however many batches there are', async () => {
    const factor = 0.03;
    const penalized = new Model(network(factor), () => lent);
    penalized.setWeights(model.getWeights());
    penalized.compile({ loss, metrics });
    const kernel = model.getWeights().get('dense/kernel')!;
    const penalty = factor * kernel.reduce((sum, w) => sum + w * w, 0);
    expect(penalty).toBeGreaterThan(0.1);
    const without = await model.evaluate(unseen, answers);
    for (const batchSize of [100, 30]) {
      const evaluation = await penalized.evaluate(unseen, answers, { batchSize });
      expect(evaluation.loss).toBeCloseTo(without.loss + penalty, 5);
      expect(evaluation.accuracy).toBe(without.accuracy);
    }
  });

  it('gives no accuracy that was not asked for', async () => {
    const other = new Model(network(), () => lent);
    other.compile({ loss });
    expect(Object.keys(await other.evaluate(unseen, answers)).sort()).toEqual(['count', 'loss']);
  });

  it('is on the newest weights', async () => {
    const other = new Model(network(), () => lent);
    other.compile({ loss, metrics });
    const untrained = await other.evaluate(unseen, answers);
    other.setWeights(model.getWeights());
    const trained = await other.evaluate(unseen, answers);
    expect(trained).toEqual(await model.evaluate(unseen, answers));
    expect(trained.loss).toBeLessThan(untrained.loss);
  });
});
