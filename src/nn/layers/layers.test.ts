import { describe, expect, it } from 'vitest';
import { ProgramBuilder } from '../../engine/program/builder.js';
import { activations } from '../activations.js';
import { l2 } from '../regularizers.js';
import { activation } from './activation.js';
import { averagePooling2d } from './averagePooling2d.js';
import { batchNormalization } from './batchNormalization.js';
import { conv2d } from './conv2d.js';
import { dense } from './dense.js';
import { dropout } from './dropout.js';
import { flatten } from './flatten.js';
import { globalAveragePooling2d } from './globalAveragePooling2d.js';
import { layerTypes } from './index.js';
import type { Layer } from './layer.js';
import { maxPooling2d } from './maxPooling2d.js';

/** Layers of every type, each with an input and what must come of it. */
const cases: [description: string, layer: Layer, input: number[], output: number[], weights: object][] = [
  ['conv2d', conv2d({ filters: 8, kernelSize: 3 }), [28, 28, 1], [26, 26, 8], { kernel: [3, 3, 1, 8], bias: [8] }],
  [
    'conv2d, same, strides, uneven kernel, no bias',
    conv2d({ filters: 4, kernelSize: [5, 2], strides: 2, padding: 'same', useBias: false }),
    [11, 12, 3],
    [6, 6, 4],
    { kernel: [5, 2, 3, 4] },
  ],
  ['dense', dense({ units: 10 }), [33], [10], { kernel: [33, 10], bias: [10] }],
  [
    'batchNormalization of images',
    batchNormalization(),
    [6, 5, 7],
    [6, 5, 7],
    { gamma: [7], beta: [7], moving_mean: [7], moving_variance: [7] },
  ],
  [
    'batchNormalization without gamma and beta',
    batchNormalization({ center: false, scale: false }),
    [9],
    [9],
    { moving_mean: [9], moving_variance: [9] },
  ],
  ['maxPooling2d drops what fills no window', maxPooling2d(), [7, 9, 5], [3, 4, 5], {}],
  ['maxPooling2d, overlapping', maxPooling2d({ poolSize: 3, strides: 1 }), [7, 9, 5], [5, 7, 5], {}],
  ['averagePooling2d, same', averagePooling2d({ poolSize: [2, 3], padding: 'same' }), [7, 9, 5], [4, 3, 5], {}],
  ['globalAveragePooling2d', globalAveragePooling2d(), [7, 9, 5], [5], {}],
  ['flatten', flatten(), [4, 4, 64], [1024], {}],
  ['dropout', dropout({ rate: 0.2 }), [3, 4], [3, 4], {}],
  ['activation', activation({ activation: 'relu' }), [3, 4], [3, 4], {}],
];

/** The layer's ops in a program of their own. */
function apply(layer: Layer, inputShape: number[], training: boolean) {
  const builder = new ProgramBuilder(2);
  const weights = new Map(layer.weights(inputShape).map(({ name, shape }) => [name, builder.state(name, shape)]));
  const output = layer.apply({
    builder,
    input: builder.input('x', inputShape, 'f32', true),
    training,
    weight: (name) => weights.get(name)!,
    movingAverage: (name, value, momentum) =>
      void builder.emit('updateMovingAverage', [weights.get(name)!, value], { momentum }),
    random: () => ({ words: builder.input('random', [3], 'u32', false), stream: 5 }),
  });
  return { output, ops: builder.build().ops };
}

describe('every layer', () => {
  it('is tested here', () => {
    expect(new Set(cases.map(([, layer]) => layer.type))).toEqual(new Set(Object.keys(layerTypes)));
  });

  it.each(cases)('%s: shapes and weights', (_, layer, input, output, weights) => {
    expect(layer.outputShape(input)).toEqual(output);
    expect(Object.fromEntries(layer.weights(input).map(({ name, shape }) => [name, shape]))).toEqual(weights);
  });

  it.each(cases)('%s: its ops give the shape it says, in training and after', (_, layer, input, output) => {
    for (const training of [true, false]) {
      expect(apply(layer, input, training).output).toMatchObject({ shape: [2, ...output], batched: true });
    }
  });

  it.each(cases)('%s: comes back from its configuration', (_, layer, input) => {
    const { type, ...options } = JSON.parse(JSON.stringify(layer.config)) as { type: string };
    const again = layerTypes[type]!(options);
    expect(again.config).toEqual(layer.config);
    expect(again.outputShape(input)).toEqual(layer.outputShape(input));
    expect(again.weights(input).map(({ name, initializer }) => [name, initializer.config])).toEqual(
      layer.weights(input).map(({ name, initializer }) => [name, initializer.config]),
    );
  });

  it.each(Object.keys(layerTypes))('%s refuses an option it has not, by name', (type) => {
    expect(() => layerTypes[type]!({ name: 'mine', trainabel: false })).toThrow(
      `Layer "mine" (${type}): there is no option "trainabel".\n  Did you mean "trainable"?`,
    );
  });
});

