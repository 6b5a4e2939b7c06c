import { afterAll, describe, expect, it } from 'vitest';
import { imageDataGenerator } from '../../src/augment/imageDataGenerator.js';
import type { Backend } from '../../src/engine/backend.js';
import { wasmBackend } from '../../src/engine/wasm/backend.js';
import {
  adam,
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  sequential,
  sgd,
  sparseCategoricalCrossentropy,
  trainingProgram,
} from '../../src/nn/index.js';
import type { Callback } from '../../src/train/callbacks/callback.js';
import { Model } from '../../src/train/model.js';
import { columns, differing } from './small.js';

const { x, y } = columns(20, 3, 6);

const network = () =>
  sequential([
    conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 1] }),
    batchNormalization(),
    flatten(),
    dropout({ rate: 0.25 }),
    dense({ units: 6, activation: 'softmax' }),
  ]);

// In f32 nothing is rounded when weights pass from one program to another, so that equal means equal.
const backend = wasmBackend({ threads: 2 });
const lent: Backend = { ...backend, dispose: () => Promise.resolve() };
afterAll(() => backend.dispose());

function compiled(optimizer = adam()): Model {
  const model = new Model(network(), () => lent, { seed: 4 });
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy' });
  return model;
}

describe('training that goes on', () => {
  it('over two calls of fit is as one', async () => {
    const augmentation = imageDataGenerator({ rotationRange: 10 });
    const [whole, parts] = [compiled(), compiled()];
    await whole.fit(x, y, { batchSize: 8, epochs: 3, augmentation });
    await parts.fit(x, y, { batchSize: 8, epochs: 1, augmentation });
    await parts.fit(x, y, { batchSize: 8, epochs: 2, augmentation });
    expect(differing(whole, parts)).toEqual([]);
    expect(parts.steps).toBe(9);
    expect(parts.epochs).toBe(3);
  });

  it('with another batch size keeps weights, moments and step number', async () => {
    const model = compiled();
    await model.fit(x, y, { batchSize: 8, shuffle: false });
    await model.fit(x, y, { batchSize: 10, shuffle: false });

    // The same steps by one program that is never left.
    const optimizer = adam();
    const executable = await backend.compile(
      trainingProgram(network(), {
        capacity: 10,
        images: { dtype: 'u8', divisor: 255 },
        loss: sparseCategoricalCrossentropy(),
        metrics: [],
        optimizer,
      }),
    );
    for (const [name, values] of network().initialWeights(4)) executable.writeState(name, values);
    const batches = [
      [0, 8],
      [8, 16],
      [16, 20],
      [0, 10],
      [10, 20],
    ] as const;
    for (const [step, [begin, end]] of batches.entries()) {
      executable.input('images').set(x.data.subarray(36 * begin, 36 * end));
      executable.input('labels').set(y.subarray(begin, end));
      executable.input('random').set([4, 0, step]);
      executable.input('scalars').set(optimizer.scalars(step));
      await executable.run(end - begin);
    }
    const weights = model.getWeights();
    for (const name of weights.keys()) {
      expect([...weights.get(name)!], name).toEqual([...executable.readState(name)]);
    }
    executable.dispose();
  });

  it('with another batch size after it was broken off keeps the steps that were made', async () => {
    const [broken, whole] = [compiled(), compiled()];
    const controller = new AbortController();
    const callback: Callback = {
      onBatchEnd({ step }) {
        if (step === 2) controller.abort();
      },
    };
    const { signal } = controller;
    const fitting = broken.fit(x, y, { batchSize: 8, shuffle: false, callbacks: [callback], signal });
    await expect(fitting).rejects.toThrow('aborted');
    await whole.fit(x, y, { batchSize: 8, shuffle: false, stepsPerEpoch: 2 });
    for (const model of [broken, whole]) await model.fit(x, y, { batchSize: 10, shuffle: false });
    expect(differing(broken, whole)).toEqual([]);
  });

  it('with images in another type is the same training', async () => {
    const floats = { data: Float32Array.from(x.data, (value) => value / 255), shape: x.shape };
    const [bytes, mixed] = [compiled(), compiled()];
    await bytes.fit(x, y, { batchSize: 8, epochs: 2 });
    await mixed.fit(x, y, { batchSize: 8 });
    await mixed.fit(floats, y, { batchSize: 8 });
    expect(differing(bytes, mixed)).toEqual([]);
  });

  it('after evaluate, predict, dispose and setWeights with its own weights is the same training', async () => {
    const [straight, disturbed] = [compiled(sgd({ momentum: 0.9 })), compiled(sgd({ momentum: 0.9 }))];
    for (let i = 0; i < 3; i++) await straight.fit(x, y, { batchSize: 8 });
    await disturbed.fit(x, y, { batchSize: 8 });
    await disturbed.evaluate(x, y);
    await disturbed.predict(x);
    disturbed.setWeights(disturbed.getWeights());
    await disturbed.fit(x, y, { batchSize: 8 });
    await disturbed.dispose();
    await disturbed.fit(x, y, { batchSize: 8 });
    expect(differing(straight, disturbed)).toEqual([]);
  });

  it('ends with weights that outlive the threads', async () => {
    const own = new Model(network(), () => wasmBackend({ threads: 2 }), { seed: 4 });
    own.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
    await own.fit(x, y, { batchSize: 8 });
    await own.dispose();
    const other = compiled();
    await other.fit(x, y, { batchSize: 8 });
    expect(differing(own, other)).toEqual([]);
  });
});

