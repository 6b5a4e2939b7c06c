import { afterAll, describe, expect, it } from 'vitest';
import type { Backend } from '../engine/backend.js';
import { referenceBackend } from '../engine/reference/backend.js';
import { wasmBackend } from '../engine/wasm/backend.js';
import {
  activation,
  averagePooling2d,
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAveragePooling2d,
  type Layer,
  maxPooling2d,
  sequential,
} from '../nn/index.js';
import { Random } from '../numeric/philox.js';
import { rows, type Tensor } from '../numeric/tensor.js';
import { Model } from '../train/model.js';
import { featureMaps, gradientSaliency, kernels, occlusion, plane, planesOf } from './index.js';

const SIDE = 12;
const inputShape = [SIDE, SIDE, 1];

/** Layers that fusion would join, in every order that it knows. */
const networks: Readonly<Record<string, readonly Layer[]>> = {
  'as the notebook': [
    conv2d({ filters: 6, kernelSize: 3, activation: 'relu', inputShape }),
    maxPooling2d(),
    batchNormalization(),
    conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }),
    batchNormalization(),
    dropout({ rate: 0.25 }),
    flatten(),
    dense({ units: 16, activation: 'tanh' }),
    batchNormalization(),
    dropout({ rate: 0.5 }),
    dense({ units: 10, activation: 'softmax' }),
  ],
  'normalization before activation': [
    conv2d({ filters: 5, kernelSize: 3, padding: 'same', useBias: false, inputShape }),
    batchNormalization(),
    activation({ activation: 'relu' }),
    conv2d({ filters: 5, kernelSize: 5, strides: 2, padding: 'same' }),
    activation({ activation: 'leakyRelu' }),
    averagePooling2d({ poolSize: 2 }),
    globalAveragePooling2d(),
    dense({ units: 10 }),
  ],
  'without convolution': [dropout({ rate: 0.5, inputShape }), flatten(), dense({ units: 10, activation: 'softmax' })],
};

const made: Model[] = [];
afterAll(async () => {
  for (const model of made) await model.dispose();
});

function modelOf(layers: readonly Layer[], makeBackend: () => Backend): Model {
  const model = new Model(sequential(layers), makeBackend, { seed: 5 });
  const random = new Random(8, 0);
  const weights = model.getWeights();
  // Statistics and biases as if it had been trained.
  for (const [name, values] of weights) {
    if (name.endsWith('/kernel')) continue;
    const low = name.endsWith('variance') || name.endsWith('gamma') ? 0.5 : -0.3;
    values.forEach((_, i) => (values[i] = random.uniform(low, low + 0.8)));
  }
  model.setWeights(weights);
  made.push(model);
  return model;
}

const onWasm = (layers: readonly Layer[]): Model => modelOf(layers, () => wasmBackend({ threads: 2 }));
const onReference = (layers: readonly Layer[]): Model => modelOf(layers, () => referenceBackend());

function someImages(count: number): Tensor<Uint8Array> {
  const random = new Random(3, 0);
  const data = Uint8Array.from({ length: count * SIDE * SIDE }, () => Math.max(0, random.uniform(-200, 255)));
  return { data, shape: [count, ...inputShape], divisor: 255 };
}

const images = someImages(3);
const one = rows(images, 0, 1);
const notebook = networks['as the notebook']!;

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return a.length === b.length ? most : Infinity;
}