describe('initial values', () => {
  it('are Keras defaults', () => {
    const types = (layer: Layer, input: number[]) =>
      Object.fromEntries(
        layer
          .weights(input)
          .map(({ name, initializer, trainable }) => [
            name,
            `${initializer.config.type}${trainable ? '' : ', not trained'}`,
          ]),
      );
    expect(types(conv2d({ filters: 1, kernelSize: 1 }), [1, 1, 1])).toEqual({ kernel: 'glorotUniform', bias: 'zeros' });
    expect(types(dense({ units: 1 }), [1])).toEqual({ kernel: 'glorotUniform', bias: 'zeros' });
    expect(types(batchNormalization(), [1])).toEqual({
      gamma: 'ones',
      beta: 'zeros',
      moving_mean: 'zeros, not trained',
      moving_variance: 'ones, not trained',
    });
  });

  it('are those given by name, by function or by configuration', () => {
    const layer = dense({
      units: 3,
      kernelInitializer: { type: 'constant', value: 2 },
      biasInitializer: 'ones',
      kernelRegularizer: l2(0.5),
      biasRegularizer: 'l2',
    });
    const [kernel, bias] = layer.weights([4]);
    expect(kernel?.initializer.config).toEqual({ type: 'constant', value: 2 });
    expect(bias?.initializer.config).toEqual({ type: 'ones' });
    expect(kernel?.regularizer?.config).toEqual({ type: 'l2', l2: 0.5 });
    expect(bias?.regularizer?.config).toEqual({ type: 'l2', l2: 0.01 });
  });
});

describe('multiplyAdds', () => {
  it('counts convolutions and matrix products', () => {
    expect(conv2d({ filters: 64, kernelSize: 3 }).multiplyAdds([12, 12, 32])).toBe(10 * 10 * 64 * 9 * 32);
    expect(conv2d({ filters: 5, kernelSize: [1, 3], strides: [2, 1], padding: 'same' }).multiplyAdds([7, 4, 3])).toBe(
      4 * 4 * 5 * 3 * 3,
    );
    expect(dense({ units: 512 }).multiplyAdds([1024])).toBe(524288);
    expect(maxPooling2d().multiplyAdds([8, 8, 3])).toBe(0);
  });
});

describe('batchNormalization', () => {
  const names = (layer: Layer, training: boolean) => apply(layer, [4, 4, 3], training).ops.map(({ name }) => name);

  it('moves its averages in training only', () => {
    expect(names(batchNormalization(), true)).toEqual([
      'batchNormalization',
      'updateMovingAverage',
      'updateMovingAverage',
    ]);
    expect(names(batchNormalization(), false)).toEqual(['batchNormalizationInference']);
  });

  it('uses its averages in training, too, when it is frozen (as Keras)', () => {
    expect(names(batchNormalization({ trainable: false }), true)).toEqual(['batchNormalizationInference']);
  });

  it('passes momentum and epsilon on, and keeps mean and variance apart', () => {
    const { ops } = apply(batchNormalization({ momentum: 0.5, epsilon: 0.25 }), [3], true);
    expect(ops.map(({ attributes }) => attributes)).toEqual([{ epsilon: 0.25 }, { momentum: 0.5 }, { momentum: 0.5 }]);
    const [normalize, mean, variance] = ops;
    expect(mean?.inputs.map(({ id }) => id)).toEqual([mean?.inputs[0]?.id, normalize?.outputs[1]?.id]);
    expect([mean?.inputs[0]?.name, variance?.inputs[0]?.name]).toEqual(['moving_mean', 'moving_variance']);
    expect(variance?.inputs[1]).toBe(normalize?.outputs[2]);
  });
});

describe('dropout', () => {
  it('is there in training only, and not at rate 0', () => {
    expect(apply(dropout({ rate: 0.25 }), [3], true).ops).toMatchObject([
      { name: 'dropout', attributes: { rate: 0.25, stream: 5 } },
    ]);
    expect(apply(dropout({ rate: 0.25 }), [3], false).ops).toEqual([]);
    expect(apply(dropout({ rate: 0 }), [3], true).ops).toEqual([]);
  });

  it.each([1, -0.1, NaN, '0.2'])('refuses a rate of %j', (rate) => {
    expect(() => dropout({ rate: rate as number })).toThrow(
      'Layer dropout: the option "rate" must be a number >= 0 and < 1',
    );
  });
});

describe('activations', () => {
  it('are given by name, with options, or as a configuration', () => {
    const attributes = (given: Parameters<typeof activation>[0]['activation']) => {
      const builder = new ProgramBuilder(2);
      activation({ activation: given }).activation!.apply(builder, builder.input('x', [3], 'f32', true));
      return builder.build().ops.map((op) => [op.name, op.attributes]);
    };
    expect(attributes('relu')).toEqual([['activation', { kind: 'relu' }]]);
    expect(attributes('leakyRelu')).toEqual([['activation', { kind: 'leakyRelu', alpha: 0.2 }]]);
    expect(attributes(activations.leakyRelu({ alpha: 0.1 }))).toEqual([
      ['activation', { kind: 'leakyRelu', alpha: 0.1 }],
    ]);
    expect(attributes({ type: 'elu', alpha: 2 })).toEqual([['activation', { kind: 'elu', alpha: 2 }]]);
    expect(attributes('softmax')).toEqual([['softmax', {}]]);
    expect(attributes('linear')).toEqual([]);
  });

  it('a wrong name gets the nearest', () => {
    expect(() => dense({ units: 3, activation: 'sofmax' as 'softmax' })).toThrow('Did you mean "softmax"?');
  });
});
