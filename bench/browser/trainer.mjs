// Trains the seed network in Node, in a page or in a worker of a page, and says how long that took.
import { BATCH, inputsOf, noise, seedModel, train } from '../seedNetwork.mjs';

/** Something that trains on so many images, in batches, and gives images a second. */
export async function trainer(threads, most) {
  const model = seedModel({ threads });
  const images = inputsOf(noise(most));
  await train(model, images, BATCH, BATCH);
  return {
    async rate(count) {
      const begun = performance.now();
      await train(model, images, count, BATCH);
      return (count * 1000) / (performance.now() - begun);
    },
    dispose: () => model.dispose(),
  };
}
