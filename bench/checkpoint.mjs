// What checkpoints and what a report needs of the way cost a training: `npm run bench:checkpoint`. Trains the seed network
// at batch 128 and, every few steps, writes a checkpoint as the command does (state, checksum, file, flush) and takes and
// writes a snapshot of kernels and predictions; then says what share of the time that is when there is a checkpoint every 30
// seconds and both after each epoch of 60,000 images.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import {
  encodeCheckpoint,
  normalize,
  oneHot,
  recipeFrom,
  recipeModel,
  recipes,
  syntheticDigits,
  wasmBackend,
} from 'cifra';
import { ProgressRecorder } from '../dist/report/index.js';
import { median } from './windows.mjs';

const BATCH = 128;
const STEPS = 8;
const ROUNDS = Number(process.argv[2] ?? 12);
const INTERVAL = 30;
const EPOCH = 60_000;

const model = recipeModel(recipeFrom(recipes.seed), () => wasmBackend(), 1);
const digits = syntheticDigits({ count: BATCH * STEPS, seed: 1 });
const [x, y] = [normalize(digits.images), oneHot(digits.labels)];
const folder = await mkdtemp(join(tmpdir(), 'cifra-bench-'));
const origin = {
  recipe: recipes.seed,
  seed: 1,
  dataset: { name: 'synthetic', hash: '', trainCount: 0, testCount: 0 },
  engine: { version: '', kernels: '', numerics: '' },
};
const recorder = new ProgressRecorder(digits, undefined, (text) =>
  writeFile(join(folder, 'progress.json'), text, { flush: true }),
);
const writing = [];
const recording = [];
const training = [];
let bytes;
for (let round = 0; round <= ROUNDS; round++) {
  let spent = 0;
  let recorded = 0;
  const begun = performance.now();
  await model.fit(x, y, {
    batchSize: BATCH,
    callbacks: [
      {
        async onEpochEnd(_, stage) {
          const started = performance.now();
          bytes = await encodeCheckpoint({ checkpoint: stage.checkpoint(), origin, seconds: 0 });
          await writeFile(join(folder, `checkpoint-${round % 2}`), bytes, { flush: true });
          spent = performance.now() - started;
          await recorder.take(model, round);
          recorded = performance.now() - started - spent;
        },
      },
    ],
  });
  if (round === 0) continue;
  writing.push(spent);
  recording.push(recorded);
  training.push((performance.now() - begun - spent - recorded) / STEPS / BATCH);
}
await model.dispose();
await rm(folder, { recursive: true });

const [checkpoint, snapshot, image] = [writing, recording, training].map(median);
const epoch = (EPOCH * image) / 1000;
const perEpoch = 1 + Math.floor(epoch / INTERVAL);
console.log(`checkpoint    ${(bytes.length / 1e6).toFixed(1)} MB, ${checkpoint.toFixed(0)} ms (median of ${ROUNDS})`);
console.log(
  `training      ${Math.round(1000 / image)} images/s: ${epoch.toFixed(0)} s an epoch, ${perEpoch} checkpoints`,
);
console.log(`share         ${((perEpoch * checkpoint) / epoch / 10).toFixed(2)}% of the training time`);
console.log(
  `for reports   ${snapshot.toFixed(0)} ms an epoch, ${(snapshot / epoch / 10).toFixed(2)}% of the training time`,
);
