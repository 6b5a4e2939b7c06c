import { afterEach, describe, expect, it, vi } from 'vitest';
import { imageDataGenerator } from '../../src/augment/imageDataGenerator.js';
import type { Backend } from '../../src/engine/backend.js';
import { referenceBackend } from '../../src/engine/reference/backend.js';
import { wasmBackend } from '../../src/engine/wasm/backend.js';
import { batchNormalization, conv2d, dense, dropout, flatten, maxPooling2d, sequential } from '../../src/nn/index.js';
import { weightsSha256 } from '../../src/runs/modelFile.js';
import { Model } from '../../src/train/model.js';
import { norm, relativeError } from '../contract/harness.js';
import { columns } from './small.js';

/** 67 images in batches of 32: the last has 3 rows, fewer than there are threads. */
const { x, y } = columns(67, 1, 12, 10);

/** Sizes that leave remainders of every tile of the kernels. */
const network = () =>
  sequential([
    conv2d({ filters: 7, kernelSize: 3, activation: 'relu', inputShape: [12, 12, 1] }),
    batchNormalization(),
    conv2d({ filters: 9, kernelSize: 3, padding: 'same', activation: 'relu' }),
    maxPooling2d(),
    batchNormalization(),
    flatten(),
    dense({ units: 21, activation: 'tanh' }),
    dropout({ rate: 0.25 }),
    dense({ units: 10, activation: 'softmax' }),
  ]);

const augmentation = imageDataGenerator({
  rotationRange: 15,
  widthShiftRange: 0.1,
  heightShiftRange: 2,
  shearRange: 5,
  zoomRange: 0.1,
  horizontalFlip: true,
});

async function train(makeBackend: () => Backend, seed: number, epochs = 2): Promise<Model> {
  const model = new Model(network(), makeBackend, { seed });
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  await model.fit(x, y, { batchSize: 32, epochs, augmentation });
  await model.dispose();
  return model;
}

async function hashOf(makeBackend: () => Backend, seed: number): Promise<string> {
  return weightsSha256((await train(makeBackend, seed)).getWeights());
}

/**
 * The promise "the same seed gives the same weights" holds within one version of the engine. If a kernel, the order of a
 * reduction, an op of the training program or a stream of random numbers changes on purpose, so does this hash; then put
 * the new one here and say so in the change.
 */
const EXPECTED = '5de937375a4adbb3a5fca98ed6dfeee5a6761d8643930aa695e1f5bbe0423cc3';

describe('the same seed gives the same weights, bit for bit', () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each([1, 2, 3, 4])('with %i thread(s), as pinned', async (threads) => {
    expect(await hashOf(() => wasmBackend({ threads }), 7)).toBe(EXPECTED);
  });

  it('again on a backend that has trained before', async () => {
    const backend = wasmBackend({ threads: 2 });
    const shared: Backend = { ...backend, dispose: () => Promise.resolve() };
    expect(await hashOf(() => shared, 7)).toBe(EXPECTED);
    expect(await hashOf(() => shared, 7)).toBe(EXPECTED);
    await backend.dispose();
  });

  it('without shared memory, on the caller’s own thread', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    const backend = wasmBackend({ threads: 3 });
    expect(backend.threads).toBe(1);
    expect(await hashOf(() => backend, 7)).toBe(EXPECTED);
  });

  it('and another seed others', async () => {
    expect(await hashOf(() => wasmBackend({ threads: 1 }), 8)).not.toBe(EXPECTED);
    expect(await hashOf(() => wasmBackend({ threads: 1 }), 7 + 2 ** 32)).not.toBe(EXPECTED);
  });
});

describe('training in f32 on wasm', () => {
  it('follows the oracle in float64 over 12 steps', async () => {
    const oracle = await train(referenceBackend, 7, 4);
    const tested = await train(() => wasmBackend({ threads: 2 }), 7, 4);
    const truth = oracle.getWeights();
    const initial = oracle.network.initialWeights(7);
    for (const [name, values] of tested.getWeights()) {
      expect(relativeError(values, truth.get(name)!), name).toBeLessThanOrEqual(1e-4);
      // Not because nothing happened.
      const moved = values.map((value, i) => value - initial.get(name)![i]!);
      expect(norm(moved), name).toBeGreaterThan(1e-3);
    }
  });
});
