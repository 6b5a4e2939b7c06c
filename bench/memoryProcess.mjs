// A process of memory.mjs, told what to measure and how many steps to train. Sends megabytes.
import { loadDataset } from 'cifra';
import { growthPer1000Steps, residentMb } from './growth.mjs';
import { BATCH, inputsOf, noise, seedModel, train } from './seedNetwork.mjs';

const measurements = { peak, growth };

process.send(await measurements[process.argv[2]](Number(process.argv[3])));

/** At the `start`, with the images `loaded`, at the `peak` until the training's end; of these the program `planned`. */
async function peak(steps) {
  const start = residentMb();
  const { images, data } = await mnist().catch(() => ({ images: '60,000 images of noise', data: noise(60_000) }));
  const loaded = residentMb();
  const model = seedModel({});
  const [x, y] = inputsOf(data);
  const { totalBytes } = await model.describeTraining(x, y, BATCH);
  await train(model, [x, y], steps * BATCH, BATCH);
  await model.dispose();
  // In units of 1,024 bytes.
  const { maxRSS } = process.resourceUsage();
  return { images, start, loaded, peak: (maxRSS * 1024) / 1e6, planned: totalBytes / 1e6, steps };
}

async function growth(steps) {
  return { growth: await growthPer1000Steps(steps), growthSteps: steps };
}

/** From where it lies already; nothing is downloaded. */
async function mnist() {
  const dataset = await loadDataset('mnist', { download: false });
  return { images: 'MNIST, 70,000 images', data: { ...dataset.train, images: dataset.train.images.data, side: 28 } };
}
