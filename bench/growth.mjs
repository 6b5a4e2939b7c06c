// What a training process grows by: on a small network, so that thousands of steps take seconds. The machinery of a step
// is the same.
import { conv2d, dense, flatten, imageDataGenerator, sequential } from 'cifra';
import { inputsOf, noise, recipe } from './seedNetwork.mjs';

const STEPS_PER_FIT = 64;
const SETTLING_STEPS = 500;
const BATCH = 16;

/** The notebook's. */
export const augmentation = imageDataGenerator(recipe.phases.find((phase) => phase.augmentation).augmentation);

/** Needs --expose-gc. @returns megabytes per 1,000 steps, over so many after the first 500 */
export async function growthPer1000Steps(steps) {
  const model = sequential(
    [
      conv2d({ filters: 4, kernelSize: 3, inputShape: [28, 28, 1] }),
      flatten(),
      dense({ units: 10, activation: 'softmax' }),
    ],
    { threads: 2 },
  );
  model.compile({ loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const [x, y] = inputsOf(noise(STEPS_PER_FIT * BATCH));
  const options = { batchSize: BATCH, augmentation };
  const train = async (count) => {
    for (let step = 0; step < count; step += STEPS_PER_FIT) await model.fit(x, y, options);
  };
  await train(SETTLING_STEPS);
  const before = residentMb();
  await train(steps);
  const growth = ((residentMb() - before) / steps) * 1000;
  await model.dispose();
  return growth;
}

export function residentMb() {
  globalThis.gc();
  return process.memoryUsage().rss / 1e6;
}
