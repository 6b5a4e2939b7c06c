// The process of memory.mjs. Sends megabytes: at the `start`, with the images `loaded`, the `peak` until `steps` steps
// of training are through, of which `planned` are the program's, and the `growth` afterwards.
import { loadDataset } from 'cifra';
import { growthPer1000Steps, residentMb } from './growth.mjs';
import { BATCH, inputsOf, noise, seedModel, train } from './seedNetwork.mjs';

const [STEPS, GROWTH_STEPS] = process.argv[2] === 'quick' ? [10, 1024] : [50, 8192];

const start = residentMb();
const { images, data } = await mnist().catch(() => ({ images: '60,000 images of noise', data: noise(60_000) }));
const loaded = residentMb();
const model = seedModel({});
const [x, y] = inputsOf(data);
const { totalBytes } = await model.describeTraining(x, y, BATCH);
await train(model, [x, y], STEPS * BATCH, BATCH);
// In units of 1,024 bytes.
const peak = (process.resourceUsage().maxRSS * 1024) / 1e6;
await model.dispose();
const growth = await growthPer1000Steps(GROWTH_STEPS);
process.send({
  images,
  start,
  loaded,
  peak,
  planned: totalBytes / 1e6,
  steps: STEPS,
  growth,
  growthSteps: GROWTH_STEPS,
});

/** From where it lies already; nothing is downloaded. */
async function mnist() {
  const dataset = await loadDataset('mnist', { download: false });
  return { images: 'MNIST, 70,000 images', data: { ...dataset.train, images: dataset.train.images.data, side: 28 } };
}
