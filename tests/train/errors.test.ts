import { afterAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../src/engine/backend.js';
import { referenceBackend } from '../../src/engine/reference/backend.js';
import { wasmBackend } from '../../src/engine/wasm/backend.js';
import { dense, sequential } from '../../src/nn/index.js';
import type { Tensor } from '../../src/numeric/tensor.js';
import { Model } from '../../src/train/model.js';
import { numbered, perceptron } from './small.js';

const { x, y } = numbered(10);

function compiled(makeBackend: () => Backend = referenceBackend): Model {
  const model = new Model(perceptron(), makeBackend);
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
  return model;
}

/** What a call that is refused says: the error's code and its whole text. */
async function refusal(call: () => unknown): Promise<readonly [code: unknown, message: string]> {
  try {
    await call();
  } catch (error) {
    expect(error).toMatchObject({ name: 'CifraError' });
    return [(error as { code?: unknown }).code, (error as Error).message];
  }
  throw new Error('It was not refused.');
}

/** All three ways images go in. */
const ways = (images: Tensor) => [
  () => compiled().fit(images, y),
  () => compiled().evaluate(images, y),
  () => compiled().predict(images),
];

describe('images', () => {
  it('of another shape', async () => {
    for (const call of ways({ data: new Uint8Array(90), shape: [10, 3, 3, 1] })) {
      expect(await refusal(call)).toEqual([
        'input-shape',
        'The network takes images of shape [count, 2, 2, 1], but was given [10, 3, 3, 1].\n' +
          '  The first size is the number of images: a single image has 1 there.',
      ]);
    }
  });

  it('alone, without the axis of the count', async () => {
    const [code, message] = await refusal(() => compiled().predict({ data: new Uint8Array(4), shape: [2, 2, 1] }));
    expect(code).toBe('input-shape');
    expect(message).toContain('but was given [2, 2, 1].');
    expect((await refusal(() => compiled().predict({ data: new Uint8Array(1), shape: [] })))[0]).toBe('input-shape');
  });

  it('of a type that no program takes', async () => {
    for (const call of ways({ data: new Float64Array(40), shape: [10, 2, 2, 1] })) {
      expect(await refusal(call)).toEqual([
        'input-type',
        'Images must be a Uint8Array or a Float32Array, but are a Float64Array.\n' +
          '  Convert them: Float32Array.from(data).',
      ]);
    }
  });

  it('none at all to train on, or to evaluate', async () => {
    const none = { data: new Uint8Array(0), shape: [0, 2, 2, 1] };
    expect(await refusal(() => compiled().fit(none, new Uint8Array(0)))).toEqual([
      'fit-option',
      'fit was given no images.\n  Give at least one image.',
    ]);
    expect(await refusal(() => compiled().evaluate(none, new Uint8Array(0)))).toEqual([
      'no-images',
      'evaluate was given no images.\n  Give at least one image.',
    ]);
  });
});

describe('targets', () => {
  it.each([
    ['fit', (targets: Tensor | Uint8Array) => compiled().fit(x, targets)],
    ['evaluate', (targets: Tensor | Uint8Array) => compiled().evaluate(x, targets)],
    ['validationData', (targets: Tensor | Uint8Array) => compiled().fit(x, y, { validationData: [x, targets] })],
  ])('that do not fit the images or the network, given to %s', async (_, call) => {
    expect(await refusal(() => call(y.subarray(0, 9)))).toEqual([
      'target-count',
      'There are 10 images, but 9 targets.\n  Give one label, or one one-hot row, for each image.',
    ]);
    const shape =
      'The network has 3 outputs, but the targets have shape [10, 4].\n' +
      '  Give class numbers of shape [10], or one-hot rows of shape [10, 3].';
    expect(await refusal(() => call({ data: new Float32Array(40), shape: [10, 4] }))).toEqual(['target-shape', shape]);
    expect((await refusal(() => call({ data: new Float32Array(30), shape: [10, 3, 1] })))[0]).toBe('target-shape');
    expect(await refusal(() => call(Uint8Array.of(0, 1, 2, 0, 1, 2, 0, 3, 1, 2)))).toEqual([
      'target-label',
      "Label 3 at index 7 is not one of the network's 3 classes, which are 0 to 2.\n" +
        '  Give the last layer one unit for each class.',
    ]);
    const negative = { data: Int32Array.of(0, -1, 0, 0, 0, 0, 0, 0, 0, 0), shape: [10] };
    expect((await refusal(() => call(negative)))[1]).toContain('Label -1 at index 1 is not one of');
    const broken = { data: Float32Array.of(0, 0, 0.5, 0, 0, 0, 0, 0, 0, 0), shape: [10] };
    expect((await refusal(() => call(broken)))[1]).toContain('Label 0.5 at index 2 is not one of');
  });
});

describe('options of fit', () => {
  const refused = (options: object) => refusal(() => compiled().fit(x, y, options));

  it('with another name get the nearest', async () => {
    expect(await refused({ batchsize: 4 })).toEqual([
      'unknown-option',
      'fit: there is no option "batchsize".\n  Did you mean "batchSize"?',
    ]);
    expect((await refused({ validation_data: [x, y] }))[1]).toContain('Did you mean "validationData"?');
  });

  it('with another value get what is allowed', async () => {
    const remedy = '\n  Leave it out for the default.';
    const cases: [object, string][] = [
      [{ batchSize: 0 }, 'the option "batchSize" must be a whole number >= 1, but is 0'],
      [{ batchSize: 2.5 }, 'the option "batchSize" must be a whole number >= 1, but is 2.5'],
      [{ epochs: -1 }, 'the option "epochs" must be a whole number >= 0, but is -1'],
      [{ stepsPerEpoch: 0 }, 'the option "stepsPerEpoch" must be a whole number >= 1, but is 0'],
      [{ shuffle: 'batch' }, 'the option "shuffle" must be true or false, but is "batch"'],
      [{ validationSplit: 1 }, 'the option "validationSplit" must be a number > 0 and < 1, but is 1'],
      [{ augmentation: true }, 'the option "augmentation" must be made by imageDataGenerator({ ... }), but is true'],
      [{ callbacks: 3 }, 'the option "callbacks" must be a list of callbacks, but is 3'],
      [{ signal: 'stop' }, 'the option "signal" must be an AbortSignal, but is "stop"'],
    ];
    for (const [options, text] of cases)
      expect(await refused(options)).toEqual(['option-value', `fit: ${text}.${remedy}`]);
  });

  it('that contradict each other or the images', async () => {
    expect(await refused({ batchSize: 4, stepsPerEpoch: 4 })).toEqual([
      'fit-option',
      'fit has stepsPerEpoch 4.\n  Give at most 3: one pass over the images.',
    ]);
    expect(await refused({ validationSplit: 0.5, validationData: [x, y] })).toEqual([
      'fit-option',
      'fit has validationData and validationSplit.\n  Give one of the two.',
    ]);
    // The share that is left to train on is less than one image.
    expect((await refused({ validationSplit: 0.95 }))[1]).toContain('fit was given no images.');
  });
});

it('batch sizes beyond every memory', async () => {
  const text = 'The batch size must be a whole number from 1 to 65,536, but is';
  expect(await refusal(() => compiled().fit(x, y, { batchSize: 65537 }))).toEqual(['batch-size', `${text} 65537.`]);
  for (const batchSize of [0, -1, 1.5, NaN, 65537]) {
    expect(await refusal(() => compiled().evaluate(x, y, { batchSize }))).toEqual([
      'batch-size',
      `${text} ${batchSize}.`,
    ]);
    expect(await refusal(() => compiled().predict(x, { batchSize }))).toEqual(['batch-size', `${text} ${batchSize}.`]);
  }
});

it('a model that is not compiled trains and evaluates nothing', async () => {
  const model = new Model(perceptron(), referenceBackend);
  const expected = [
    'not-compiled',
    'The model has no optimizer and loss yet.\n' +
      "  Call model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] }) first.",
  ];
  expect(await refusal(() => model.fit(x, y))).toEqual(expected);
  expect(await refusal(() => model.evaluate(x, y))).toEqual(expected);
  expect(await refusal(() => model.describeTraining(x, y, 4))).toEqual(expected);
});

describe('compile', () => {
  it('knows its losses, optimizers and metrics', async () => {
    const model = compiled();
    const [code, message] = await refusal(() => model.compile({ loss: 'sparseCategoricalCrossEntropy' as never }));
    expect(code).toBe('option-value');
    expect(message).toContain('Did you mean "sparseCategoricalCrossentropy"?');
    const loss = 'sparseCategoricalCrossentropy';
    expect((await refusal(() => model.compile({ loss, optimizer: 'adan' as never })))[1]).toContain('"adam"');
    expect((await refusal(() => model.compile({ loss, metrics: ['acuracy' as never] })))[1]).toContain('"metrics"');
  });

  it('has no other options, and neither have evaluate and predict', async () => {
    const options = { loss: 'sparseCategoricalCrossentropy', metric: ['accuracy'] } as const;
    expect(await refusal(() => compiled().compile(options))).toEqual([
      'unknown-option',
      'compile: there is no option "metric".\n  Did you mean "metrics"?',
    ]);
    const batches = { batch_size: 4 } as object;
    const told = (place: string) => `${place}: there is no option "batch_size".\n  Did you mean "batchSize"?`;
    expect((await refusal(() => compiled().evaluate(x, y, batches)))[1]).toBe(told('evaluate'));
    expect((await refusal(() => compiled().predict(x, batches)))[1]).toBe(told('predict'));
    expect(await refusal(() => compiled().compile({} as never))).toEqual([
      'missing-option',
      expect.stringContaining('compile: the option "loss" is missing.'),
    ]);
  });

  it('leaves the model as it was where it is refused', async () => {
    const model = compiled();
    await model.fit(x, y);
    await refusal(() => model.compile({ loss: 'mse' as never }));
    expect(model.steps).toBe(1);
    await model.fit(x, y);
    expect(model.steps).toBe(2);
  });

  it('of a loss that does not fit the network is told when a program is made', async () => {
    const model = new Model(sequential([dense({ units: 3, inputShape: [4] })]), referenceBackend);
    model.compile({ loss: 'categoricalCrossentropy' });
    const images = { data: new Float32Array(8), shape: [2, 4] };
    const targets = { data: Float32Array.of(1, 0, 0, 0, 1, 0), shape: [2, 3] };
    expect((await refusal(() => model.fit(images, targets)))[0]).toBe('loss-activation');
    expect((await refusal(() => model.evaluate(images, targets)))[0]).toBe('loss-activation');
  });
});

describe('weights', () => {
  it('that are missing, of another size or of another network', async () => {
    const model = compiled();
    const given = model.getWeights();
    const remedy = '\n  Give the weights of a network with the same layers and names.';
    expect(await refusal(() => model.setWeights(new Map()))).toEqual([
      'weights',
      `The network's weight "dense/kernel" has shape [4, 3], but none was given.${remedy}`,
    ]);
    expect(await refusal(() => model.setWeights(new Map(given).set('dense/bias', new Float32Array(4))))).toEqual([
      'weights',
      `The network's weight "dense/bias" has shape [3], but 4 values were given.${remedy}`,
    ]);
    expect(await refusal(() => model.setWeights(new Map(given).set('dense_1/bias', new Float32Array(3))))).toEqual([
      'weights',
      'The network has no weight "dense_1/bias".',
    ]);
    expect([...model.getWeights()]).toEqual([...given]);
  });
});

it.each([-1, 0.5, 2 ** 53, NaN])('the seed %d', async (seed) => {
  expect(await refusal(() => new Model(perceptron(), referenceBackend, { seed }))).toEqual([
    'seed',
    `The seed must be a whole number from 0 to 2^53 - 1, but is ${seed}.`,
  ]);
});

describe('calls at the same time', () => {
  const backend = wasmBackend({ threads: 2 });
  afterAll(() => backend.dispose());

  it('are refused, and the model goes on', async () => {
    const model = compiled(() => backend);
    await model.fit(x, y);
    const first = model.fit(x, y, { epochs: 50 });
    const expected = [
      'engine-busy',
      'A program was run while another was still being run.\n' +
        '  Await each call before the next; use a backend each for work that goes on at the same time.',
    ];
    expect(await refusal(() => model.fit(x, y))).toEqual(expected);
    await first;
    await model.fit(x, y);
    expect(model.steps).toBe(52);
  });

  it('dispose ends a training with an error, and the model can be used again', async () => {
    const model = compiled(() => wasmBackend({ threads: 2 }));
    let fitting: Promise<unknown> | undefined;
    // When the immediate's turn comes, the next step has been sent.
    const begun = new Promise<void>((resolve) => {
      const onBatchEnd = () => void setImmediate(resolve);
      fitting = model.fit(x, y, { epochs: 1e6, callbacks: [{ onBatchEnd }] }).catch((error: unknown) => error);
    });
    await begun;
    await model.dispose();
    expect(await fitting).toMatchObject({
      code: 'engine-disposed',
      message: 'The backend has been disposed of.\n  Make a new one.',
    });
    expect((await model.predict(x)).data.every(Number.isFinite)).toBe(true);
    await model.dispose();
  });
});
