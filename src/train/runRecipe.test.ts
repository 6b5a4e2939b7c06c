import { describe, expect, it } from 'vitest';
import type { Dataset } from '../data/dataset.js';
import { syntheticDataset } from '../data/syntheticDataset.js';
import { referenceBackend } from '../engine/reference/backend.js';
import { wasmBackend } from '../engine/wasm/backend.js';
import { oneCycle } from '../nn/index.js';
import type { Callback, Training } from './callbacks/callback.js';
import type { TrainingCheckpoint } from './checkpoint.js';
import type { EpochLog } from './logs.js';
import { type Recipe, recipeFrom } from './recipe.js';
import { inputsOf, type PhaseBegin, recipeModel, runRecipe } from './runRecipe.js';

const dataset: Dataset = await syntheticDataset({ limit: { train: 50, test: 20 } });

function recipe(change: Partial<Recipe> = {}): Recipe {
  return recipeFrom({
    name: 'small',
    network: {
      type: 'sequential',
      version: 1,
      name: 'small',
      layers: [
        { type: 'averagePooling2d', poolSize: 7, inputShape: [28, 28, 1] },
        { type: 'flatten' },
        { type: 'dense', units: 10, activation: 'softmax' },
      ],
    },
    optimizer: { type: 'sgd', learningRate: 0.5 },
    loss: 'categoricalCrossentropy',
    phases: [
      { epochs: 2, batchSize: 16 },
      { epochs: 2, batchSize: 12, dropLast: true, augmentation: { rotationRange: 7 } },
    ],
    validation: 'test',
    ...change,
  });
}

async function run(
  given: Recipe,
  options: Partial<Parameters<typeof runRecipe>[2]> = {},
  makeBackend = referenceBackend,
) {
  await using model = recipeModel(given, makeBackend, 3);
  const history = await runRecipe(given, dataset, { model, ...options });
  return { history, weights: model.getWeights() };
}

