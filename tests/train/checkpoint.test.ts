import { afterAll, describe, expect, it } from 'vitest';
import { imageDataGenerator } from '../../src/augment/imageDataGenerator.js';
import type { Backend } from '../../src/engine/backend.js';
import { wasmBackend } from '../../src/engine/wasm/backend.js';
import { adam, batchNormalization, dense, dropout, flatten, sequential, sgd } from '../../src/nn/index.js';
import type { Callback } from '../../src/train/callbacks/callback.js';
import type { EpochLog } from '../../src/train/logs.js';
import type { TrainingCheckpoint } from '../../src/train/checkpoint.js';
import {
  type CheckpointOrigin,
  decodeCheckpoint,
  encodeCheckpoint,
  originDifference,
  type StoredCheckpoint,
} from '../../src/train/checkpointFile.js';
import { sha256 } from '../../src/files/sha256.js';
import type { CifraError } from '../../src/numeric/errors.js';
import type { Json } from '../../src/runs/json.js';
import { encodeSealed } from '../../src/runs/sealed.js';
import { Model } from '../../src/train/model.js';
import type { Dataset } from '../../src/data/dataset.js';
import { recipeFrom } from '../../src/train/recipe.js';
import { recipeModel, runRecipe } from '../../src/train/runRecipe.js';
import { columns, differing } from './small.js';

const backend = wasmBackend({ threads: 2 });
const lent: Backend = { ...backend, dispose: () => Promise.resolve() };
afterAll(() => backend.dispose());

const { x, y } = columns(20, 3, 6);
const options = {
  batchSize: 8,
  epochs: 2,
  augmentation: imageDataGenerator({ rotationRange: 10 }),
  validationData: [x, y] as const,
};

function model(optimizer = adam()): Model {
  const network = sequential([
    flatten({ inputShape: [6, 6, 1] }),
    dense({ units: 8, activation: 'relu' }),
    batchNormalization(),
    dropout({ rate: 0.25 }),
    dense({ units: 6, activation: 'softmax' }),
  ]);
  const made = new Model(network, () => lent, { seed: 4 });
  made.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return made;
}

/** Keeps a checkpoint after every step and every epoch. */
function keeping(checkpoints: TrainingCheckpoint[]): Callback {
  return {
    onBatchEnd: (_, training) => void checkpoints.push(training.checkpoint()),
    onEpochEnd: (_, training) => void checkpoints.push(training.checkpoint()),
  };
}

const figures = ({ epoch, loss, accuracy, valLoss, valAccuracy, learningRate }: EpochLog) => ({
  epoch,
  loss,
  accuracy,
  valLoss,
  valAccuracy,
  learningRate,
});

