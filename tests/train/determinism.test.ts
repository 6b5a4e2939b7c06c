import { afterEach, describe, expect, it, vi } from 'vitest';
import { imageDataGenerator } from '../../src/augment/imageDataGenerator.js';
import type { Backend } from '../../src/engine/backend.js';
import { referenceBackend } from '../../src/engine/reference/backend.js';
import { wasmBackend } from '../../src/engine/wasm/backend.js';
import { winogradTile } from '../../src/engine/wasm/lower/winograd.js';
import { kernelModule } from '../../src/engine/wasm/module.js';
import { batchNormalization, conv2d, dense, dropout, flatten, maxPooling2d, sequential } from '../../src/nn/index.js';
import { identityTrainings, trainForIdentity } from '../../src/train/identity.js';
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

const { small } = identityTrainings;
/** The training of `cifra doctor --identity`. Its hash is checked in once, for that command, these tests and others. */
const hashOf = (makeBackend: () => Backend, seed: number = small.seed) =>
  trainForIdentity({ ...small, seed }, makeBackend);
const RENEW =
  'The bits have changed: a kernel, the order of a sum, a program or a stream of random numbers. If that was meant, npm run test:identity -- --renew checks the new hashes in';

describe('the same seed gives the same weights, bit for bit', () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each([1, 2, 3, 4])('with %i thread(s), as pinned', async (threads) => {
    expect(await hashOf(() => wasmBackend({ threads })), RENEW).toBe(small.expected);
  });

  it('again on a backend that has trained before', async () => {
    const backend = wasmBackend({ threads: 2 });
    const shared: Backend = { ...backend, dispose: () => Promise.resolve() };
    expect(await hashOf(() => shared), RENEW).toBe(small.expected);
    expect(await hashOf(() => shared)).toBe(small.expected);
    await backend.dispose();
  });

  it('without shared memory, on the caller’s own thread', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    const backend = wasmBackend({ threads: 3 });
    expect(backend.threads).toBe(1);
    expect(await hashOf(() => backend), RENEW).toBe(small.expected);
  });

  it('and another seed others', async () => {
    const hashes = [small.seed, small.seed + 1, small.seed + 2 ** 32].map((seed) => hashOf(wasmBackend, seed));
    expect(new Set(await Promise.all(hashes)).size).toBe(3);
  });
});

describe('the pinned training', () => {
  /** Of predictions alone, of another optimizer, of programs that a network does not write. */
  const notUsed = ['addBias', 'copy', 'firstNonFinite', 'sgd'];

  it('goes through every kernel that changes weights, and all sizes of Winograd’s tiles', async () => {
    const kernels = new Set<string>();
    const tiles = new Set<number | undefined>();
    await hashOf(() => {
      const backend = wasmBackend({ threads: 2 });
      return {
        ...backend,
        async compile(program) {
          const executable = await backend.compile(program);
          for (const { kernel } of executable.description.calls) kernels.add(kernel);
          for (const { name, inputs, outputs, attributes } of program.ops) {
            if (name === 'conv2d') tiles.add(winogradTile(inputs[1]!.shape, outputs[0]!.shape, attributes)?.size);
          }
          return executable;
        },
      };
    });
    const module = await kernelModule(true, 'strict');
    const all = WebAssembly.Module.exports(module).flatMap(({ name, kind }) => (kind === 'function' ? [name] : []));
    expect(all.filter((name) => !kernels.has(name)).sort()).toEqual(notUsed);
    expect(tiles).toEqual(new Set([undefined, 4, 5, 6]));
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