describe('featureMaps', () => {
  it.each(Object.entries(networks))('agrees with the reference backend, layer by layer: %s', async (_, layers) => {
    const model = onWasm(layers);
    const maps = await featureMaps(model, images);
    const exact = await featureMaps(onReference(layers), images);
    const { layers: summary } = model.network.summaryData();
    expect(maps.map(({ layer, shape }) => ({ layer, shape }))).toEqual(
      summary.map((layer) => ({ layer, shape: [3, ...layer.outputShape] })),
    );
    maps.forEach(({ layer, data }, i) => {
      expect(largestDifference(data, exact[i]!.data), layer.name).toBeLessThan(1e-4);
    });
    expect(largestDifference(maps.at(-1)!.data, (await model.predict(images)).data)).toBeLessThan(1e-5);
  });

  it('gives range and silence, and the same whatever the number of images', async () => {
    const model = onWasm(notebook);
    const many = await featureMaps(model, someImages(70), { layers: ['conv2d', 'dense_1'] });
    const few = await featureMaps(model, images, { layers: ['dense_1', 'conv2d'] });
    expect(few.map(({ layer }) => layer.name)).toEqual(['conv2d', 'dense_1']);
    few.forEach(({ data }, i) => expect(many[i]!.data.slice(0, data.length)).toEqual(data));
    const { data, min, max, zeros } = few[0]!;
    expect([min, max]).toEqual([Math.min(...data), Math.max(...data)]);
    expect(zeros).toBe(data.filter((value) => value === 0).length / data.length);
    expect(zeros).toBeGreaterThan(0.05);
  });

  it('gives the channels of an image as pictures', async () => {
    const [map] = await featureMaps(onWasm(notebook), images, { layers: ['conv2d'] });
    const planes = planesOf(map!, 2);
    expect(planes).toMatchObject({ count: 6, height: 10, width: 10 });
    expect(plane(planes, 4)[3 * 10 + 7]).toBe(map!.data[((2 * 10 + 3) * 10 + 7) * 6 + 4]);
    const units = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] };
    expect(planesOf(units, 1)).toEqual({ data: Float32Array.of(3, 4), count: 1, height: 1, width: 2 });
  });

  it('names a layer that is not there, and images that do not fit', async () => {
    const model = onWasm(notebook);
    const wrong = featureMaps(model, images, { layers: ['conv2d_2'] });
    await expect(wrong).rejects.toMatchObject({ code: 'unknown-layer', remedy: 'Did you mean "conv2d_1"?' });
    await expect(featureMaps(model, rows(images, 0, 0))).rejects.toMatchObject({ code: 'no-images' });
    const flat = { ...images, shape: [3, SIDE * SIDE] };
    await expect(featureMaps(model, flat)).rejects.toMatchObject({ code: 'input-shape' });
  });
});

describe('kernels', () => {
  it('gives a convolution, by default the first, as pictures', () => {
    const model = onWasm(notebook);
    const first = kernels(model);
    expect(first).toMatchObject({ layer: 'conv2d', count: 6, filters: 6, channels: 1, height: 3, width: 3 });
    const second = kernels(model, 'conv2d_1');
    expect(second).toMatchObject({ count: 48, filters: 8, channels: 6 });
    const weights = model.getWeights().get('conv2d_1/kernel')!;
    const [filter, channel, row, column] = [5, 2, 1, 2];
    expect(plane(second, filter * 6 + channel)[row * 3 + column]).toBe(
      weights[((row * 3 + column) * 6 + channel) * 8 + filter],
    );
    const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    expect(second.scale).toBe(largest);
  });

  it('says where there is none', () => {
    expect(() => kernels(onWasm(notebook), 'dense')).toThrow('Layer "dense" is no convolution.');
    expect(() => kernels(onWasm(networks['without convolution']!))).toThrow('The network has no convolution.');
  });
});

