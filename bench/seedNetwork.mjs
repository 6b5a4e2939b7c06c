// The network of the original notebook, networks like it, and images to go through them.
import {
  accuracy,
  adam,
  batchNormalization,
  categoricalCrossentropy,
  conv2d,
  dense,
  dropout,
  flatten,
  maxPooling2d,
  Network,
  normalize,
  oneHot,
  predictionProgram,
  recipeFrom,
  recipeModel,
  recipes,
  rows,
  sequential,
  trainingProgram,
  wasmBackend,
} from 'cifra';

export const BATCH = 128;

export const recipe = recipeFrom(recipes.seed);
const network = Network.fromConfig(recipe.network);

/** What the weights learn in a window must not change the next one's work: they stay about where they begin. */
const training = {
  optimizer: adam({ learningRate: 1e-6 }),
  loss: categoricalCrossentropy(),
  metrics: [accuracy()],
};

/** @param backend the options of `wasmBackend` */
export function seedModel(backend) {
  const model = recipeModel(recipe, () => wasmBackend(backend), 1);
  model.compile(training);
  return model;
}

/**
 * The seed network with other sizes: `width` times as many filters, so many `convolutions` in all (2, 4, 6, ...; those
 * that the seed has not keep height and width), images of another `side`. With `padding: 'same'` all convolutions keep
 * them: the seed's own shrink small images to nothing.
 */
export function likeSeed(threads, { width = 1, convolutions = 4, side = 28, padding = 'valid' }) {
  const layers = [];
  for (const filters of [32, 64]) {
    for (let i = 0; i < convolutions / 2; i++) {
      if (i > 0) layers.push(batchNormalization());
      layers.push(
        conv2d({
          filters: filters * width,
          kernelSize: 3,
          activation: 'relu',
          padding: i < 2 ? padding : 'same',
          ...(layers.length === 0 && { inputShape: [side, side, 1] }),
        }),
      );
    }
    layers.push(maxPooling2d({ poolSize: 2 }));
    if (filters === 64) layers.push(flatten());
    layers.push(batchNormalization());
  }
  layers.push(dense({ units: 512, activation: 'relu' }), batchNormalization(), dropout({ rate: 0.2 }));
  layers.push(dense({ units: 10, activation: 'softmax' }));
  const model = sequential(layers, { threads, seed: 1 });
  model.compile(training);
  return model;
}

/** Images of noise with labels at random, always the same: what they show changes nothing in how long they take. */
export function noise(count, side = 28) {
  const images = new Uint8Array(count * side * side);
  for (let i = 0; i < images.length; i++) images[i] = byte(i);
  return { images, labels: Uint8Array.from({ length: count }, (_, i) => byte(i) % 10), side };
}

/** As a model takes them. */
export function inputsOf({ images, labels, side }) {
  return [normalize({ data: images, shape: [labels.length, side, side, 1] }), oneHot(labels)];
}

const images = { dtype: 'u8', divisor: 255 };

/** The seed network's steps as programs, as `fit` and `predict` compile them for images such as these. */
export const programs = {
  training: (capacity = BATCH) => trainingProgram(network, { capacity, images, ...training }),
  inference: (capacity = BATCH) => predictionProgram(network, { capacity, images }),
};

/** First weights, and everything else that a program of these is given. */
export function fill(executable) {
  const [x, y] = inputsOf(noise(BATCH));
  const inputs = { images: x.data, targets: y.data, scalars: training.optimizer.scalars(0), random: [1, 0, 0] };
  for (const [name, values] of network.initialWeights(1)) executable.writeState(name, values);
  for (const { role, name } of executable.program.tensors) {
    if (role === 'input') executable.input(name).set(inputs[name]);
  }
}

/** Trains on the first so many images. */
export async function train(model, [x, y], images, batch) {
  await model.fit(rows(x, 0, images), rows(y, 0, images), { batchSize: batch, shuffle: false });
}

/** Reads the first so many images. */
export async function infer(model, [x], images, batch) {
  await model.predict(rows(x, 0, images), { batchSize: batch });
}

/** A hash of i. */
function byte(i) {
  const mixed = Math.imul(i ^ (i >>> 16), 0x9e3779b1);
  return Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 24;
}
