import { describe, expect, it } from 'vitest';
import { ops } from '../engine/program/ops/index.js';
import type { OpDefinition, OpName, Program } from '../engine/program/types.js';
import {
  accuracy,
  adam,
  batchNormalization,
  categoricalCrossentropy,
  conv2d,
  dense,
  dropout,
  evaluationProgram,
  flatten,
  globalAveragePooling2d,
  l2,
  lossFrom,
  maxPooling2d,
  metricsFrom,
  type Network,
  predictionProgram,
  sequential,
  sgd,
  sparseCategoricalCrossentropy,
  statisticsNames,
  statisticsOutput,
  statisticsProgram,
  trainingProgram,
  type TrainingProgramOptions,
} from './index.js';

const small = (): Network =>
  sequential([
    conv2d({ filters: 4, kernelSize: 3, activation: 'relu', kernelRegularizer: l2(0.5), inputShape: [8, 8, 1] }),
    batchNormalization(),
    maxPooling2d(),
    flatten(),
    dropout({ rate: 0.5 }),
    dense({ units: 6, activation: 'tanh' }),
    dropout({ rate: 0.25 }),
    dense({ units: 3, activation: 'softmax' }),
  ]);

const options: TrainingProgramOptions = {
  capacity: 5,
  images: { dtype: 'u8', divisor: 255 },
  loss: categoricalCrossentropy({ labelSmoothing: 0.125 }),
  metrics: [accuracy()],
  optimizer: adam(),
};

const named = (program: Program, role: string) =>
  Object.fromEntries(
    program.tensors
      .filter((tensor) => tensor.role === role)
      .map((tensor) => [tensor.name, `${tensor.dtype} ${tensor.shape.join('x')}${tensor.batched ? ' batched' : ''}`]),
  );
const opNames = (program: Program) => program.ops.map(({ name }) => name);
const only = (program: Program, name: OpName) => program.ops.filter((op) => op.name === name);

describe('statisticsProgram', () => {
  it('gives what moving averages are kept of, and changes nothing', () => {
    const program = statisticsProgram(small(), { capacity: 5, images: { dtype: 'u8', divisor: 255 } });
    expect(named(program, 'input')).toEqual({ images: 'u8 5x8x8x1 batched', random: 'u32 3' });
    const names = ['batch_normalization/moving_mean', 'batch_normalization/moving_variance'];
    expect(statisticsNames(small())).toEqual(names);
    expect([...program.outputs.keys()]).toEqual(names.map(statisticsOutput));
    expect(program.ops.filter(({ name, attributes }) => ops[name].updates?.(attributes as never))).toEqual([]);
  });

  it('leaves frozen statistics alone', () => {
    const network = sequential([batchNormalization({ trainable: false, inputShape: [2, 2, 1] }), flatten()]);
    expect(statisticsNames(network)).toEqual([]);
  });
});

