import { join } from 'node:path';
import { peer, serve } from './serve.mjs';
import { BATCH } from './sides.mjs';
import { floatsOf, readWork, SIZE } from './work.mjs';

await serve(async ({ folder, threads }) => {
  const { InferenceSession, Tensor, env } = peer('onnxruntime-node');
  const session = await InferenceSession.create(join(folder, 'network.onnx'), {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
  });
  const work = await readWork(folder);
  const images = floatsOf(work.images);
  const count = work.labels.length;

  async function predict(pixels) {
    const input = new Tensor('float32', pixels, [pixels.length / SIZE, 1, 28, 28]);
    const { [session.outputNames[0]]: output } = await session.run({ [session.inputNames[0]]: input });
    return output.data;
  }
  async function step(i, rows) {
    const start = (i * rows) % count;
    await predict(images.subarray(start * SIZE, (start + rows) * SIZE));
    return rows;
  }
  return {
    version: env.versions.node,
    probabilities: () => predict(floatsOf(work.check)),
    inference: (i) => step(i, BATCH),
    one: (i) => step(i, 1),
  };
});
