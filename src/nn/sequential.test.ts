import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  activation,
  type ActivationLike,
  activations,
  averagePooling2d,
  batchNormalization,
  conv2d,
  dense,
  dropout,
  flatten,
  globalAveragePooling2d,
  l2,
  type Layer,
  maxPooling2d,
  Network,
  sequential,
} from './index.js';

/** The network of the original notebook. */
const notebook = () =>
  sequential([
    conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
    batchNormalization(),
    conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
    maxPooling2d(),
    batchNormalization(),
    conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
    batchNormalization(),
    conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
    maxPooling2d(),
    flatten(),
    batchNormalization(),
    dense({ units: 512, activation: 'relu' }),
    batchNormalization(),
    dropout({ rate: 0.2 }),
    dense({ units: 10, activation: 'softmax' }),
  ]);

describe('the notebook network', () => {
  it('has the parameters, shapes and multiply-adds it had there', () => {
    const data = notebook().summaryData();
    expect(data).toMatchObject({
      name: 'sequential',
      inputShape: [28, 28, 1],
      parameters: 601_578,
      trainable: 598_250,
      nonTrainable: 3_328,
      multiplyAdds: 10_235_008,
    });
    expect(
      data.layers.map(({ name, type, outputShape, parameters }) => [name, type, outputShape.join('x'), parameters]),
    ).toEqual([
      ['conv2d', 'Conv2D', '26x26x32', 320],
      ['batch_normalization', 'BatchNormalization', '26x26x32', 128],
      ['conv2d_1', 'Conv2D', '24x24x32', 9_248],
      ['max_pooling2d', 'MaxPooling2D', '12x12x32', 0],
      ['batch_normalization_1', 'BatchNormalization', '12x12x32', 128],
      ['conv2d_2', 'Conv2D', '10x10x64', 18_496],
      ['batch_normalization_2', 'BatchNormalization', '10x10x64', 256],
      ['conv2d_3', 'Conv2D', '8x8x64', 36_928],
      ['max_pooling2d_1', 'MaxPooling2D', '4x4x64', 0],
      ['flatten', 'Flatten', '1024', 0],
      ['batch_normalization_3', 'BatchNormalization', '1024', 4_096],
      ['dense', 'Dense', '512', 524_800],
      ['batch_normalization_4', 'BatchNormalization', '512', 2_048],
      ['dropout', 'Dropout', '512', 0],
      ['dense_1', 'Dense', '10', 5_130],
    ]);
    expect(data.layers.reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0)).toBe(data.multiplyAdds);
  });

  it('freezing a layer moves its parameters to the ones not trained', () => {
    const network = sequential([
      dense({ units: 5, inputShape: [3], trainable: false }),
      batchNormalization(),
      dense({ units: 2 }),
    ]);
    expect(network.countParams()).toEqual({ total: 20 + 20 + 12, trainable: 10 + 12, nonTrainable: 20 + 10 });
  });
});

describe('summary', () => {
  it('is the table Keras prints, with multiply-adds', () => {
    const network = sequential(
      [
        conv2d({ filters: 32, kernelSize: 3, inputShape: [28, 28, 1] }),
        batchNormalization(),
        globalAveragePooling2d({ name: 'mean' }),
        dense({ units: 10 }),
      ],
      { name: 'small' },
    );
    expect(network.summary()).toBe(
      `
Model: "small"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)             ┃ Output Shape       ┃ Param # ┃ Multiply-adds ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ conv2d (Conv2D)          │ (None, 26, 26, 32) │     320 │       194,688 │
├──────────────────────────┼────────────────────┼─────────┼───────────────┤
│ batch_normalization      │ (None, 26, 26, 32) │     128 │             0 │
│ (BatchNormalization)     │                    │         │               │
├──────────────────────────┼────────────────────┼─────────┼───────────────┤
│ mean                     │ (None, 32)         │       0 │             0 │
│ (GlobalAveragePooling2D) │                    │         │               │
├──────────────────────────┼────────────────────┼─────────┼───────────────┤
│ dense (Dense)            │ (None, 10)         │     330 │           320 │
└──────────────────────────┴────────────────────┴─────────┴───────────────┘
 Total params: 778 (3.04 KB)
 Trainable params: 714 (2.79 KB)
 Non-trainable params: 64 (256.00 B)
 Multiply-adds: 195,008 for each input`.slice(1),
    );
  });

  it('of the notebook network fits into 80 columns', () => {
    const lines = notebook().summary().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.slice(-4)).toEqual([
      ' Total params: 601,578 (2.29 MB)',
      ' Trainable params: 598,250 (2.28 MB)',
      ' Non-trainable params: 3,328 (13.00 KB)',
      ' Multiply-adds: 10,235,008 for each input',
    ]);
  });
});

