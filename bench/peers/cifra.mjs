import { join } from 'node:path';
import { loadModel, version } from 'cifra';
import { serve } from './serve.mjs';
import { BATCH } from './sides.mjs';
import { imagesOf, readWork, seedModel, SIZE } from './work.mjs';

await serve(async ({ folder, threads, numerics }) => {
  const { images, labels, check } = await readWork(folder);
  const model = seedModel({ threads, numerics });
  model.setWeights((await loadModel(join(folder, 'model.safetensors'))).getWeights());
  const x = imagesOf(images);
  const ones = Array.from(labels, (_, i) => imagesOf(images.subarray(i * SIZE, (i + 1) * SIZE)));
  return {
    version: `${version}, kernels ${model.backend.kernels}`,
    async probabilities() {
      return (await model.predict(imagesOf(check))).data;
    },
    async training() {
      await model.fit(x, labels, { batchSize: BATCH });
      return labels.length;
    },
    async inference() {
      await model.predict(x, { batchSize: BATCH });
      return labels.length;
    },
    async one(i) {
      await model.predict(ones[i % ones.length]);
      return 1;
    },
  };
});
