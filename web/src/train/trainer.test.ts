import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.js';
import { syntheticDataset } from '../../../src/data/syntheticDataset.js';
import { wasmBackend } from '../../../src/engine/wasm/backend.js';
import { CifraError } from '../../../src/numeric/errors.js';
import { Recording } from '../../../src/recording/recording.js';
import { weightsSha256 } from '../../../src/runs/modelFile.js';
import { decodeCheckpoint } from '../../../src/train/checkpointFile.js';
import { ModelBase } from '../../../src/train/modelBase.js';
import { type Recipe, recipeFrom } from '../../../src/train/recipe.js';
import { recipeModel, runRecipe } from '../../../src/train/runRecipe.js';
import { pageMemoryStorage } from '../storage/memoryStorage.js';
import type { PageRuns } from '../storage/runs.js';
import { machine, plan, testTrainer } from './testing.js';
import { Seldom } from './trainerSeldom.js';
import { recipeOf } from './trainerPlan.js';

let dataset: Dataset;
beforeAll(async () => void (dataset = await syntheticDataset({ limit: 300 })));
afterEach(() => void vi.restoreAllMocks());

/** What the recipe comes to by itself. */
async function hashOf(recipe: Recipe, seed: number): Promise<string> {
  await using model = recipeModel(recipe, () => wasmBackend({ threads: 1 }), seed);
  await runRecipe(recipe, dataset, { model });
  return await weightsSha256(model.getWeights());
}

/** All that must not mind being looked at: averages, statistics, dropout, augmentation, calibration, two phases. */
const whole = recipeFrom({
  name: 'whole',
  network: {
    type: 'sequential',
    version: 1,
    name: 'whole',
    layers: [
      { type: 'averagePooling2d', poolSize: 4, inputShape: [28, 28, 1] },
      { type: 'conv2d', filters: 4, kernelSize: 3, activation: 'relu' },
      { type: 'batchNormalization' },
      { type: 'flatten' },
      { type: 'dropout', rate: 0.2 },
      { type: 'dense', units: 10, activation: 'softmax' },
    ],
  },
  optimizer: { type: 'adam', useEma: true, emaMomentum: 0.9 },
  loss: 'categoricalCrossentropy',
  phases: [
    { epochs: 2, batchSize: 64 },
    { epochs: 2, batchSize: 32, dropLast: true, augmentation: { rotationRange: 7 } },
  ],
  validation: { split: 0.2 },
  calibration: 'temperature',
});

/** A run of this recipe that has begun. */
async function begunRun(runs: PageRuns, recipe: Recipe): Promise<string> {
  await using model = recipeModel(recipe, () => wasmBackend({ threads: 1 }), 5);
  const options = { store: runs.store, machine, started: performance.now() };
  const recording = await Recording.begin({ recipe, dataset, model }, options);
  await recording.close();
  return recording.place;
}

const names = (states: readonly { readonly name: string }[]): string[] =>
  states.map(({ name }) => name).filter((name, i, all) => name !== all[i - 1]);