describe('names', () => {
  it('are those given, and others keep out of their way', () => {
    const network = sequential([
      dense({ units: 1, inputShape: [1] }),
      dense({ units: 1, name: 'dense_1' }),
      dense({ units: 1 }),
      activation({ activation: 'relu', name: 'mine' }),
      dense({ units: 1 }),
    ]);
    expect(network.layers.map(({ name }) => name)).toEqual(['dense', 'dense_1', 'dense_2', 'mine', 'dense_3']);
    expect(network.weights[2]).toMatchObject({ name: 'dense_1/kernel', layer: 'dense_1', shape: [1, 1] });
  });

  it('must differ', () => {
    const twice = [flatten({ name: 'a', inputShape: [1] }), flatten({ name: 'a' })];
    expect(() => sequential(twice)).toThrow('Two layers are called "a".\n  Give every layer its own name.');
  });
});

describe('layers that do not fit', () => {
  it('are named, with their place and both shapes', () => {
    expect(() => sequential([maxPooling2d({ inputShape: [28, 28, 3] }), dense({ units: 10, name: 'out' })])).toThrow(
      'Layer "out" (Dense, number 2 of 2) does not fit: it takes [features], but its input has shape [14, 14, 3].\n' +
        '  Put flatten() before it, which makes [588] of that, or globalAveragePooling2d().',
    );
    const tower: Layer[] = Array.from({ length: 6 }, () => maxPooling2d());
    expect(() => sequential([flatten({ inputShape: [4] }), ...tower])).toThrow(
      'Layer "max_pooling2d" (MaxPooling2D, number 2 of 7) does not fit: it takes images [height, width, channels], ' +
        'but its input has shape [4].',
    );
    expect(() => sequential([activation({ activation: 'relu', inputShape: [28, 28, 1] }), ...tower])).toThrow(
      'Layer "max_pooling2d_4" (MaxPooling2D, number 6 of 7) does not fit: ' +
        'its window of 2x2 does not fit into the input of 1x1 (shape [1, 1, 1])',
    );
  });

  it('an inputShape further on must be the one that comes', () => {
    const first = dense({ units: 3, inputShape: [2] });
    expect(sequential([first, dense({ units: 1, inputShape: [3] })]).outputShape).toEqual([1]);
    expect(() => sequential([first, dense({ units: 1, inputShape: [4] })])).toThrow(
      'Layer "dense_1" (Dense, number 2 of 2) does not fit: its inputShape is [4], but its input has shape [3].',
    );
  });

  it('neither do things that are no layers', () => {
    expect(() => sequential([])).toThrow('sequential needs a list of layers, but was given [].');
    expect(() => sequential([flatten as never])).toThrow(
      'is no layer, but the function flatten.\n  Call it: flatten({',
    );
    expect(() => sequential(['flatten' as never])).toThrow('Make layers with conv2d, dense and so on.');
    expect(() => sequential([flatten()])).toThrow('The first layer (Flatten) has no inputShape.');
    expect(() => sequential([flatten({ inputShape: [3, 0] })])).toThrow(
      'the option "inputShape" must be a list of whole numbers >= 1 without the batch axis',
    );
  });
});

