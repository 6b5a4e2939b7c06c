import { describe, expect, it } from 'vitest';
import type { Executable } from '../../src/engine/backend.js';
import { referenceBackend } from '../../src/engine/reference/backend.js';
import {
  accuracy,
  adam,
  adamW,
  averagePooling2d,
  batchNormalization,
  categoricalCrossentropy,
  conv2d,
  dense,
  dropout,
  evaluationProgram,
  flatten,
  globalAveragePooling2d,
  l2,
  maxPooling2d,
  Network,
  type Optimizer,
  predictionProgram,
  sequential,
  sgd,
  sparseCategoricalCrossentropy,
  trainingProgram,
} from '../../src/nn/index.js';
import { Random } from '../../src/numeric/philox.js';

/** Networks trained step by step on the reference backend, in float64. */

const backend = referenceBackend();
const CAPACITY = 8;
const CLASSES = 3;

const network = () =>
  sequential([
    conv2d({ filters: 3, kernelSize: 3, padding: 'same', activation: 'elu', inputShape: [6, 6, 1] }),
    batchNormalization({ momentum: 0.9 }),
    maxPooling2d(),
    conv2d({ filters: 4, kernelSize: 2, activation: 'tanh', useBias: false, kernelRegularizer: l2(0.02) }),
    averagePooling2d({ poolSize: 2, strides: 1 }),
    flatten(),
    dropout({ rate: 0.25 }),
    dense({ units: 5, activation: 'sigmoid', biasRegularizer: l2(0.05) }),
    batchNormalization({ momentum: 0.9 }),
    dense({ units: CLASSES, activation: 'softmax' }),
  ]);

/** Images whose label says in which third the bright columns are, in noise. */
function makeBatch(rows: number, seed: number) {
  const random = new Random(seed, 99);
  const images = new Uint8Array(rows * 36);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    labels[row] = random.below(CLASSES);
    for (let i = 0; i < 36; i++) {
      const bright = Math.floor((i % 6) / 2) === labels[row];
      images[row * 36 + i] = random.below(bright ? 256 : 128);
    }
  }
  return { images, labels };
}

async function trainer(model: Network, optimizer: Optimizer, seed = 1) {
  const executable = await backend.compile(
    trainingProgram(model, {
      capacity: CAPACITY,
      images: { dtype: 'u8', divisor: 255 },
      loss: sparseCategoricalCrossentropy({ labelSmoothing: 0.1 }),
      metrics: [accuracy()],
      optimizer,
      exposeGradients: true,
    }),
  );
  for (const [name, values] of model.initialWeights(seed)) executable.writeState(name, values);
  const hasRandom = executable.program.tensors.some(({ name }) => name === 'random');
  return {
    executable,
    async step(step: number, batch: ReturnType<typeof makeBatch>, learningRate?: number) {
      executable.input('images').set(batch.images);
      executable.input('labels').set(batch.labels);
      executable.input('scalars').set(optimizer.scalars(step, learningRate));
      if (hasRandom) executable.input('random').set([seed, 0, step]);
      await executable.run(batch.labels.length);
      return executable.readOutput('loss')[0]!;
    },
  };
}

async function evaluator(model: Network, trained: Executable, capacity = CAPACITY) {
  const images = { dtype: 'u8', divisor: 255 } as const;
  const loss = categoricalCrossentropy();
  const evaluation = await backend.compile(
    evaluationProgram(model, { capacity, images, loss, metrics: [accuracy()], targets: 'sparse' }),
  );
  const prediction = await backend.compile(predictionProgram(model, { capacity, images }));
  for (const { name } of model.weights) {
    evaluation.writeState(name, trained.readState(name));
    prediction.writeState(name, trained.readState(name));
  }
  return { evaluation, prediction };
}

describe('training', () => {
  it.each([
    ['sgd', sgd({ learningRate: 0.1 })],
    ['sgd with Nesterov momentum', sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true })],
    ['adam', adam({ learningRate: 0.01 })],
    ['adamW', adamW({ learningRate: 0.01, weightDecay: 0.01 })],
  ])('with %s makes the loss fall, and learns what the images say', async (_, optimizer) => {
    const model = network();
    const { executable, step } = await trainer(model, optimizer);
    const losses: number[] = [];
    for (let i = 0; i < 300; i++) losses.push(await step(i, makeBatch(CAPACITY, i)));
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    expect(sum(losses.slice(-20))).toBeLessThan(0.7 * sum(losses.slice(0, 20)));

    const { evaluation } = await evaluator(model, executable, 100);
    const { images, labels } = makeBatch(100, 12345);
    evaluation.input('images').set(images);
    evaluation.input('labels').set(labels);
    await evaluation.run(100);
    expect(evaluation.readOutput('correct')[0]).toBeGreaterThanOrEqual(90);
  });

  it('leaves a frozen layer as it was, moving averages included', async () => {
    const model = sequential([
      conv2d({ filters: 3, kernelSize: 3, inputShape: [6, 6, 1], trainable: false }),
      batchNormalization({ trainable: false }),
      globalAveragePooling2d(),
      dense({ units: CLASSES, activation: 'softmax' }),
    ]);
    const { executable, step } = await trainer(model, adam());
    await step(0, makeBatch(CAPACITY, 1));
    const changed = model.weights
      .filter(({ name }) => String(executable.readState(name)) !== String(model.initialWeights(1).get(name)))
      .map(({ name }) => name);
    expect(changed).toEqual(['dense/kernel', 'dense/bias']);
  });
});

