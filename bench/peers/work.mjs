// What all sides are given, as files: a network trained for some steps (so that its moving averages are not those of a new
// one) and images.
import { Buffer } from 'node:buffer';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { normalize, recipeFrom, recipeModel, recipes, saveModel, syntheticDigits, wasmBackend } from 'cifra';
import { channelsFirst } from './channelsFirst.mjs';
import { onnxModel } from './onnx.mjs';
import { BATCH } from './sides.mjs';

const BATCHES = 8;
const EPOCHS = 3;
export const SIZE = 28 * 28;
export const CLASSES = 10;

export function seedModel(options) {
  return recipeModel(recipeFrom(recipes.seed), () => wasmBackend(options), 1);
}

/**
 * Writes the files into a folder:
 *
 *   images, labels               bytes, for training and timing
 *   check                        as many digits as a batch has, and as many images of noise: what probabilities are compared on
 *   model.safetensors            the network, as Cifra keeps it
 *   network.json, network.bin    its layers and weights, channels first, for PyTorch
 *   network.onnx
 *
 * @returns Cifra's strict probabilities of the images in `check`, and the number of the network's parameters
 */
export async function writeWork(folder, threads) {
  const digits = syntheticDigits({ count: BATCH * BATCHES, seed: 1 });
  const others = syntheticDigits({ count: BATCH, seed: 2 }).images.data;
  const check = Buffer.concat([others, noise(BATCH * SIZE)]);

  const model = seedModel({ threads });
  await model.fit(normalize(digits.images), digits.labels, { batchSize: BATCH, epochs: EPOCHS });
  const { data: probabilities } = await model.predict(imagesOf(check));
  const file = (name, bytes) => writeFile(join(folder, name), bytes);
  await file('images', digits.images.data);
  await file('labels', digits.labels);
  await file('check', check);
  await saveModel(model, join(folder, 'model.safetensors'));
  await model.dispose();

  const layers = channelsFirst(model.network.toConfig(), model.getWeights());
  await file('network.onnx', onnxModel(layers));
  const arrays = [];
  let offset = 0;
  const place = ({ shape, data }) => {
    arrays.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    offset += data.length;
    return { shape, offset: offset - data.length };
  };
  const placed = ([name, values]) => [name, place(values)];
  const description = layers.map((layer) => ({
    ...layer,
    tensors: Object.fromEntries(Object.entries(layer.tensors).map(placed)),
  }));
  await file('network.json', JSON.stringify(description));
  await file('network.bin', Buffer.concat(arrays));
  return { probabilities, parameters: offset };
}

/** Bytes that look random, the same every time. */
function noise(count) {
  let state = 1;
  return Uint8Array.from({ length: count }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24);
}

/** Images in bytes as Cifra takes them. */
export function imagesOf(bytes) {
  return normalize({ data: new Uint8Array(bytes), shape: [bytes.length / SIZE, 28, 28, 1] });
}

export async function readWork(folder) {
  const read = async (name) => new Uint8Array(await readFile(join(folder, name)));
  return { images: await read('images'), labels: await read('labels'), check: await read('check') };
}

/** Bytes as the floats that other packages take. */
export function floatsOf(bytes) {
  return Float32Array.from(bytes, (byte) => byte / 255);
}
