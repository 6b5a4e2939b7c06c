// Ratios that the engine promises, measured side by side in one run: windows of training take turns (A B A B ...), and
// the medians are compared. `npm run bench:ratios`, or with the number of rounds: `npm run bench:ratios -- 9`.
//
//   threads       two threads against one, seed network, batch 128; and two processes of one thread each, which say
//                 what two cores of this machine give at all
//   inference     the same for prediction
//   augmentation  the notebook's augmentation against none, batch 128, two threads
//   memory        what the process grows by per 1,000 steps, after step 500
import { fork } from 'node:child_process';
import { normalize, oneHot, syntheticDigits } from 'cifra';
import { augmentation, growthPer1000Steps, residentMb } from './growth.mjs';
import { BATCH, infer, seedModel } from './seedNetwork.mjs';
import { format } from './text.mjs';
import { inTurn, secondsOf, spreadOfRates } from './windows.mjs';

const STEPS_PER_WINDOW = 8;
const GROWTH_STEPS = 8000;
const isChild = process.argv[2] === 'child';
const rounds = Number(process.argv[2] ?? 7);

const digits = syntheticDigits({ count: BATCH * STEPS_PER_WINDOW, seed: 1 });
const x = normalize(digits.images);
const y = oneHot(digits.labels);

async function window(model, options = {}) {
  const history = await model.fit(x, y, { batchSize: BATCH, ...options });
  return history.epochs[0].imagesPerSecond;
}

async function inference(model) {
  const go = () => infer(model, [x], x.shape[0], BATCH);
  await go();
  return x.shape[0] / (await secondsOf(go));
}

// A process that trains a window on one thread each time it is asked to.
if (isChild) {
  const alone = seedModel({ threads: 1 });
  await window(alone);
  process.on('message', async () => process.send(await window(alone)));
  process.send('ready');
  await new Promise(() => undefined);
}

/** Windows of the sides in turn, and the ratios of their medians to the first one's. */
async function sideBySide(title, sides) {
  const figures = await inTurn(Object.values(sides), rounds);
  const spreads = figures.map(spreadOfRates);
  const parts = Object.keys(sides).map((name, i) => {
    const { median, slowest, fastest } = spreads[i];
    return `${name} ${format(median)} images/s (${format(slowest)} to ${format(fastest)})`;
  });
  const ratios = spreads.slice(1).map(({ median }) => format(median / spreads[0].median, 2));
  console.log(`${title.padEnd(13)} ${parts.join(', ')}: ratio ${ratios.join(', ')}`);
}

const children = [0, 1].map(() => fork(import.meta.filename, ['child'], { stdio: 'ignore' }));
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

const one = seedModel({ threads: 1 });
const two = seedModel({ threads: 2 });
await sideBySide('threads', {
  '1 thread': () => window(one),
  '2 threads': () => window(two),
  'two processes': together,
});
for (const child of children) child.kill();
await sideBySide('inference', { '1 thread': () => inference(one), '2 threads': () => inference(two) });
await one.dispose();
await two.dispose();

const plain = seedModel({ threads: 2 });
const augmented = seedModel({ threads: 2 });
await sideBySide('augmentation', {
  plain: () => window(plain),
  augmented: () => window(augmented, { augmentation }),
});
await augmented.dispose();
await plain.dispose();

const growth = await growthPer1000Steps(GROWTH_STEPS);
console.log(
  `memory        ${format(growth, 2)} MB more per 1,000 steps (${GROWTH_STEPS} steps), ${format(residentMb())} MB at the end`,
);