describe('fit that goes on from a checkpoint', () => {
  it('gives the weights and figures of one that was never interrupted, after any step', async () => {
    const whole = model();
    const checkpoints: TrainingCheckpoint[] = [];
    const history = await whole.fit(x, y, { ...options, callbacks: [keeping(checkpoints)] });
    expect(checkpoints).toHaveLength(2 * 4);
    for (const resume of checkpoints) {
      const other = model();
      const continued = await other.fit(x, y, { ...options, resume });
      const place = `from step ${resume.progress.step} of epoch ${resume.progress.epoch}`;
      expect(differing(whole, other), place).toEqual([]);
      expect(continued.epochs.map(figures), place).toEqual(history.epochs.map(figures));
      expect([other.steps, other.epochs], place).toEqual([6, 2]);
    }
  });

  it('keeps a learning rate that a callback has set', async () => {
    const checkpoints: TrainingCheckpoint[] = [];
    const halve: Callback = {
      onEpochBegin: (epoch, training) => training.setLearningRate(0.01 / epoch),
    };
    const whole = model();
    await whole.fit(x, y, { ...options, callbacks: [halve, keeping(checkpoints)] });
    const other = model();
    await other.fit(x, y, { ...options, resume: checkpoints[5]! });
    expect(checkpoints[5]!.learningRate).toBe(0.005);
    expect(differing(whole, other)).toEqual([]);
  });

  it('refuses a checkpoint of other images, epochs, layers or another optimizer', async () => {
    const checkpoints: TrainingCheckpoint[] = [];
    await model().fit(x, y, { ...options, callbacks: [keeping(checkpoints)] });
    const [, second] = checkpoints;
    await expect(model().fit(x, y, { ...options, batchSize: 20, resume: second! })).rejects.toThrow(
      'fit was given a checkpoint at step 2 of epoch 1, and has 2 epochs of 1 steps.',
    );
    await expect(model().fit(x, y, { ...options, epochs: 0, resume: checkpoints.at(-1)! })).rejects.toMatchObject({
      code: 'fit-option',
    });
    await expect(model(sgd({ momentum: 0.9 })).fit(x, y, { ...options, resume: second! })).rejects.toThrow(
      /This state cannot be restored: the model has no tensor "optimizer\/\w+\/dense\/kernel"\./,
    );
    const { tensors, ...counts } = second!.model;
    const without = new Map(tensors);
    without.delete('dense/bias');
    const lacking = { ...second!, model: { ...counts, tensors: without } };
    await expect(model().fit(x, y, { ...options, resume: lacking })).rejects.toThrow('it lacks "dense/bias"');
    const short = {
      ...second!,
      model: { ...counts, tensors: new Map([...tensors, ['dense/bias', new Float32Array(3)]]) },
    };
    await expect(model().fit(x, y, { ...options, resume: short })).rejects.toThrow(
      '"dense/bias" has 8 values in the model and 3 in the state',
    );
  });
});

describe('runRecipe that goes on from a checkpoint', () => {
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
  const recipe = recipeFrom({
    name: 'two',
    network: model().network.toConfig(),
    optimizer: 'adam',
    loss: 'sparseCategoricalCrossentropy',
    phases: [
      { epochs: 2, batchSize: 8 },
      { epochs: 1, batchSize: 6, augmentation: { rotationRange: 5 }, dropLast: true },
    ],
    validation: 'test',
  });

  it('gives the same weights and epochs from any place in any phase', async () => {
    const checkpoints: TrainingCheckpoint[] = [];
    const whole = recipeModel(recipe, () => lent, 9);
    const history = await runRecipe(recipe, dataset, { model: whole, callbacks: [keeping(checkpoints)] });
    expect(checkpoints.map(({ phase }) => phase)).toEqual([...Array<number>(8).fill(1), ...Array<number>(4).fill(2)]);
    for (const resume of checkpoints) {
      const other = recipeModel(recipe, () => lent, 9);
      const told: number[] = [];
      const continued = await runRecipe(recipe, dataset, {
        model: other,
        resume,
        callbacks: [{ onEpochEnd: ({ epoch }) => void told.push(epoch) }],
      });
      const place = `from step ${resume.progress.step} of epoch ${resume.progress.epoch} of phase ${resume.phase}`;
      expect(differing(whole, other), place).toEqual([]);
      expect(continued.epochs.map(figures), place).toEqual(history.epochs.map(figures));
      expect(told, place).toEqual([1, 2, 3].slice(resume.history.length));
    }
  });

  it('refuses a phase that the recipe does not have', async () => {
    const resume = { phase: 3, history: [], progress: {} as never, model: {} as never };
    await expect(runRecipe(recipe, dataset, { model: recipeModel(recipe, () => lent, 9), resume })).rejects.toThrow(
      'The checkpoint is of phase 3, and the recipe "two" has 2.',
    );
  });
});