describe('runRecipe', () => {
  it('is one training of all phases for its callbacks', async () => {
    const told: string[] = [];
    const steps: number[] = [];
    const callback: Callback = {
      onTrainBegin: ({ epochs }) => void told.push(`train of ${epochs}`),
      onEpochBegin: (epoch) => void told.push(`begin ${epoch}`),
      onBatchEnd: ({ epoch, step }) => void (steps[epoch] = step),
      onEpochEnd: ({ epoch }) => void told.push(`end ${epoch}`),
      onTrainEnd: (logs) => void told.push(`trained ${logs.length}`),
    };
    const begins: PhaseBegin[] = [];
    const { history } = await run(recipe(), {
      callbacks: [callback],
      onPhaseBegin(begin) {
        begins.push(begin);
        told.push(`phase ${begin.number}`);
      },
    });
    expect(told).toEqual([
      ...['phase 1', 'train of 4', 'begin 1', 'end 1', 'begin 2', 'end 2'],
      ...['phase 2', 'begin 3', 'end 3', 'begin 4', 'end 4', 'trained 4'],
    ]);
    // 50 images: 4 batches of 16 and less, and 4 full batches of 12.
    expect(steps.slice(1)).toEqual([4, 4, 4, 4]);
    expect(begins.map(({ firstEpoch }) => firstEpoch)).toEqual([1, 3]);
    expect(history.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    expect(history.valAccuracy).toHaveLength(4);
  });

  it('goes on from phase to phase: two plain phases are one of as many epochs', async () => {
    const phase = { epochs: 1, batchSize: 16 };
    const parts = await run(recipe({ phases: [phase, { ...phase, epochs: 2 }] }));
    const whole = await run(recipe({ phases: [{ ...phase, epochs: 3 }] }));
    expect(parts.weights).toEqual(whole.weights);
    expect(parts.history.loss).toEqual(whole.history.loss);
  });

  it('takes class numbers as well as one-hot rows', async () => {
    const oneHot = await run(recipe());
    const sparse = await run(recipe({ loss: 'sparseCategoricalCrossentropy' }));
    expect(sparse.weights).toEqual(oneHot.weights);
  });

  it('augments where a phase says so', async () => {
    const [plain, augmented] = recipe().phases;
    const { augmentation: _, ...bare } = augmented!;
    const changed = await run(recipe({ phases: [plain!, bare] }));
    const { history } = await run(recipe());
    expect(history.loss.slice(0, 2)).toEqual(changed.history.loss.slice(0, 2));
    expect(history.loss[2]).not.toBe(changed.history.loss[2]);
  });

  it('holds out validation images where it says so', async () => {
    const images: number[] = [];
    const callback: Callback = { onBatchEnd: (log) => void (images[log.epoch] = log.images) };
    const phases = [{ epochs: 1, batchSize: 16 }];
    const { history } = await run(recipe({ validation: { split: 0.2 }, phases }), { callbacks: [callback] });
    expect(images[1]).toBe(40);
    // Of 10 images, accuracies are tenths.
    expect((10 * history.valAccuracy[0]!) % 1).toBeCloseTo(0, 10);
  });

  describe('with calibration', () => {
    const learningRate = 0.02;
    const optimizers = {
      plain: { type: 'sgd', learningRate },
      averaged: { type: 'adam', learningRate, useEma: true, emaMomentum: 0.5 },
    };
    const validation = { split: 0.4 };
    // The reference computes in float64, and checkpoints hold float32.
    const oneThread = () => wasmBackend({ threads: 1 });
    const calibrated = (change: Partial<Recipe> = {}) =>
      recipe({ optimizer: optimizers.plain, validation, calibration: 'temperature', ...change });

    it.each(Object.entries(optimizers))('scales the last layer of the %s model alone', async (_, optimizer) => {
      const bare = recipe({ optimizer, validation });
      const [plain, scaled] = [await run(bare), await run(calibrated({ optimizer }))];
      expect(plain.history.calibration).toBeUndefined();
      const { temperature, images, before, after } = scaled.history.calibration!;
      expect(images).toBe(20);
      expect(after.nll).toBeLessThan(before.nll);
      expect(scaled.weights).toEqual(
        new Map([...plain.weights].map(([name, values]) => [name, values.map((value) => value / temperature)])),
      );
      expect(scaled.history.epochs.map(({ valLoss }) => valLoss)).toEqual(
        plain.history.epochs.map(({ valLoss }) => valLoss),
      );
    });

    it.each(Object.entries(optimizers))('comes to the same bits after any interruption (%s)', async (_, optimizer) => {
      const given = calibrated({ optimizer });
      const whole = await run(given, {}, oneThread);
      const checkpoints: TrainingCheckpoint[] = [];
      const keep = (_: unknown, training: Training) => void checkpoints.push(training.checkpoint());
      await run(given, { callbacks: [{ onBatchEnd: keep, onEpochEnd: keep }] }, oneThread);
      // In the first phase, in the second, and after its end, before anything was calibrated.
      for (const at of [1, checkpoints.length - 2, checkpoints.length - 1]) {
        const resumed = await run(given, { resume: checkpoints[at] }, oneThread);
        expect(resumed.weights).toEqual(whole.weights);
        expect(resumed.history.calibration).toEqual(whole.history.calibration);
      }
    });

    it('leaves what is taken for what, and what training goes on from', async () => {
      const bare = recipe({ optimizer: optimizers.plain, validation });
      await using plain = recipeModel(bare, referenceBackend, 3);
      await using scaled = recipeModel(bare, referenceBackend, 3);
      await runRecipe(bare, dataset, { model: plain });
      await runRecipe(calibrated(), dataset, { model: scaled });
      const [x, y] = inputsOf(dataset.test, bare);
      expect(await scaled.predictClass(x)).toEqual(await plain.predictClass(x));
      expect(scaled.getWeights()).not.toEqual(plain.getWeights());
      for (const model of [plain, scaled]) await model.fit(x, y);
      expect(scaled.getWeights()).toEqual(plain.getWeights());
    });
  });

  it('ends with all phases when a callback stops it', async () => {
    const ended: (readonly EpochLog[])[] = [];
    const callback: Callback = {
      onEpochEnd: (_, training) => training.stop(),
      onTrainEnd: (logs) => void ended.push(logs),
    };
    const { history } = await run(recipe(), { callbacks: [callback] });
    expect(history.epochs).toHaveLength(1);
    expect(ended.map((logs) => logs.length)).toEqual([1]);
  });

  it('keeps a learning rate that a callback has set in the phases that follow', async () => {
    const callback: Callback = {
      onEpochBegin(epoch, training) {
        if (epoch === 2) training.setLearningRate(0.125);
      },
    };
    const { history } = await run(recipe(), { callbacks: [callback] });
    expect(history.epochs.map(({ learningRate }) => learningRate)).toEqual([0.5, 0.125, 0.125, 0.125]);
  });

  it('spans all phases with a cycle that has no length of its own', async () => {
    const rates: number[] = [];
    const callback: Callback = { onBatchEnd: (_, { learningRate }) => void rates.push(learningRate) };
    const cycle = { type: 'oneCycle', maxLearningRate: 1, pctStart: 0.5, annealing: 'linear' };
    // 50 images: 2 epochs of 4 steps and 2 of 4.
    const { history } = await run(recipe({ optimizer: { type: 'sgd', learningRate: cycle } }), {
      callbacks: [callback],
    });
    const { at } = oneCycle({ maxLearningRate: 1, totalSteps: 16, pctStart: 0.5, annealing: 'linear' });
    expect(rates).toEqual(Array.from({ length: 16 }, (_, step) => at(step + 1)));
    expect(at(7)).toBe(1);
    expect(history.epochs.map(({ learningRate }) => learningRate)).toEqual([4, 8, 12, 16].map(at));
  });

  it('ends after the step in progress when it is aborted', async () => {
    const controller = new AbortController();
    let steps = 0;
    const callback: Callback = {
      onBatchEnd() {
        steps++;
        controller.abort(new Error('enough'));
      },
    };
    await expect(run(recipe(), { callbacks: [callback], signal: controller.signal })).rejects.toThrow('enough');
    expect(steps).toBe(1);
  });
});