describe('gradients', () => {
  it.each([CAPACITY, 5])('of every weight are those of finite differences, %i rows', async (rows) => {
    const model = network();
    const { executable, step } = await trainer(model, sgd());
    const batch = makeBatch(rows, 3);
    // A learning rate of 0 leaves the weights as they are; the same step number makes the same dropout mask.
    const loss = () => step(7, batch, 0);
    await loss();
    const trainable = model.weights.filter((weight) => weight.trainable);
    const gradients = new Map(trainable.map(({ name }) => [name, executable.readOutput(`gradient/${name}`)]));
    const h = 1e-5;
    for (const { name } of trainable) {
      const values = executable.readState(name);
      const numeric: number[] = [];
      for (let i = 0; i < values.length; i++) {
        const moved = async (distance: number) => {
          executable.writeState(
            name,
            values.map((value, j) => (j === i ? value + distance : value)),
          );
          return loss();
        };
        numeric.push(((await moved(h)) - (await moved(-h))) / (2 * h));
      }
      executable.writeState(name, values);
      const gradient = gradients.get(name)!;
      numeric.forEach((value, i) => expect(gradient[i], `${name}[${i}]`).toBeCloseTo(value, 7));
    }
  });
});

describe('after training', () => {
  it('evaluation and prediction agree with each other and with the definitions', async () => {
    const model = network();
    const { executable, step } = await trainer(model, adam({ learningRate: 0.02 }));
    for (let i = 0; i < 5; i++) await step(i, makeBatch(CAPACITY, i));
    const { evaluation, prediction } = await evaluator(model, executable);
    const rows = 5;
    const { images, labels } = makeBatch(rows, 77);
    for (const program of [evaluation, prediction]) program.input('images').set(images);
    evaluation.input('labels').set(labels);
    await evaluation.run(rows);
    await prediction.run(rows);
    const probabilities = prediction.readOutput('predictions', rows);
    expect(probabilities).toHaveLength(rows * CLASSES);
    evaluation.readOutput('probabilities', rows).forEach((p, i) => expect(p).toBeCloseTo(probabilities[i]!, 14));

    let loss = 0;
    let correct = 0;
    for (let row = 0; row < rows; row++) {
      const scores = [...probabilities.subarray(row * CLASSES, (row + 1) * CLASSES)];
      expect(scores.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
      loss -= Math.log(scores[labels[row]!]!) / rows;
      if (scores.indexOf(Math.max(...scores)) === labels[row]) correct++;
    }
    const squares = (name: string) => [...executable.readState(name)].reduce((sum, w) => sum + w * w, 0);
    const penalties = 0.02 * squares('conv2d_1/kernel') + 0.05 * squares('dense/bias');
    expect(evaluation.readOutput('loss')[0]).toBeCloseTo(loss + penalties, 12);
    expect(evaluation.readOutput('correct')[0]).toBe(correct);
  });

  it('a row gives the same prediction alone as in a batch', async () => {
    const model = network();
    const { executable, step } = await trainer(model, sgd());
    await step(0, makeBatch(CAPACITY, 1));
    const { prediction } = await evaluator(model, executable);
    const { images } = makeBatch(CAPACITY, 2);
    prediction.input('images').set(images);
    await prediction.run(CAPACITY);
    const together = prediction.readOutput('predictions');
    for (let row = 0; row < CAPACITY; row++) {
      prediction.input('images').set(images.subarray(row * 36, (row + 1) * 36));
      await prediction.run(1);
      const alone = prediction.readOutput('predictions', 1);
      expect([...alone]).toEqual([...together.subarray(row * CLASSES, (row + 1) * CLASSES)]);
    }
  });

  it('a network that ends in logits trains the same as one that ends in softmax', async () => {
    const ending = (activation: 'softmax' | 'linear') =>
      sequential([flatten({ inputShape: [6, 6, 1] }), dense({ units: CLASSES, activation })]);
    const train = async (model: Network, fromLogits: boolean) => {
      const loss = sparseCategoricalCrossentropy({ fromLogits });
      const program = trainingProgram(model, {
        capacity: CAPACITY,
        images: { dtype: 'u8' },
        loss,
        metrics: [],
        optimizer: sgd(),
      });
      const executable = await backend.compile(program);
      for (const [name, values] of model.initialWeights(1)) executable.writeState(name, values);
      const { images, labels } = makeBatch(CAPACITY, 1);
      executable.input('images').set(images);
      executable.input('labels').set(labels);
      executable.input('scalars').set([1e-4]);
      await executable.run(CAPACITY);
      return executable.readState('dense/kernel');
    };
    expect(await train(ending('linear'), true)).toEqual(await train(ending('softmax'), false));
  });

  it('a network read from its configuration with the same weights predicts the same', async () => {
    const model = network();
    const { executable } = await trainer(model, sgd());
    const again = Network.fromConfig(JSON.parse(JSON.stringify(model.toConfig())));
    const predictions = async (described: Network) => {
      const { prediction } = await evaluator(described, executable);
      prediction.input('images').set(makeBatch(CAPACITY, 4).images);
      await prediction.run(CAPACITY);
      return prediction.readOutput('predictions');
    };
    expect(await predictions(again)).toEqual(await predictions(model));
  });
});