const origin: CheckpointOrigin = {
  recipe: { name: 'seed', phases: [{ epochs: 3, batchSize: 128 }] },
  seed: 1,
  dataset: { name: 'mnist', hash: 'abc', trainCount: 60_000, testCount: 10_000 },
  engine: { version: '0.1.0', kernels: '0123', numerics: 'strict' },
};
const stored: StoredCheckpoint = {
  origin,
  seconds: 12.5,
  checkpoint: {
    phase: 2,
    progress: { epoch: 3, step: 41, images: 5248, lossSum: 0.1 + 0.2, correct: 5100, seconds: 3.25 },
    learningRate: 1e-4,
    history: [
      { epoch: 1, loss: 0.5, accuracy: 0.75, learningRate: 1e-3, imagesPerSecond: 1000, seconds: 60 },
      { epoch: 2, loss: 0.25, valLoss: 0.125, valAccuracy: 1, learningRate: 1e-3, imagesPerSecond: 999.5, seconds: 61 },
    ],
    model: {
      steps: 509,
      epochs: 2,
      tensors: new Map([
        ['dense/kernel', Float32Array.of(1, -2.5, 1e-30)],
        ['optimizer/m/dense/kernel', Float32Array.of(0, 0.1, 3)],
      ]),
    },
  },
};

