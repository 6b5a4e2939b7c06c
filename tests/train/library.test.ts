import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  batchNormalization,
  conv2d,
  dense,
  flatten,
  loadModel,
  type Model,
  modelToBytes,
  modelFromBytes,
  ProgramBuilder,
  saveModel,
  sequential,
  weightsSha256,
} from '../../src/index.js';
import { columns, differing } from './small.js';

const { x, y } = columns(20, 3, 6);
const layers = () => [
  conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 1] }),
  batchNormalization(),
  flatten(),
  dense({ units: 6, activation: 'softmax' }),
];
const compileOptions = { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' } as const;

let folder: string;
let model: Model;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cifra-library-'));
  model = sequential(layers(), { name: 'digits', seed: 3, threads: 2 });
  model.compile(compileOptions);
  await model.fit(x, y, { epochs: 2 });
});
afterAll(async () => {
  await model.dispose();
  await rm(folder, { recursive: true });
});

describe('sequential', () => {
  it('makes a model with the name, the seed and the threads it is given', () => {
    expect(model.network.name).toBe('digits');
    expect(model.seed).toBe(3);
    expect(model.backend).toMatchObject({ name: 'wasm', threads: 2, numerics: 'strict' });
    expect([...sequential(layers(), { seed: 3 }).getWeights()]).toEqual([...model.network.initialWeights(3)]);
  });

  it('has the seed 0 by default', () => {
    const weights = sequential(layers()).getWeights();
    expect([...weights]).toEqual([...model.network.initialWeights(0)]);
    expect([...weights]).not.toEqual([...model.network.initialWeights(3)]);
  });

  it('starts no thread before it computes', async () => {
    const idle = sequential(layers(), { threads: 0 });
    expect(idle.summary()).toContain('conv2d');
    await expect(idle.predict(x)).rejects.toMatchObject({
      code: 'threads',
      message: 'The number of threads must be a whole number from 1 to 64, but is 0.',
    });
  });

  it('refuses options it does not know', () => {
    expect(() => sequential(layers(), { sed: 1 } as object)).toThrow(
      'sequential: there is no option "sed".\n  Did you mean "seed"?',
    );
  });
});

describe('a model file', () => {
  it('holds what the model is: it predicts the same bits', async () => {
    const path = join(folder, 'model.safetensors');
    await saveModel(model, path);
    const loaded = await loadModel(path, { threads: 1 });
    expect(differing(loaded, model)).toEqual([]);
    expect(await weightsSha256(loaded.getWeights())).toBe(await weightsSha256(model.getWeights()));
    expect(loaded.network.toConfig()).toEqual(model.network.toConfig());
    expect((await loaded.predict(x)).data).toEqual((await model.predict(x)).data);
    await loaded.dispose();
  });

  it('in half precision has two bytes a weight, and predicts nearly the same', async () => {
    const bytes = modelToBytes(model, { precision: 'half', classNames: ['0'] });
    const { total } = model.network.countParams();
    const saved = modelToBytes(model, { classNames: ['0'] }).length - bytes.length;
    // But for the header's length.
    expect(Math.abs(saved - 2 * total)).toBeLessThan(100);
    await using loaded = modelFromBytes(bytes, { threads: 1 });
    const [half, single] = [(await loaded.predict(x)).data, (await model.predict(x)).data];
    expect(half).not.toEqual(single);
    half.forEach((value, i) => expect(Math.abs(value - single[i]!)).toBeLessThan(1e-3));
    // What is rounded already is not rounded again.
    expect(differing(modelFromBytes(modelToBytes(loaded, { precision: 'half' })), loaded)).toEqual([]);
    expect(() => modelToBytes(model, { precision: 'quarter' } as object)).toThrow(
      'The model file: the option "precision" must be one of "single", "half", but is "quarter".',
    );
  });

  it('trains on after compile, as a model does that is compiled again', async () => {
    const trainOn = async (one: Model) => {
      one.compile(compileOptions);
      await one.fit(x, y, { shuffle: false });
      await one.dispose();
      return one;
    };
    const bytes = modelToBytes(model);
    const loaded = modelFromBytes(bytes, { seed: 3, threads: 1 });
    await expect(loaded.fit(x, y)).rejects.toMatchObject({ code: 'not-compiled' });
    const again = modelFromBytes(bytes, { seed: 3, threads: 2 });
    expect(differing(await trainOn(loaded), await trainOn(again))).toEqual([]);
    expect(differing(loaded, model)).not.toEqual([]);
  });

  it('is not written with a weight that is no number', async () => {
    const broken = modelFromBytes(modelToBytes(model));
    const weights = broken.getWeights();
    weights.get('dense/bias')![2] = NaN;
    broken.setWeights(weights);
    await expect(saveModel(broken, join(folder, 'broken.safetensors'))).rejects.toMatchObject({
      code: 'weights-not-finite',
      message: expect.stringContaining('dense/bias'),
    });
  });

  it('is named by what is wrong with it', async () => {
    const path = join(folder, 'text.safetensors');
    await writeFile(path, 'This is no model, but a text of some length.');
    await expect(loadModel(path)).rejects.toMatchObject({ message: expect.stringContaining(path) });
    const missing = join(folder, 'missing.safetensors');
    await expect(loadModel(missing)).rejects.toMatchObject({ message: expect.stringContaining(missing) });
    expect(() => modelFromBytes(modelToBytes(model), { thread: 1 } as object)).toThrow('Did you mean "threads"?');
  });
});

it('a model is disposed of where `await using` leaves it', async () => {
  let backend: Model['backend'];
  {
    await using short = sequential(layers(), { threads: 1 });
    await short.predict(x);
    backend = short.backend;
  }
  const builder = new ProgramBuilder(1);
  builder.output('y', builder.emit('softmax', [builder.input('x', [2], 'f32', true)], {})[0]!);
  await expect(backend.compile(builder.build())).rejects.toMatchObject({
    code: 'engine-disposed',
    message: 'The backend has been disposed of.\n  Make a new one.',
  });
});
