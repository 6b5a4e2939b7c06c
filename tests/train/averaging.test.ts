import { afterAll, describe, expect, it } from 'vitest';
import { imageDataGenerator } from '../../src/augment/imageDataGenerator.js';
import type { Dataset } from '../../src/data/dataset.js';
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
  oneCycle,
  type Optimizer,
  sequential,
  sgd,
} from '../../src/nn/index.js';
import { weightsSha256 } from '../../src/runs/modelFile.js';
import type { Callback } from '../../src/train/callbacks/callback.js';
import { earlyStopping } from '../../src/train/callbacks/earlyStopping.js';
import { modelCheckpoint } from '../../src/train/callbacks/modelCheckpoint.js';
import type { TrainingCheckpoint } from '../../src/train/checkpoint.js';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/train/checkpointFile.js';
import { Model } from '../../src/train/model.js';
import { type Recipe, recipeFrom } from '../../src/train/recipe.js';
import { recipeModel, runRecipe } from '../../src/train/runRecipe.js';
import { relativeError } from '../contract/harness.js';
import { columns, differing } from './small.js';

const backend = wasmBackend({ threads: 2 });
const lent: Backend = { ...backend, dispose: () => Promise.resolve() };
afterAll(() => backend.dispose());

const { x, y } = columns(20, 3, 6);
const augmentation = imageDataGenerator({ rotationRange: 10 });

const network = () =>
  sequential([
    batchNormalization({ inputShape: [6, 6, 1], name: 'first' }),
    conv2d({ filters: 5, kernelSize: 3, activation: 'relu' }),
    batchNormalization({ name: 'second' }),
    flatten(),
    dropout({ rate: 0.25 }),
    dense({ units: 6, activation: 'softmax' }),
  ]);

