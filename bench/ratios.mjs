// Ratios that the engine promises, measured side by side in one run: windows of training take turns (A B A B ...), and
// the medians are compared. `npm run bench:ratios`, or with the number of rounds: `npm run bench:ratios -- 9`.
//
//   threads       two threads against one, seed network, batch 128; and two processes of one thread each, which say
//                 what two cores of this machine give at all
//   inference     the same for prediction
//   augmentation  the notebook's augmentation against none, batch 128, two threads
//   memory        what the process grows by per 1,000 steps, after step 500
import { fork } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import {
  conv2d,
  dense,
  flatten,
  imageDataGenerator,
  normalize,
  oneHot,
  recipeFrom,
  recipeModel,
  recipes,
  sequential,
  syntheticDigits,
  wasmBackend,
} from 'cifra';

const BATCH = 128;
const STEPS_PER_WINDOW = 8;
const isChild = process.argv[2] === 'child';
const rounds = isChild ? 0 : Number(process.argv[2] ?? 7);
const recipe = recipeFrom(recipes.seed);
const augmentation = imageDataGenerator(recipe.phases.find((phase) => phase.augmentation).augmentation);

const digits = syntheticDigits({ count: BATCH * STEPS_PER_WINDOW, seed: 1 });
const x = normalize(digits.images);
const y = oneHot(digits.labels);

function seedNetwork(threads) {
  return recipeModel(recipe, () => wasmBackend({ threads }), 1);
}

async function window(model, options = {}) {
  const history = await model.fit(x, y, { batchSize: BATCH, ...options });
  return history.epochs[0].imagesPerSecond;
}

async function inference(model) {
  await model.predict(x, { batchSize: BATCH });
  const started = performance.now();
  await model.predict(x, { batchSize: BATCH });
  return (x.shape[0] / (performance.now() - started)) * 1000;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

// A process that trains a window on one thread each time it is asked to.
if (isChild) {
  const alone = seedNetwork(1);
  await window(alone);
  process.on('message', async () => process.send(await window(alone)));
  process.send('ready');
  await new Promise(() => undefined);
}

/** Windows of the sides in turn; the first round warms up. */
async function sideBySide(title, sides) {
  const rates = sides.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, { measure }] of sides.entries()) {
      const rate = await measure();
      if (round > 0) rates[i].push(rate);
    }
  }
  const medians = rates.map(median);
  const range = (values) => `${Math.round(Math.min(...values))}-${Math.round(Math.max(...values))}`;
  const parts = sides.map(({ name }, i) => `${name} ${Math.round(medians[i])} images/s (${range(rates[i])})`);
  const ratios = medians.slice(1).map((rate) => (rate / medians[0]).toFixed(2));
  console.log(`${title.padEnd(13)} ${parts.join(', ')}: ratio ${ratios.join(', ')}`);
}

const children = [0, 1].map(() => fork(import.meta.filename ?? process.argv[1], ['child'], { stdio: 'ignore' }));
const answerOf = (child) => new Promise((resolve) => child.once('message', resolve));
await Promise.all(children.map(answerOf));
async function together() {
  const rates = await Promise.all(
    children.map((child) => {
      child.send('go');
      return answerOf(child);
    }),
  );
  return rates[0] + rates[1];
}

const one = seedNetwork(1);
const two = seedNetwork(2);
await sideBySide('threads', [
  { name: '1 thread', measure: () => window(one) },
  { name: '2 threads', measure: () => window(two) },
  { name: 'two processes', measure: together },
]);
for (const child of children) child.kill();
await sideBySide('inference', [
  { name: '1 thread', measure: () => inference(one) },
  { name: '2 threads', measure: () => inference(two) },
]);
await one.dispose();
await two.dispose();

const plain = seedNetwork(2);
const augmented = seedNetwork(2);
await sideBySide('augmentation', [
  { name: 'plain', measure: () => window(plain) },
  { name: 'augmented', measure: () => window(augmented, { augmentation }) },
]);
await augmented.dispose();

// Memory, on a small network so that thousands of steps take seconds; the machinery of a step is the same.
await plain.dispose();
const small = sequential(
  [
    conv2d({ filters: 4, kernelSize: 3, inputShape: [28, 28, 1] }),
    flatten(),
    dense({ units: 10, activation: 'softmax' }),
  ],
  { threads: 2 },
);
small.compile({ loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
const settled = { batchSize: 16, epochs: 1, stepsPerEpoch: 64, augmentation };
const STEPS = 8000;
let before = 0;
for (let step = 0; step < 500 + STEPS; step += 64) {
  await small.fit(x, y, settled);
  if (before === 0 && step >= 500) before = residentMb();
}
const growth = ((residentMb() - before) / STEPS) * 1000;
console.log(
  `memory        ${growth.toFixed(2)} MB more per 1,000 steps (${STEPS} steps), ${Math.round(residentMb())} MB at the end`,
);
await small.dispose();

function residentMb() {
  globalThis.gc?.();
  return process.memoryUsage().rss / 1e6;
}
