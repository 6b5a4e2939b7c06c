import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Executable } from '../../src/engine/backend.js';
import { wasmBackend } from '../../src/engine/wasm/backend.js';
import { conv2d, dense, dropout, flatten, sequential } from '../../src/nn/index.js';
import { rows } from '../../src/numeric/tensor.js';
import { Model } from '../../src/train/model.js';
import { columns } from '../train/small.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/**
 * Bytes in use: array buffers (copies of weights and outputs), what lies outside of JavaScript's heap, and the heap. Some
 * memory is given back in the background after a collection: the least of several counts.
 */
async function memoryInUse() {
  const least = { arrayBuffers: Infinity, external: Infinity, heapUsed: Infinity };
  for (let i = 0; i < 10; i++) {
    collectGarbage();
    await nextTurn();
    const now = process.memoryUsage();
    for (const kind of ['arrayBuffers', 'external', 'heapUsed'] as const)
      least[kind] = Math.min(least[kind], now[kind]);
  }
  return least;
}

const { x, y } = columns(40, 1);

function makeModel(): Model {
  const layers = [
    conv2d({ filters: 8, kernelSize: 3, activation: 'relu', inputShape: [12, 12, 1] }),
    flatten(),
    dropout({ rate: 0.2 }),
    dense({ units: 12, activation: 'softmax' }),
  ];
  const model = new Model(sequential(layers), () => wasmBackend({ threads: 2 }));
  model.compile({ loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

describe('memory', () => {
  it('does not grow from step to step', async () => {
    await using model = makeModel();
    // Ten steps an epoch: enough for the machine code of all that is called.
    await model.fit(x, y, { batchSize: 4, epochs: 20 });
    const before = await memoryInUse();
    await model.fit(x, y, { batchSize: 4, epochs: 20 });
    const after = await memoryInUse();
    expect(model.steps).toBe(400);
    // One batch of images alone takes 576 bytes, the weights 39,000: 200 times either would show.
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(4_096);
    expect(after.external - before.external).toBeLessThan(16_384);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(500_000);
  });

  it('holds one program of each kind, however many batch sizes there were', async () => {
    await using model = makeModel();
    const compiled: WeakRef<Executable>[] = [];
    const { backend } = model;
    const { compile } = backend;
    backend.compile = async (program) => {
      const executable = await compile.call(backend, program);
      compiled.push(new WeakRef(executable));
      return executable;
    };
    for (let batchSize = 4; batchSize < 12; batchSize++) {
      await model.fit(x, y, { batchSize });
      await model.evaluate(x, y, { batchSize });
      await model.predict(x, { batchSize });
    }
    await model.predict(rows(x, 0, 1));
    expect(compiled).toHaveLength(25);
    await memoryInUse();
    expect(compiled.filter((executable) => executable.deref() !== undefined)).toHaveLength(4);
  });
});