describe('compile', () => {
  it('keeps the weights and starts the optimizer anew', async () => {
    const trained = compiled();
    await trained.fit(x, y, { batchSize: 8, epochs: 2 });
    const weights = trained.getWeights();
    trained.compile({ optimizer: adam(), loss: 'sparseCategoricalCrossentropy' });
    expect(trained.steps).toBe(0);
    expect([...trained.getWeights()]).toEqual([...weights]);

    const fresh = compiled();
    fresh.setWeights(weights);
    await trained.fit(x, y, { batchSize: 8, shuffle: false });
    await fresh.fit(x, y, { batchSize: 8, shuffle: false });
    expect(differing(trained, fresh)).toEqual([]);

    const continued = compiled();
    await continued.fit(x, y, { batchSize: 8, epochs: 2 });
    await continued.fit(x, y, { batchSize: 8, shuffle: false });
    expect(differing(continued, fresh)).not.toEqual([]);
  });

  it('with another optimizer and loss is used from then on', async () => {
    const model = compiled();
    await model.fit(x, y, { batchSize: 8 });
    model.compile({
      optimizer: sgd({ learningRate: 0 }),
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
    });
    const kernel = model.getWeights().get('dense/kernel');
    const history = await model.fit(x, y, { batchSize: 8, validationData: [x, y] });
    expect(model.getWeights().get('dense/kernel')).toEqual(kernel);
    expect(history.accuracy).toHaveLength(1);
    expect(history.valAccuracy).toHaveLength(1);
  });
});

describe('weights', () => {
  it('come and go as copies', () => {
    const model = compiled();
    const weights = model.getWeights();
    weights.get('dense/bias')!.fill(7);
    expect([...model.getWeights().get('dense/bias')!]).toEqual([0, 0, 0, 0, 0, 0]);
    model.setWeights(weights);
    weights.get('dense/bias')!.fill(9);
    expect([...model.getWeights().get('dense/bias')!]).toEqual([7, 7, 7, 7, 7, 7]);
  });

  it('are in the order of the layers, moving statistics included', () => {
    expect([...compiled().getWeights().keys()]).toEqual([
      'conv2d/kernel',
      'conv2d/bias',
      'batch_normalization/gamma',
      'batch_normalization/beta',
      'batch_normalization/moving_mean',
      'batch_normalization/moving_variance',
      'dense/kernel',
      'dense/bias',
    ]);
  });
});