describe('a checkpoint file', () => {
  it('gives back all that was put in', async () => {
    expect(await decodeCheckpoint(await encodeCheckpoint(stored), 'c')).toEqual(stored);
    const still = set(stored, { learningRate: 0 });
    expect(await decodeCheckpoint(await encodeCheckpoint(still), 'c')).toEqual(still);
    const { learningRate: _, ...checkpoint } = stored.checkpoint;
    const plain = { ...stored, checkpoint };
    expect(await decodeCheckpoint(await encodeCheckpoint(plain), 'c')).toEqual(plain);
  });

  it('is refused with any one bit flipped, and cut anywhere', async () => {
    const bytes = await encodeCheckpoint(stored);
    for (let at = 0; at < bytes.length; at++) {
      const flipped = bytes.slice();
      flipped[at]! ^= 1 << (at % 8);
      await expect(decodeCheckpoint(flipped, 'c.safetensors'), `bit of byte ${at}`).rejects.toMatchObject({
        code: 'checkpoint-damaged',
        message: expect.stringMatching(/^c\.safetensors is no sound checkpoint: /),
      });
    }
    for (let length = 0; length < bytes.length; length += 7) {
      await expect(decodeCheckpoint(bytes.slice(0, length), 'c'), `${length} bytes`).rejects.toMatchObject({
        code: 'checkpoint-damaged',
      });
    }
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    await expect(decodeCheckpoint(longer, 'c')).rejects.toMatchObject({ code: 'checkpoint-damaged' });
  });

  it.each<[string, (content: typeof stored) => unknown, string]>([
    ['a step that is no whole number', (s) => set(s, { progress: { ...s.checkpoint.progress, step: 1.5 } }), 'step'],
    ['an epoch without a loss', (s) => set(s, { history: [{ epoch: 1 }] as never }), 'loss'],
    ['a negative count', (s) => set(s, { model: { ...s.checkpoint.model, epochs: -1 } }), 'epochs'],
    ['an accuracy above 1', (s) => set(s, { history: [{ ...s.checkpoint.history[0]!, accuracy: 2 }] }), 'accuracy'],
    ['a seed that is a text', (s) => ({ ...s, origin: { ...origin, seed: '1' } }), 'seed'],
    ['no engine', (s) => ({ ...s, origin: { ...origin, engine: undefined } }), 'engine'],
  ])('is refused with %s, even with the right checksum', async (_, change, name) => {
    const bytes = await encodeCheckpoint(change(stored) as StoredCheckpoint);
    await expect(decodeCheckpoint(bytes, 'c')).rejects.toMatchObject({
      code: 'checkpoint-damaged',
      message: expect.stringContaining(`"${name}"`),
    });
  });

  it('is refused in one short line, whatever the names and texts in it are', async () => {
    const { progress } = stored.checkpoint;
    for (const name of ['\x1b[2J', 'a\nb', '\u2028', 'x'.repeat(100_000)]) {
      for (const change of [{ [name]: 1 }, { step: name as never }]) {
        const bytes = await encodeCheckpoint(set(stored, { progress: { ...progress, ...change } }));
        const error = (await decodeCheckpoint(bytes, 'c').catch((caught: unknown) => caught)) as CifraError;
        expect(error).toMatchObject({ code: 'checkpoint-damaged' });
        const [problem, ...remedy] = error.message.split('\n');
        expect(problem).toMatch(/^c is no sound checkpoint: progress: [^\p{Cc}\p{Zl}]{1,500}\.$/u);
        expect(remedy).toEqual(['  Go on from the one before it.']);
      }
    }
  });

  it('names the file once', async () => {
    const sealed = await encodeSealed({
      tensors: new Map(),
      metadata: new Map([
        ['format', 'cifra-checkpoint'],
        ['formatVersion', '1'],
        ['checkpoint', '{'],
      ]),
    });
    await expect(decodeCheckpoint(sealed, 'c')).rejects.toThrow(/^c is no sound checkpoint: it is no JSON \(/);
    const text = Buffer.from(sealed).toString('latin1').replace('"format":', '"format";');
    await expect(decodeCheckpoint(await sealedAgain(text), 'c')).rejects.toThrow(
      /^c is no sound checkpoint: it is no sound \.safetensors file: its header cannot be read: it is no JSON \(/,
    );
  });

  it('is refused where its header would be longer than a text can be', async () => {
    const bytes = new Uint8Array(2 ** 29 + 64);
    new DataView(bytes.buffer).setBigUint64(0, 2n ** 29n + 32n, true);
    await expect(decodeCheckpoint(bytes, 'c')).rejects.toMatchObject({
      code: 'checkpoint-damaged',
      message: expect.stringContaining('no checksum is found'),
    });
  });
});

/** A file, one character a byte, with the checksum that it should have. */
async function sealedAgain(text: string): Promise<Uint8Array> {
  const unsealed = text.replace(/"sha256":"\w+"/, `"sha256":"${'0'.repeat(64)}"`);
  const checksum = await sha256(new Uint8Array(Buffer.from(unsealed, 'latin1')));
  return new Uint8Array(Buffer.from(unsealed.replace('0'.repeat(64), checksum), 'latin1'));
}

function set(from: StoredCheckpoint, changes: Partial<TrainingCheckpoint>): StoredCheckpoint {
  return { ...from, checkpoint: { ...from.checkpoint, ...changes } };
}

describe('originDifference', () => {
  it('names the first thing that differs, and both values', () => {
    expect(originDifference(origin, structuredClone(origin))).toBeUndefined();
    const cases: [CheckpointOrigin, string][] = [
      [{ ...origin, seed: 2 }, 'seed was 1 and is 2 now'],
      [{ ...origin, dataset: { ...origin.dataset, hash: 'x' } }, 'dataset.hash was "abc" and is "x" now'],
      [{ ...origin, engine: { ...origin.engine, kernels: '9' } }, 'engine.kernels was "0123" and is "9" now'],
      [
        { ...origin, recipe: { name: 'seed', phases: [{ epochs: 3, batchSize: 64 }] } },
        'recipe.phases[0].batchSize was 128 and is 64 now',
      ],
      [{ ...origin, recipe: { name: 'seed', phases: [] } }, /recipe\.phases\[0\] was .* and is not given now/ as never],
    ];
    for (const [now, expected] of cases) expect(originDifference(origin, now)).toMatch(expected);
  });

  it('takes keys of a recipe for what they are', () => {
    const withKey = (key: string): CheckpointOrigin => ({
      ...origin,
      recipe: JSON.parse(`{ ${JSON.stringify(key)}: {} }`) as Json,
    });
    const plain: CheckpointOrigin = { ...origin, recipe: {} };
    for (const key of ['toString', 'constructor', '__proto__', 'other']) {
      expect(originDifference(withKey(key), withKey(key))).toBeUndefined();
      expect(originDifference(withKey(key), plain)).toBe(`recipe.${key} was {} and is not given now`);
      expect(originDifference(plain, withKey(key))).toBe(`recipe.${key} was not given and is {} now`);
    }
    expect(originDifference(withKey('\x1b[2J'), plain)).toBe('recipe.\ufffd[2J was {} and is not given now');
  });

  it('takes -0 and 0 for the same, since JSON does', () => {
    expect(originDifference({ ...origin, recipe: [0] }, { ...origin, recipe: [-0] })).toBeUndefined();
  });
});