describe('trainingProgram', () => {
  it('has the inputs, states and outputs it promises', () => {
    const program = trainingProgram(small(), { ...options, exposeGradients: true });
    expect(named(program, 'input')).toEqual({
      images: 'u8 5x8x8x1 batched',
      targets: 'f32 5x3 batched',
      random: 'u32 3',
      scalars: 'f32 2',
    });
    const trainable = small().weights.filter((weight) => weight.trainable);
    expect(Object.keys(named(program, 'state')).sort()).toEqual(
      [
        ...small().weights.map(({ name }) => name),
        ...trainable.flatMap(({ name }) => [`optimizer/m/${name}`, `optimizer/v/${name}`]),
      ].sort(),
    );
    expect(named(program, 'state')['optimizer/m/conv2d/kernel']).toBe('f32 3x3x1x4');
    expect([...program.outputs.keys()].sort()).toEqual(
      ['loss', 'correct', ...trainable.map(({ name }) => `gradient/${name}`)].sort(),
    );
    expect(program.outputs.get('loss')?.shape).toEqual([1]);
    expect(program.outputs.get('gradient/dense/kernel')?.shape).toEqual([36, 6]);
  });

  it('takes the loss on logits: no softmax is computed or differentiated', () => {
    const program = trainingProgram(small(), options);
    expect(opNames(program)).not.toContain('softmax');
    expect(only(program, 'softmaxCrossEntropy')).toMatchObject([{ attributes: { labelSmoothing: 0.125 } }]);
  });

  it('gives every dropout a stream of its own', () => {
    const streams = only(trainingProgram(small(), options), 'dropout').map(({ attributes }) => attributes);
    expect(streams).toEqual([
      { rate: 0.5, stream: 0 },
      { rate: 0.25, stream: 1 },
      { rate: 0.25, stream: 1 },
      { rate: 0.5, stream: 0 },
    ]);
  });

  it('updates weights after the last op that reads them', () => {
    const program = trainingProgram(small(), { ...options, optimizer: sgd() });
    const firstUpdate = opNames(program).indexOf('sgd');
    expect(new Set(opNames(program).slice(firstUpdate))).toEqual(new Set(['sgd']));
    expect(only(program, 'sgd')).toHaveLength(8);
    expect(only(program, 'sgd')[0]?.label).toBe('conv2d');
  });

  it('takes the weights into their averages after the last update', () => {
    const program = trainingProgram(small(), { ...options, optimizer: sgd({ useEma: true, emaMomentum: 0.5 }) });
    const first = opNames(program).lastIndexOf('sgd') + 1;
    const averages = program.ops.slice(first);
    expect(averages.map(({ name }) => name)).toEqual(Array(8).fill('updateMovingAverage'));
    expect(averages[0]).toMatchObject({ label: 'conv2d', attributes: { momentum: 0.5 } });
    expect(averages[0]?.inputs.map(({ name }) => name)).toEqual(['optimizer/average/conv2d/kernel', 'conv2d/kernel']);
  });

  it('adds the penalties to the loss', () => {
    const penalties = only(trainingProgram(small(), options), 'sumSquares');
    expect(penalties).toMatchObject([{ attributes: { factor: 0.5 }, label: 'conv2d' }]);
    expect(only(evaluationProgram(small(), options), 'sumSquares')).toHaveLength(1);
  });

  it('labels every op with its layer', () => {
    const layers = small().layers.map(({ name }) => name);
    const labels = new Set(trainingProgram(small(), options).ops.map(({ label }) => label));
    labels.delete('max_pooling2d');
    expect([...labels].filter((label) => !layers.includes(label))).toEqual(['images', 'loss', 'correct']);
  });

  it('leaves frozen layers alone: no gradient, no slots, no penalty, no moving averages', () => {
    const network = sequential([
      conv2d({ filters: 2, kernelSize: 3, kernelRegularizer: 'l2', trainable: false, inputShape: [5, 5, 1] }),
      batchNormalization({ trainable: false }),
      globalAveragePooling2d(),
      dense({ units: 2, activation: 'softmax' }),
    ]);
    const program = trainingProgram(network, options);
    expect(Object.keys(named(program, 'state')).filter((name) => name.startsWith('optimizer'))).toEqual([
      'optimizer/m/dense/kernel',
      'optimizer/v/dense/kernel',
      'optimizer/m/dense/bias',
      'optimizer/v/dense/bias',
    ]);
    for (const absent of ['conv2dKernelGradient', 'updateMovingAverage', 'batchNormalization', 'sumSquares']) {
      expect(opNames(program)).not.toContain(absent);
    }
  });

  it('passes gradients through a frozen layer to those before it', () => {
    const network = sequential([
      dense({ units: 4, inputShape: [3] }),
      batchNormalization({ trainable: false }),
      dense({ units: 2, activation: 'softmax', trainable: false }),
    ]);
    const program = trainingProgram(network, { ...options, exposeGradients: true });
    expect([...program.outputs.keys()]).toEqual(['loss', 'correct', 'gradient/dense/kernel', 'gradient/dense/bias']);
    expect(opNames(program)).toContain('batchNormalizationInferenceGradient');
  });

  it('moves images by matrices where they are augmented', () => {
    const augmentation = { fillMode: 'nearest', fillValue: 0 } as const;
    const program = trainingProgram(small(), { ...options, augmentation });
    expect(named(program, 'input')['matrices']).toBe('f32 5x6 batched');
    expect(program.ops[0]).toMatchObject({ name: 'warpAffine', attributes: { divisor: 255, ...augmentation } });
    expect(opNames(program)).not.toContain('rescale');
  });

  it('displaces, changes the looks and erases as an augmentation says, by inputs of their own', () => {
    const augmentation = {
      fillMode: 'nearest',
      fillValue: 0,
      elastic: { spacing: 3, amplitude: 2 },
      strokes: true,
      blur: true,
      tone: true,
      erasing: { value: 0.5 },
    } as const;
    const program = trainingProgram(small(), { ...options, augmentation });
    const inputs = named(program, 'input');
    expect(inputs['matrices']).toBe('f32 5x6 batched');
    expect(inputs['keys']).toBe('u32 5x4 batched');
    expect(inputs['strokes']).toBe('f32 5x1 batched');
    expect(inputs['sigmas']).toBe('f32 5x1 batched');
    expect(inputs['tones']).toBe('f32 5x3 batched');
    expect(inputs['rectangles']).toBe('i32 5x4 batched');
    const expected = ['randomUniform', 'warpElastic', 'changeStrokes', 'blur', 'changeTone', 'eraseRectangle'];
    expect(opNames(program).slice(0, 6)).toEqual(expected);
    expect(program.ops[0]!.outputs[0]!.shape).toEqual([5, 6, 6, 2]);
  });

  it('takes f32 images as they are', () => {
    const program = trainingProgram(small(), { ...options, images: { dtype: 'f32' } });
    expect(program.ops[0]?.name).toBe('conv2d');
    expect(named(program, 'input')['images']).toBe('f32 5x8x8x1 batched');
  });
});

