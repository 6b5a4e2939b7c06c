import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { imageDataGenerator } from '../../src/augment/imageDataGenerator.js';
import { wasmBackend } from '../../src/engine/wasm/backend.js';
import { writeWhole } from '../../src/files/atomicWrite.node.js';
import { conv2d, dense, dropout, flatten, sequential } from '../../src/nn/index.js';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/train/checkpointFile.js';
import { Model } from '../../src/train/model.js';
import { columns } from '../train/small.js';

/** Steps after those that settle the memory; `npm run test:faults` makes 200,000. */
const STEPS = process.env['CIFRA_FAULTS'] === 'long' ? 200_000 : 2_000;
const SETTLING = 1_000;
const PER_CHECKPOINT = 100;
const { x, y } = columns(640, 3);
const PER_EPOCH = 40;

const origin = {
  recipe: {},
  seed: 0,
  dataset: { name: '', hash: '', trainCount: 0, testCount: 0 },
  engine: { version: '', kernels: '', numerics: '' },
};

it(`a training of ${STEPS} steps with a checkpoint every ${PER_CHECKPOINT} grows by no more than 1 MB per 1,000`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cifra-soak-'));
  const path = join(folder, 'checkpoint');
  await using model = new Model(
    sequential([
      conv2d({ filters: 8, kernelSize: 3, activation: 'relu', inputShape: [12, 12, 1] }),
      flatten(),
      dropout({ rate: 0.2 }),
      dense({ units: 12, activation: 'softmax' }),
    ]),
    () => wasmBackend({ threads: 2 }),
  );
  model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  const rss: number[] = [];
  await model.fit(x, y, {
    batchSize: 16,
    epochs: (SETTLING + STEPS) / PER_EPOCH,
    augmentation: imageDataGenerator({ rotationRange: 10 }),
    callbacks: [
      {
        async onBatchEnd(_, training) {
          if (model.steps % PER_CHECKPOINT !== 0) return;
          await writeWhole(path, await encodeCheckpoint({ checkpoint: training.checkpoint(), origin, seconds: 0 }));
          const { checkpoint } = await decodeCheckpoint(new Uint8Array(await readFile(path)), path);
          expect(checkpoint.model.steps).toBe(model.steps);
          if (model.steps >= SETTLING) rss.push(process.memoryUsage().rss);
        },
      },
    ],
  });
  await rm(folder, { recursive: true });
  expect(model.steps).toBe(SETTLING + STEPS);
  // The collector takes its time, so the first and the last third are compared by their least; a floor for short runs.
  const third = Math.ceil(rss.length / 3);
  const growth = (Math.min(...rss.slice(-third)) - Math.min(...rss.slice(0, third))) / 1e6;
  process.stdout.write(`${growth.toFixed(1)} MB more over the last two thirds of ${STEPS} steps.\n`);
  expect(growth).toBeLessThan(Math.max(30, (2 / 3) * (STEPS / 1000)));
});