describe('occlusion', () => {
  it('gives what predict loses with a square in the place', async () => {
    const model = onWasm(notebook);
    const { lost, target, probability, scale } = await occlusion(model, one, { size: 4, stride: 3, fill: 0.5 });
    expect(lost.shape).toEqual([4, 4]);
    const { data } = await model.predict(one);
    expect(probability).toBe(Math.max(...data));
    expect(target).toBe(data.indexOf(probability));
    // At (1, 3): the square's middle is on pixel (3, 9), its upper left corner on (2, 8).
    const covered = Float32Array.from(one.data, (value, i) => {
      const [row, column] = [Math.floor(i / SIDE), i % SIDE];
      return row >= 2 && row < 6 && column >= 8 ? 0.5 : value / 255;
    });
    const { data: after } = await model.predict({ data: covered, shape: one.shape });
    expect(lost.data[4 + 3]).toBeCloseTo(probability - after[target]!, 6);
    expect(scale).toBe(Math.max(...lost.data.map(Math.abs)));
  });

  it('makes probabilities of logits, for the class that is asked for', async () => {
    const model = onWasm(networks['normalization before activation']!);
    const { lost, probability, target } = await occlusion(model, one, { target: 3 });
    const { data } = await model.predict(one);
    const powers = [...data].map(Math.exp);
    expect(target).toBe(3);
    expect(probability).toBeCloseTo(powers[3]! / powers.reduce((sum, power) => sum + power), 6);
    expect(lost.shape).toEqual([SIDE, SIDE]);
  });

  it('takes one image and a class that there is', async () => {
    const model = onWasm(notebook);
    await expect(occlusion(model, images)).rejects.toMatchObject({ code: 'input-shape' });
    await expect(occlusion(model, one, { target: 10 })).rejects.toMatchObject({ code: 'target-label' });
    await expect(occlusion(model, one, { size: 0 })).rejects.toMatchObject({ code: 'option-value' });
  });
});

describe('gradientSaliency', () => {
  it.each(Object.entries(networks))('is what finite differences say: %s', async (_, layers) => {
    const model = onReference(layers);
    const pixels = Float32Array.from(one.data, (value) => value / 255);
    const { target, gradient, saliency, logit, scale } = await gradientSaliency(model, one);
    const logits = async (data: Float32Array): Promise<Float32Array> =>
      (await model.predict({ data, shape: one.shape }, { logits: true })).data;
    const before = await logits(pixels);
    expect(target).toBe(before.indexOf(Math.max(...before)));
    expect(logit).toBe(before[target]);
    const step = 2 ** -8;
    for (const at of [0, 13, 40, 65, 77, 90, 143]) {
      const [up, down] = [pixels.slice(), pixels.slice()];
      up[at]! += step;
      down[at]! -= step;
      const slope = ((await logits(up))[target]! - (await logits(down))[target]!) / (2 * step);
      expect(gradient.data[at], `pixel ${at}`).toBeCloseTo(slope, 4);
      expect(saliency.data[at]).toBe(Math.abs(gradient.data[at]!));
    }
    expect(scale).toBe(Math.max(...saliency.data));
  });

  it.each(Object.entries(networks))('agrees with the reference backend: %s', async (_, layers) => {
    const options = { target: 4, samples: 5, seed: 2 };
    const { gradient } = await gradientSaliency(onWasm(layers), one, options);
    const exact = await gradientSaliency(onReference(layers), one, options);
    expect(largestDifference(gradient.data, exact.gradient.data)).toBeLessThan(1e-4);
  });

  it('smooths over noise that the seed decides', async () => {
    const model = onWasm(notebook);
    const [plain, smooth, again, other] = [
      await gradientSaliency(model, one),
      await gradientSaliency(model, one, { samples: 70, noise: 0.2, seed: 1 }),
      await gradientSaliency(model, one, { samples: 70, noise: 0.2, seed: 1 }),
      await gradientSaliency(model, one, { samples: 70, noise: 0.2, seed: 2 }),
    ];
    expect(again.gradient.data).toEqual(smooth.gradient.data);
    expect(other.gradient.data).not.toEqual(smooth.gradient.data);
    expect(largestDifference(smooth.gradient.data, plain.gradient.data)).toBeGreaterThan(1e-3);
    const none = await gradientSaliency(model, one, { samples: 3, noise: 0 });
    expect(largestDifference(none.gradient.data, plain.gradient.data)).toBeLessThan(1e-6);
  });
});