function compiled(optimizer: Optimizer, makeBackend = (): Backend => lent): Model {
  const model = new Model(network(), makeBackend, { seed: 4 });
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

const averaging = () => adam({ learningRate: 0.01, useEma: true, emaMomentum: 0.8 });
const validationData = [x, y] as const;

/** The weights after each step, and after each epoch, as callbacks see them. */
function watching(steps: ReadonlyMap<string, Float32Array>[], epochs: ReadonlyMap<string, Float32Array>[]): Callback {
  return {
    onBatchEnd: (_, { model }) => void steps.push(model.getWeights()),
    onEpochEnd: (_, { model }) => void epochs.push(model.getWeights()),
  };
}

describe('averaged weights', () => {
  it.each<[string, () => Backend]>([
    ['reference', referenceBackend],
    ['wasm', () => lent],
  ])('on %s are the mean over the steps that the formula says', async (_, makeBackend) => {
    const steps: ReadonlyMap<string, Float32Array>[] = [];
    const model = compiled(averaging(), makeBackend);
    await model.fit(x, y, { batchSize: 8, epochs: 2, callbacks: [watching(steps, [])] });
    expect(steps).toHaveLength(6);
    const weights = model.getWeights();
    for (const { name, trainable } of model.network.weights) {
      if (!trainable) continue;
      const shares = steps.map((_, i) => (0.2 * 0.8 ** (5 - i)) / (1 - 0.8 ** 6));
      const expected = Float64Array.from(weights.get(name)!, (_, at) =>
        steps.reduce((sum, step, i) => sum + shares[i]! * step.get(name)![at]!, 0),
      );
      expect(relativeError(weights.get(name)!, expected), name).toBeLessThan(1e-6);
      expect(relativeError(steps.at(-1)!.get(name)!, expected), name).toBeGreaterThan(1e-4);
    }
  });

  it('change nothing of the training that they are averages of', async () => {
    const plainSteps: ReadonlyMap<string, Float32Array>[] = [];
    const steps: ReadonlyMap<string, Float32Array>[] = [];
    const options = { batchSize: 8, epochs: 3, validationData, augmentation };
    await compiled(adam({ learningRate: 0.01 })).fit(x, y, { ...options, callbacks: [watching(plainSteps, [])] });
    await compiled(averaging()).fit(x, y, { ...options, callbacks: [watching(steps, [])] });
    expect(steps).toEqual(plainSteps);
  });

  it('are what validation, callbacks at the end of an epoch and the end see', async () => {
    const [steps, epochs, saved]: ReadonlyMap<string, Float32Array>[][] = [[], [], []];
    const best = modelCheckpoint({ save: (model) => void saved!.push(model.getWeights()), saveBestOnly: false });
    const model = compiled(averaging());
    const history = await model.fit(x, y, {
      batchSize: 8,
      epochs: 2,
      validationData,
      callbacks: [watching(steps!, epochs!), best],
    });
    expect(saved).toEqual(epochs);
    expect(epochs!.at(-1)).toEqual(model.getWeights());
    expect(epochs!.at(-1)).not.toEqual(steps!.at(-1));
    const other = compiled(adam());
    for (const [i, weights] of epochs!.entries()) {
      other.setWeights(weights);
      const { loss, accuracy } = await other.evaluate(x, y, { batchSize: 8 });
      expect([history.valLoss[i], history.valAccuracy[i]]).toEqual([loss, accuracy]);
    }
    expect(await model.predict(x)).toEqual(await other.predict(x));
  });

  it('come with statistics from the images of the epoch, as they were augmented', async () => {
    const checkpoints: TrainingCheckpoint[] = [];
    const keep: Callback = { onEpochEnd: (_, training) => void checkpoints.push(training.checkpoint()) };
    const statisticsOf = async (images: number) => {
      const model = compiled(averaging());
      const options = { batchSize: 8, shuffle: false, validationData, statisticsImages: images };
      await model.fit(x, y, { ...options, callbacks: [keep] });
      return model;
    };
    const model = await statisticsOf(12);
    const direct = compiled(averaging());
    direct.restoreState(checkpoints[0]!.model);
    direct.setWeights(model.getWeights());
    await direct.updateBatchNormalization(x, { batchSize: 8, images: 12 });
    expect(differing(model, direct)).toEqual([]);
    expect(differing(model, await statisticsOf(16))).toContain('first/moving_mean');

    const augmented = compiled(averaging());
    await augmented.fit(x, y, { batchSize: 8, shuffle: false, augmentation, statisticsImages: 12 });
    expect(differing(model, augmented)).toContain('first/moving_mean');
  });

  it('do not keep two calls of fit from being as one', async () => {
    const [whole, parts, unwatched] = [compiled(averaging()), compiled(averaging()), compiled(averaging())];
    const options = { batchSize: 8, augmentation };
    await whole.fit(x, y, { ...options, epochs: 3, validationData });
    await parts.fit(x, y, { ...options, epochs: 1 });
    await parts.fit(x, y, { ...options, epochs: 2, validationData });
    await unwatched.fit(x, y, { ...options, epochs: 3 });
    expect(differing(whole, parts)).toEqual([]);
    expect(differing(whole, unwatched)).toEqual([]);
  });

  it('are there after the epoch in which a callback ends the training', async () => {
    const [stopped, whole] = [compiled(averaging()), compiled(averaging())];
    const stop: Callback = { onEpochEnd: (_, training) => training.stop() };
    await stopped.fit(x, y, { batchSize: 8, epochs: 5, callbacks: [stop] });
    await whole.fit(x, y, { batchSize: 8 });
    expect(differing(stopped, whole)).toEqual([]);
  });

  it('are restored where the best epoch’s weights are', async () => {
    const epochs: ReadonlyMap<string, Float32Array>[] = [];
    const model = compiled(adam({ learningRate: 0.5, useEma: true, emaMomentum: 0.8 }));
    const stopping = earlyStopping({ patience: 9, monitor: 'valLoss', restoreBestWeights: true });
    const options = { batchSize: 8, epochs: 6, validationData };
    const { valLoss } = await model.fit(x, y, { ...options, callbacks: [watching([], epochs), stopping] });
    const best = valLoss.indexOf(Math.min(...valLoss));
    expect(model.getWeights()).toEqual(epochs[best]);
  });

  it('stay when the model is compiled anew, and go when weights are set', async () => {
    const model = compiled(averaging());
    await model.fit(x, y, { batchSize: 8 });
    const weights = model.getWeights();
    model.compile({ optimizer: averaging(), loss: 'sparseCategoricalCrossentropy' });
    expect(model.getWeights()).toEqual(weights);
    expect(model.captureState().tensors).toEqual(weights);
    const first = network().initialWeights(4);
    await model.fit(x, y, { batchSize: 8 });
    model.setWeights(first);
    expect(model.getWeights()).toEqual(first);
    expect((await model.predict(x)).data).toEqual((await compiled(averaging()).predict(x)).data);
  });

  it('need an optimizer that keeps them', () => {
    expect(() => compiled(adam()).fit(x, y, { statisticsImages: 5 })).toThrow(
      'fit has statisticsImages without averaged weights.\n  Give the optimizer useEma: true.',
    );
  });
});

describe('updateBatchNormalization', () => {
  /** Mean and variance of the pixels of each batch, and their means over the batches by their images. */
  function expectedOf(count: number, batchSize: number): [mean: number, variance: number] {
    let [means, variances] = [0, 0];
    for (let start = 0; start < count; start += batchSize) {
      const rows = Math.min(batchSize, count - start);
      const pixels = [...x.data.subarray(36 * start, 36 * (start + rows))].map((value) => value / 255);
      const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
      means += rows * mean;
      variances += (rows * pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / pixels.length;
    }
    return [means / count, variances / count];
  }

  it.each<[string, () => Backend]>([
    ['reference', referenceBackend],
    ['wasm', () => lent],
  ])('on %s takes the mean over the batches of what they have', async (_, makeBackend) => {
    const model = compiled(adam(), makeBackend);
    const before = model.getWeights();
    for (const [options, expected] of [
      [{ batchSize: 8 }, expectedOf(20, 8)],
      [{ batchSize: 8, images: 11 }, expectedOf(11, 8)],
      [{}, expectedOf(20, 128)],
    ] as const) {
      await model.updateBatchNormalization(x, options);
      const weights = model.getWeights();
      expect(weights.get('first/moving_mean')![0]).toBeCloseTo(expected[0], 6);
      expect(weights.get('first/moving_variance')![0]).toBeCloseTo(expected[1], 6);
      for (const { name } of model.network.weights) {
        if (!name.includes('moving')) expect(weights.get(name), name).toEqual(before.get(name));
      }
    }
  });

  it('normalizes by the batch’s own statistics on the way: those it computes do not depend on those it had', async () => {
    const [fresh, other] = [compiled(adam()), compiled(adam())];
    const weights = other.getWeights();
    weights.get('first/moving_mean')!.fill(3);
    weights.get('second/moving_variance')!.fill(7);
    other.setWeights(weights);
    for (const model of [fresh, other]) await model.updateBatchNormalization(x, { batchSize: 8 });
    expect(differing(fresh, other)).toEqual([]);
  });

  it('agrees with the oracle in layers that lie deep', async () => {
    const [oracle, tested] = [compiled(adam(), referenceBackend), compiled(adam())];
    for (const model of [oracle, tested]) await model.updateBatchNormalization(x, { batchSize: 8 });
    for (const name of ['second/moving_mean', 'second/moving_variance']) {
      expect(relativeError(tested.getWeights().get(name)!, oracle.getWeights().get(name)!), name).toBeLessThan(1e-5);
    }
  });

  it('leaves a network without batch normalization as it is', async () => {
    const model = new Model(sequential([flatten({ inputShape: [6, 6, 1] }), dense({ units: 6 })]), () => lent);
    const before = model.getWeights();
    await model.updateBatchNormalization(x);
    expect(model.getWeights()).toEqual(before);
  });

  it('refuses no images, and a batch size of 0', async () => {
    const none = { data: new Uint8Array(0), shape: [0, 6, 6, 1] };
    await expect(compiled(adam()).updateBatchNormalization(none)).rejects.toMatchObject({ code: 'no-images' });
    await expect(compiled(adam()).updateBatchNormalization(x, { batchSize: 0 })).rejects.toThrow('batch size');
    await expect(compiled(adam()).updateBatchNormalization(x, { images: 0 })).rejects.toThrow(
      'updateBatchNormalization: the option "images" must be a whole number >= 1, but is 0.',
    );
  });
});

const labelled = { images: { data: x.data, shape: x.shape }, labels: y };
const dataset: Dataset = {
  name: 'synthetic',
  train: labelled,
  test: labelled,
  classNames: [],
  source: 'made here',
  sha256: {},
  hash: '',
};

/** Averages, a cycle over both phases, augmentation in one of them, dropout, and batches that leave a rest. */
const recipe: Recipe = recipeFrom({
  name: 'averaged',
  network: network().toConfig(),
  optimizer: {
    type: 'adam',
    learningRate: { type: 'oneCycle', maxLearningRate: 0.02 },
    useEma: true,
    emaMomentum: 0.8,
  },
  loss: 'sparseCategoricalCrossentropy',
  statisticsImages: 11,
  phases: [
    { epochs: 2, batchSize: 8 },
    { epochs: 2, batchSize: 6, augmentation: { rotationRange: 5 }, dropLast: true },
  ],
  validation: 'test',
});

describe('a recipe with averages and a cycle', () => {
  it('that is interrupted ends with the same bits, after any step and through a file', async () => {
    const checkpoints: TrainingCheckpoint[] = [];
    const rates: number[] = [];
    const keep: Callback = {
      onBatchEnd(_, training) {
        rates.push(training.learningRate);
        checkpoints.push(training.checkpoint());
      },
      onEpochEnd: (_, training) => void checkpoints.push(training.checkpoint()),
    };
    const whole = recipeModel(recipe, () => lent, 9);
    const history = await runRecipe(recipe, dataset, { model: whole, callbacks: [keep] });
    expect(checkpoints).toHaveLength(2 * 4 + 2 * 4);
    expect(checkpoints[0]!.model.tensors.has('optimizer/average/conv2d/kernel')).toBe(true);
    const origin = {
      recipe: 'r',
      seed: 9,
      dataset: { name: '', hash: '', trainCount: 20, testCount: 20 },
      engine: { version: '', kernels: '', numerics: 'strict' },
    };
    for (const checkpoint of checkpoints) {
      const bytes = await encodeCheckpoint({ checkpoint, origin, seconds: 0 });
      const { checkpoint: resume } = await decodeCheckpoint(bytes, 'a checkpoint');
      const other = recipeModel(recipe, () => lent, 9);
      const told: number[] = [];
      const continued = await runRecipe(recipe, dataset, {
        model: other,
        resume,
        callbacks: [{ onBatchEnd: (_, { learningRate }) => void told.push(learningRate) }],
      });
      const place = `from step ${resume.progress.step} of epoch ${resume.progress.epoch} of phase ${resume.phase}`;
      expect(differing(whole, other), place).toEqual([]);
      expect(continued.valLoss, place).toEqual(history.valLoss);
      expect(told, place).toEqual(rates.slice(resume.model.steps));
    }
  });

  it('gives the same bits with any number of threads', async () => {
    const hashes = [];
    for (const threads of [1, 2, 3]) {
      await using model = recipeModel(recipe, () => wasmBackend({ threads }), 9);
      await runRecipe(recipe, dataset, { model });
      hashes.push(await weightsSha256(model.getWeights()));
    }
    expect(new Set(hashes).size).toBe(1);
  });
});

describe('a cycle without a length of its own', () => {
  it('is one whole cycle in each call of fit', async () => {
    const rates: number[] = [];
    const callback: Callback = {
      onEpochBegin: (_, { learningRate }) => void rates.push(learningRate),
      onBatchEnd: (_, { learningRate }) => void rates.push(learningRate),
    };
    const model = compiled(sgd({ learningRate: oneCycle({ maxLearningRate: 1, pctStart: 0.5 }) }));
    for (const batchSize of [8, 5]) await model.fit(x, y, { batchSize, callbacks: [callback] });
    const at = (totalSteps: number) => {
      const cycle = oneCycle({ maxLearningRate: 1, pctStart: 0.5, totalSteps });
      return Array.from({ length: totalSteps + 1 }, (_, step) => cycle.at(step));
    };
    expect(rates).toEqual([...at(3), ...at(4)]);
  });
});
