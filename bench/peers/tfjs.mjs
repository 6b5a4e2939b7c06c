import { join } from 'node:path';
import { loadModel } from 'cifra';
import { peer, serve } from './serve.mjs';
import { BATCH } from './sides.mjs';
import { CLASSES, floatsOf, readWork, SIZE } from './work.mjs';

await serve(async ({ folder, threads, backend, trainingBatch = BATCH }) => {
  const tf = peer('@tensorflow/tfjs');
  if (backend === 'wasm') peer('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend(backend);
  await tf.ready();

  const saved = await loadModel(join(folder, 'model.safetensors'));
  const model = tf.sequential();
  for (const layer of saved.network.toConfig().layers) model.add(layerOf(tf, layer));
  for (const layer of model.layers) {
    layer.setWeights(layer.weights.map((weight) => tf.tensor(weightOf(saved, layer, weight), weight.shape)));
  }
  model.compile({ optimizer: tf.train.adam(), loss: 'categoricalCrossentropy' });

  const work = await readWork(folder);
  const pixels = floatsOf(work.images);
  const images = tf.tensor(pixels, [work.labels.length, 28, 28, 1]);
  const targets = tf.oneHot(tf.tensor1d(work.labels, 'int32'), CLASSES).toFloat();
  const count = work.labels.length;

  async function step(i, rows) {
    const output = tf.tidy(() => model.predict(images.slice([(i * rows) % count], [rows])));
    await output.data();
    output.dispose();
    return rows;
  }
  return {
    version: tf.version.tfjs,
    // Its wasm backend starts its threads as a page does, from a blob: URL, which Node's workers do not take.
    note: threads > 1 ? 'one thread: it has no more in Node' : undefined,
    probabilities() {
      const input = tf.tensor(floatsOf(work.check), [work.check.length / SIZE, 28, 28, 1]);
      return model.predict(input, { batchSize: BATCH }).data();
    },
    async training(i) {
      const part = (tensor) => tensor.slice([(i * trainingBatch) % count], [trainingBatch]);
      const [x, y] = [part(images), part(targets)];
      await model.trainOnBatch(x, y);
      tf.dispose([x, y]);
      return trainingBatch;
    },
    inference: (i) => step(i, BATCH),
    one: (i) => step(i, 1),
  };
});

/** Cifra's layers have the options and weights of Keras's, and so have these. */
function layerOf(tf, { type, activation, kernelInitializer, biasInitializer, ...options }) {
  return tf.layers[type]({ ...options, ...(activation && { activation: activation.type }) });
}

function weightOf(saved, layer, weight) {
  const name = weight.originalName.split('/').at(-1);
  return saved.getWeights().get(`${layer.name}/${name}`);
}
