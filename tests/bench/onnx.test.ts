import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../src/engine/reference/backend.js';
import {
  activation,
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  type Layer,
  maxPooling2d,
  sequential,
} from '../../src/nn/index.js';
import { Random } from '../../src/numeric/philox.js';
import { Model } from '../../src/train/model.js';
import { readOnnx, runOnnx } from './onnxInterpreter.js';

// The ONNX file that `npm run bench:peers` gives to ONNX Runtime, read and run here by loops of the test's own.

interface Tensors {
  readonly tensors: Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;
}
const bench = new URL('../../bench/peers/', import.meta.url);
const { channelsFirst } = (await import(new URL('channelsFirst.mjs', bench).href)) as {
  channelsFirst(network: unknown, weights: ReadonlyMap<string, Float32Array>): readonly Tensors[];
};
const { onnxModel } = (await import(new URL('onnx.mjs', bench).href)) as {
  onnxModel(layers: readonly Tensors[]): Uint8Array;
};

/** A network with weights, moving averages among them, as different as training makes them. */
function modelOf(layers: readonly Layer[]): Model {
  const model = new Model(sequential(layers), () => referenceBackend());
  const random = new Random(1, 0);
  const weights = [...model.getWeights()].map(([name, values]): [string, Float32Array] => {
    const low = name.endsWith('variance') ? 0.5 : -0.7;
    return [name, values.map(() => random.uniform(low, low + 1.5))];
  });
  model.setWeights(new Map(weights));
  return model;
}

const onnxOf = (model: Model): Uint8Array => onnxModel(channelsFirst(model.network.toConfig(), model.getWeights()));

describe('the ONNX file of a network', () => {
  it('gives the probabilities that the network gives', async () => {
    await using model = modelOf([
      conv2d({ filters: 3, kernelSize: [3, 2], activation: 'relu', inputShape: [13, 12, 2] }),
      batchNormalization(),
      conv2d({ filters: 5, kernelSize: 3, strides: [1, 2], useBias: false }),
      maxPooling2d({ poolSize: 2 }),
      batchNormalization({ epsilon: 0.01 }),
      flatten(),
      batchNormalization(),
      dense({ units: 7, activation: 'relu' }),
      batchNormalization(),
      dropout({ rate: 0.2 }),
      dense({ units: 4, activation: 'softmax' }),
    ]);
    const [count, size] = [3, 13 * 12 * 2];
    const random = new Random(2, 0);
    const images = Float32Array.from({ length: count * size }, () => random.uniform());
    const { data } = await model.predict({ data: images, shape: [count, 13, 12, 2] });

    const onnx = readOnnx(onnxOf(model));
    expect(onnx.operatorSet).toBe(17);
    expect(onnx.input).toEqual({ name: 'images', shape: ['N', 2, 13, 12] });
    expect(onnx.output.shape).toEqual(['N', 4]);
    for (let i = 0; i < count; i++) {
      const image = images.subarray(i * size, (i + 1) * size);
      const outwards = Float32Array.from(image, (_, at) => image[(at % 156) * 2 + Math.floor(at / 156)]!);
      const expected = data.subarray(i * 4, (i + 1) * 4);
      runOnnx(onnx, outwards).forEach((value, j) => expect(value).toBeCloseTo(expected[j]!, 6));
    }
    expect(Math.max(...data)).toBeLessThan(0.999);
  });

  it('has every weight of the network once', () => {
    const model = modelOf([
      conv2d({ filters: 3, kernelSize: 3, inputShape: [5, 5, 1] }),
      flatten(),
      dense({ units: 2 }),
    ]);
    const { initializers } = readOnnx(onnxOf(model));
    const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b);
    for (const [name, values] of model.getWeights()) {
      expect(sorted(initializers.get(name)!.data)).toEqual(sorted(values));
    }
    expect(initializers.size).toBe(4);
  });

  it.each([
    ['type', [flatten({ inputShape: [3, 3, 1] }), activation({ activation: 'relu' })]],
    ['padding', [conv2d({ filters: 2, kernelSize: 3, padding: 'same', inputShape: [5, 5, 1] })]],
    ['scale', [batchNormalization({ scale: false, inputShape: [3, 3, 1] })]],
    ['tanh', [dense({ units: 2, activation: 'tanh', inputShape: [3] })]],
  ])('is refused where a layer is not known: %s', (what, layers) => {
    const model = modelOf(layers);
    expect(() => onnxOf(model)).toThrow(what);
  });
});