describe('targets', () => {
  it('are what the loss expects', () => {
    const sparse = trainingProgram(small(), { ...options, loss: sparseCategoricalCrossentropy() });
    expect(named(sparse, 'input')).toMatchObject({ labels: 'u8 5 batched' });
    expect(only(sparse, 'oneHot')).toMatchObject([{ attributes: { classes: 3 } }]);
  });

  it('can be asked for in the other form', () => {
    const program = evaluationProgram(small(), { ...options, targets: 'sparse' });
    expect(named(program, 'input')).toEqual({ images: 'u8 5x8x8x1 batched', labels: 'u8 5 batched' });
  });

  it('of more classes than a byte holds are i32', () => {
    const network = sequential([dense({ units: 300, activation: 'softmax', inputShape: [4] })]);
    const program = evaluationProgram(network, { ...options, loss: sparseCategoricalCrossentropy() });
    expect(named(program, 'input')['labels']).toBe('i32 5 batched');
  });
});

describe('evaluationProgram and predictionProgram', () => {
  it('hold the weights alone, under the names of training', () => {
    const states = small().weights.map(({ name }) => name);
    expect(Object.keys(named(evaluationProgram(small(), options), 'state'))).toEqual(states);
    expect(Object.keys(named(predictionProgram(small(), options), 'state'))).toEqual(states);
  });

  it('have no dropout and no batch statistics', () => {
    for (const program of [evaluationProgram(small(), options), predictionProgram(small(), options)]) {
      expect(opNames(program)).not.toContain('dropout');
      expect(opNames(program)).not.toContain('batchNormalization');
      expect(opNames(program)).toContain('batchNormalizationInference');
      expect(Object.keys(named(program, 'input'))).not.toContain('random');
    }
  });

  it('give what they promise', () => {
    const evaluation = evaluationProgram(small(), options);
    expect([...evaluation.outputs.keys()]).toEqual(['loss', 'correct', 'probabilities']);
    const prediction = predictionProgram(small(), options);
    expect([...prediction.outputs].map(([name, { shape }]) => [name, shape])).toEqual([['predictions', [5, 3]]]);
    expect(prediction.ops.at(-1)?.name).toBe('softmax');
    expect(Object.keys(named(prediction, 'input'))).toEqual(['images']);
  });

  it('cost the multiply-adds the network says', () => {
    const network = small();
    const { ops: list } = predictionProgram(network, { ...options, capacity: 7 });
    const costs = list.map((op) => {
      const definition: OpDefinition<never> = ops[op.name];
      return definition.multiplyAdds?.(op as never) ?? 0;
    });
    expect(costs.reduce((sum, cost) => sum + cost, 0)).toBe(7 * network.multiplyAdds);
  });
});