describe('the trainer', () => {
  it('begins, steps, goes on and comes to what the recipe comes to by itself', async () => {
    const { call, told } = testTrainer();
    const facts = await call('begin', plan);
    expect(facts).toMatchObject({
      ...{ seed: 3, trainCount: 270, validationCount: 30, epochs: 2, steps: 0, stepsPerEpoch: [3, 3] },
      ...{ threads: 1, numerics: 'strict', dataset: { name: 'synthetic' } },
    });
    expect(names(told.state)).toEqual(['empty', 'loading', 'paused']);
    await call('step');
    expect(told.pace.at(-1)).toMatchObject({ epoch: 1, step: 1, steps: 1, totalSteps: 6, savedSteps: 1 });
    await call('step');
    // The last step of an epoch includes its validation.
    await call('step');
    expect(names(told.state).slice(-3)).toEqual(['running', 'validating', 'paused']);
    expect(told.epochs.at(-1)).toHaveLength(1);
    expect(told.mistakes.at(-1)).toMatchObject({ of: 30, steps: 3 });
    await call('epoch');
    expect(names(told.state).slice(-4)).toEqual(['running', 'validating', 'testing', 'done']);
    expect(told.state.at(-1)).toMatchObject({
      result: { testCount: 300, weightsSha256: await hashOf(recipeOf(plan), 3) },
    });
    const losses = told.losses.flatMap((pairs) => [...pairs]);
    expect(losses.filter((_, i) => i % 2 === 0)).toEqual([1, 2, 3, 4, 5, 6]);
    const [first] = told.epochs.at(-1)!;
    expect((losses[1]! * 128 + losses[3]! * 128 + losses[5]! * 14) / 270).toBeCloseTo(first!.loss, 5);
    await expect(call('play')).rejects.toMatchObject({ code: 'no-run-open' });
  });

  it('pauses while it runs, and leaves that out of its times', async () => {
    const { call, told } = testTrainer();
    await call('begin', plan);
    const playing = call('play');
    await call('pause');
    await playing;
    const at = told.pace.at(-1)!;
    expect(at.savedSteps).toBe(at.steps);
    expect(at.steps).toBeLessThan(6);
    const clock = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => clock() + 1e6);
    await call('epoch');
    expect(told.epochs.at(-1)![0]!.seconds).toBeLessThan(900);
    await call('stop');
    expect(told.state.at(-1)).toEqual({ name: 'empty' });
    expect(told.warning).toEqual([]);
  });

  it('is closed, listed, opened again where it was, and comes to the same', async () => {
    const { call, told } = testTrainer();
    const { place } = await call('begin', plan);
    await call('step');
    await call('stop');
    expect(await call('runs')).toMatchObject([
      { place, recipe: 'fast', seed: 3, dataset: 'synthetic', epochs: 0, totalEpochs: 2, steps: 1 },
    ]);
    const facts = await call('open', place);
    expect(facts.steps).toBe(1);
    expect(told.pace.at(-1)).toMatchObject({ epoch: 1, step: 1, steps: 1 });
    await call('epoch');
    // Another takes its place: it is saved and closed.
    const second = await call('begin', { ...plan, seed: 4 });
    expect(second.place).not.toBe(place);
    await call('open', place);
    expect(told.epochs.at(-1)).toHaveLength(1);
    await call('epoch');
    expect(told.state.at(-1)).toMatchObject({ result: { weightsSha256: await hashOf(recipeOf(plan), 3) } });
    await expect(call('open', place)).rejects.toMatchObject({ code: 'run-finished' });
    expect(told.state.at(-1)).toEqual({ name: 'empty' });
    expect(await call('runs')).toContainEqual(expect.objectContaining({ place, steps: undefined, epochs: 2 }));
    await call('removeRun', place);
    expect(await call('runs')).toHaveLength(1);
  });

  it('comes to the same however often it is looked at, saved, and taken up', async () => {
    const { call, told, runs } = testTrainer();
    const place = await begunRun(runs, whole);
    // Minutes pass between any two moments, so it is always time to save, and to look.
    vi.spyOn(Seldom.prototype, 'do').mockImplementation(function (this: Seldom, what) {
      return this.now(what);
    });
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 100_000));
    await call('open', place);
    await call('step');
    await call('epoch');
    await call('epoch');
    await call('step');
    await call('stop');
    await call('open', place);
    await call('epoch');
    await call('epoch');
    vi.restoreAllMocks();
    expect(told.mistakes.length).toBeGreaterThan(20);
    expect(told.weights.length).toBeGreaterThan(20);
    expect(told.state.at(-1)).toMatchObject({ name: 'done', result: { weightsSha256: await hashOf(whole, 5) } });
  });

  it('lists a run that it cannot read, with the reason; hands it out whole, and removes it', async () => {
    const storage = pageMemoryStorage();
    const { call } = testTrainer(storage);
    const place = 'runs/later';
    await storage.addFolder(place, new Map([['run.json', new TextEncoder().encode('{"formatVersion": 3}')]]));
    expect(await call('runs')).toEqual([
      { place, bytes: expect.any(Number) as number, why: expect.stringMatching(/newer/) as string },
    ]);
    await expect(call('open', place)).rejects.toMatchObject({ code: 'run-version' });
    const { path, bytes } = await call('exportRun', place);
    expect(path).toBe('later.zip');
    expect(new TextDecoder('latin1').decode(bytes)).toContain('{"formatVersion": 3}');
    await call('removeRun', place);
    expect(await call('runs')).toEqual([]);
  });

  it('trains on where nothing can be saved, says so, and saves when there is room again', async () => {
    const storage = pageMemoryStorage();
    const { call, told } = testTrainer(storage);
    const { place } = await call('begin', plan);
    const full = new CifraError('run-unwritable', 'There is no room.', 'Make some.');
    const refused = [vi.spyOn(storage, 'write'), vi.spyOn(storage, 'append')];
    for (const spy of refused) spy.mockRejectedValue(full);
    await call('epoch');
    expect(told.state.at(-1)).toEqual({ name: 'paused' });
    expect(told.warning).toContainEqual({ code: 'run-unwritable', message: full.message });
    expect(told.pace.at(-1)!.savedSteps).toBe(0);
    // What could not be saved can be taken along; and a browser may throw away what it had.
    const { checkpoint } = await decodeCheckpoint((await call('exportCheckpoint', place)).bytes, 'it');
    expect(checkpoint.model.steps).toBe(3);
    await storage.removeFolder(place);
    for (const spy of refused) spy.mockRestore();
    await call('epoch');
    expect(told.state.at(-1)).toMatchObject({
      name: 'done',
      result: { weightsSha256: await hashOf(recipeOf(plan), 3) },
    });
    const [kept] = await call('runs');
    expect(kept).toMatchObject({ place, epochs: 2, testAccuracy: expect.any(Number) as number });
  });

  it('fails with the reason, and keeps what was saved', async () => {
    const { call, told } = testTrainer();
    const { place } = await call('begin', { ...plan, learningRate: 1e30 });
    await call('epoch');
    expect(told.state.at(-1)).toMatchObject({ name: 'failed', code: 'non-finite' });
    await expect(call('step')).rejects.toThrow('No training is open.');
    const [kept] = await call('runs');
    expect(kept).toMatchObject({ place, epochs: 0 });
  });

  it('says so where memory is refused', async () => {
    const { call, told } = testTrainer();
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function () {
      throw new RangeError('could not allocate memory');
    });
    await expect(call('begin', plan)).rejects.toMatchObject({ code: 'out-of-memory' });
    expect(told.state.at(-1)).toMatchObject({
      name: 'failed',
      code: 'out-of-memory',
      message: expect.stringMatching(/MB of memory, which could not be had\.\n {2}Use a smaller/) as string,
    });
  });

  it('goes on from what was saved when a thread has died', async () => {
    const { call, told } = testTrainer();
    const { place } = await call('begin', plan);
    await call('step');
    await call('step');
    const died = new CifraError('engine-failure', 'A thread of the engine failed.', 'Make a new one.');
    vi.spyOn(ModelBase.prototype, 'runTraining').mockRejectedValueOnce(died);
    await call('epoch');
    expect(told.state.at(-1)).toMatchObject({ name: 'failed', code: 'engine-failure' });
    expect((await call('open', place)).steps).toBe(2);
    await call('epoch');
    await call('epoch');
    expect(told.state.at(-1)).toMatchObject({ result: { weightsSha256: await hashOf(recipeOf(plan), 3) } });
  });

  it('is asked for much at a time, and does one after the other', async () => {
    const { call, told } = testTrainer();
    const [first, second] = await Promise.all([call('begin', plan), call('begin', { ...plan, seed: 4 })]);
    expect(second.place).not.toBe(first.place);
    await Promise.all([call('step'), call('stop'), call('open', first.place).then(() => call('epoch'))]);
    expect(told.epochs.at(-1)).toHaveLength(1);
    expect(told.warning).toEqual([]);
    await call('stop');
    expect(told.state.at(-1)).toEqual({ name: 'empty' });
  });

  it('refuses what it does not have, and stands as before', async () => {
    const { call, told } = testTrainer();
    await expect(call('begin', { ...plan, recipe: 'none' })).rejects.toMatchObject({ code: 'recipe-unknown' });
    await expect(call('begin', { ...plan, dataset: 'mnist' })).rejects.toMatchObject({ code: 'data-not-here' });
    await expect(call('open', 'runs/none')).rejects.toMatchObject({ code: 'run-not-found' });
    expect(told.state.at(-1)).toEqual({ name: 'empty' });
    expect(await call('datasets')).toEqual([
      { name: 'mnist', here: false },
      { name: 'fashion-mnist', here: false },
      { name: 'synthetic', here: true, source: 'made by Cifra' },
    ]);
  });
});

describe('a plan', () => {
  it('changes the recipe, and its name where augmentation is left out', () => {
    const { name, phases } = recipeOf({ ...plan, recipe: 'seed', epochs: 4, augmentation: false });
    expect(name).toBe('seed-plain');
    expect(phases.map(({ epochs, augmentation }) => [epochs, augmentation])).toEqual([
      [3, undefined],
      [1, undefined],
    ]);
    expect(recipeOf({ ...plan, augmentation: false }).name).toBe('fast');
    expect(recipeOf({ ...plan, learningRate: 0.002 }).optimizer).toMatchObject({ learningRate: 0.002 });
  });
});