describe('initialWeights', () => {
  const network = () =>
    sequential([
      dense({ units: 6, inputShape: [5], kernelInitializer: 'heNormal' }),
      batchNormalization(),
      dense({ units: 4, biasInitializer: { type: 'constant', value: 0.5 } }),
    ]);

  it('gives every weight its values', () => {
    const weights = network().initialWeights(3);
    expect([...weights.keys()]).toEqual(network().weights.map(({ name }) => name));
    for (const { name, shape } of network().weights) {
      expect(weights.get(name)).toHaveLength(shape.reduce((product, size) => product * size, 1));
    }
    expect(weights.get('dense_1/bias')).toEqual(Float32Array.of(0.5, 0.5, 0.5, 0.5));
    expect(weights.get('batch_normalization/moving_variance')).toEqual(new Float32Array(6).fill(1));
    expect(new Set(weights.get('dense/kernel')).size).toBe(30);
  });

  it('are the same for the same seed and others for another, above 2^32, too', () => {
    const kernel = (seed: number) => network().initialWeights(seed).get('dense/kernel');
    expect(kernel(7)).toEqual(kernel(7));
    expect(kernel(7)).not.toEqual(kernel(8));
    expect(kernel(7)).not.toEqual(kernel(7 + 2 ** 32));
  });

  it('of a weight do not depend on the layers around it', () => {
    const before = network().initialWeights(1);
    const after = sequential([
      dropout({ rate: 0.5, inputShape: [5] }),
      batchNormalization({ name: 'another' }),
      dense({ units: 6, kernelInitializer: 'heNormal' }),
      dense({ units: 4 }),
      dense({ units: 4 }),
    ]).initialWeights(1);
    expect(after.get('dense/kernel')).toEqual(before.get('dense/kernel'));
    expect(after.get('dense_1/kernel')).toEqual(before.get('dense_1/kernel'));
    expect(after.get('dense_2/kernel')).not.toEqual(after.get('dense_1/kernel')!.subarray(0, 16));
  });

  it.each([-1, 1.5, 2 ** 53, NaN, '7'])('refuses the seed %j', (seed) => {
    expect(() => network().initialWeights(seed as number)).toThrow(
      'The seed must be a whole number from 0 to 2^53 - 1',
    );
  });
});

describe('configurations', () => {
  const again = (network: Network) => Network.fromConfig(JSON.parse(JSON.stringify(network.toConfig())));

  it('bring the notebook network back, weights bit for bit', () => {
    expect(again(notebook()).toConfig()).toEqual(notebook().toConfig());
    expect(again(notebook()).summary()).toBe(notebook().summary());
    expect(again(notebook()).initialWeights(5)).toEqual(notebook().initialWeights(5));
  });

  it('bring any network back', () => {
    const size = fc.integer({ min: 1, max: 3 });
    const layer: fc.Arbitrary<Layer> = fc.oneof(
      fc
        .record({
          filters: size,
          kernelSize: fc.oneof(size, fc.tuple(size, size)),
          padding: fc.constant('same' as const),
          activation: fc.constantFrom<ActivationLike[]>('elu', 'tanh', activations.leakyRelu({ alpha: 0.5 })),
          useBias: fc.boolean(),
          kernelRegularizer: fc.constant(l2(0.125)),
          trainable: fc.boolean(),
        })
        .map(conv2d),
      fc.record({ momentum: fc.constantFrom(0.5, 0.9), center: fc.boolean() }).map(batchNormalization),
      fc.record({ poolSize: size, padding: fc.constantFrom('same' as const) }).map(averagePooling2d),
      fc.constantFrom(0, 0.25).map((rate) => dropout({ rate })),
    );
    fc.assert(
      fc.property(fc.array(layer, { maxLength: 6 }), (layers) => {
        const network = sequential([
          activation({ activation: 'linear', inputShape: [9, 7, 2] }),
          ...layers,
          flatten({ name: 'all' }),
        ]);
        expect(again(network).toConfig()).toEqual(network.toConfig());
        expect(again(network).summaryData()).toEqual(network.summaryData());
        expect(again(network).initialWeights(1)).toEqual(network.initialWeights(1));
      }),
      { numRuns: 30 },
    );
  });

  it('that are none say why', () => {
    const config = notebook().toConfig();
    const reading = (value: unknown) => () => Network.fromConfig(value);
    expect(reading(null)).toThrow('its type must be "sequential", but is undefined');
    expect(reading({ ...config, type: 'functional' })).toThrow('its type must be "sequential", but is "functional"');
    expect(reading({ ...config, version: 2 })).toThrow('it has format version 2, but this version of Cifra reads 1');
    expect(reading({ ...config, name: '' })).toThrow('The configuration of the network: the option "name" must be');
    expect(reading({ ...config, layers: 3 })).toThrow('its layers must be a list, but are 3');
    expect(reading({ ...config, layers: [{}] })).toThrow('number 1 of its layers must be an object with a type');
    expect(reading({ ...config, layers: [{ type: 'conv3d' }] })).toThrow(
      'number 1 of its layers has the unknown type "conv3d".\n  Did you mean "conv2d"? Known are: conv2d, dense,',
    );
    expect(reading({ ...config, layers: [{ type: 'toString' }] })).toThrow('the unknown type "toString"');
    expect(reading({ ...config, layers: [{ type: 'dense', name: 'out', units: '10' }] })).toThrow(
      'Layer "out" (dense): the option "units" must be a whole number >= 1, but is "10".',
    );
  });
});