describe('a loss that does not fit the network', () => {
  const ending = (activation: 'softmax' | 'linear' | 'sigmoid', units = 3) =>
    sequential([dense({ units, activation, name: 'out', inputShape: [4] })]);
  const compiling = (network: Network, loss = categoricalCrossentropy()) => {
    return () => trainingProgram(network, { ...options, loss });
  };

  it('needs softmax or fromLogits', () => {
    expect(compiling(ending('sigmoid'))).toThrow(
      'The loss categoricalCrossentropy needs probabilities, but the last layer, "out" (Dense), has the activation ' +
        "sigmoid.\n  Write activation: 'softmax' there, or categoricalCrossentropy({ fromLogits: true }) for the loss.",
    );
    expect(compiling(sequential([dense({ units: 3, inputShape: [4] })]))).toThrow('has no activation');
    expect(compiling(ending('linear'), categoricalCrossentropy({ fromLogits: true }))).not.toThrow();
  });

  it('takes not both', () => {
    expect(compiling(ending('softmax'), sparseCategoricalCrossentropy({ fromLogits: true }))).toThrow(
      'The loss sparseCategoricalCrossentropy was told that it gets logits (fromLogits), but the last layer, "out" ' +
        '(Dense), ends in softmax.',
    );
  });

  it('needs one axis with two or more classes', () => {
    const images = sequential([conv2d({ filters: 3, kernelSize: 1, activation: 'softmax', inputShape: [4, 4, 1] })]);
    expect(compiling(images)).toThrow('but the last layer, "conv2d" (Conv2D), gives [4, 4, 3].');
    expect(compiling(ending('softmax', 1))).toThrow('gives [1].');
  });
});

describe('lossFrom and metricsFrom', () => {
  it('take names, functions and configurations', () => {
    expect(lossFrom('sparseCategoricalCrossentropy').targets).toBe('sparse');
    const made = categoricalCrossentropy({ labelSmoothing: 0.1 });
    expect(lossFrom(made)).toBe(made);
    expect(lossFrom(JSON.parse(JSON.stringify(made.config))).config).toEqual(made.config);
    expect(metricsFrom(['accuracy', accuracy()]).map(({ output }) => output)).toEqual(['correct', 'correct']);
    expect(metricsFrom(undefined)).toEqual([]);
  });

  it('refuse others by name', () => {
    expect(() => lossFrom('crossentropy')).toThrow('one of "categoricalCrossentropy", "sparseCategoricalCrossentropy"');
    expect(() => lossFrom('categoricalCrossEntropy')).toThrow('Did you mean "categoricalCrossentropy"?');
    expect(() => categoricalCrossentropy({ labelSmoothing: 2 })).toThrow('a number >= 0 and <= 1, but is 2');
    expect(() => metricsFrom('accuracy')).toThrow(`must be a list of metrics, such as ['accuracy'], but is "accuracy"`);
  });
});
