import { describe, expect, it } from 'vitest';
import type { Executable } from '../../src/engine/backend.js';
import { ProgramBuilder } from '../../src/engine/program/builder.js';
import { referenceBackend } from '../../src/engine/reference/backend.js';
import {
  adam,
  adamW,
  averagePooling2d,
  batchNormalization,
  conv2d,
  dense,
  evaluationProgram,
  flatten,
  globalAveragePooling2d,
  type Layer,
  maxPooling2d,
  type Network,
  type Optimizer,
  predictionProgram,
  sequential,
  sgd,
  sparseCategoricalCrossentropy,
  trainingProgram,
} from '../../src/nn/index.js';
import { relativeError } from '../contract/harness.js';
import { readSafetensors } from '../reference/safetensors.js';

/**
 * Networks, layers and optimizers as `nn` describes them, on the reference backend, against values that PyTorch
 * computed in float64 after Keras's rules (tests/fixtures/reference).
 */

const folder = new URL('../fixtures/reference/', import.meta.url);
const read = (name: string) => readSafetensors(new URL(`${name}.safetensors`, folder));
const backend = referenceBackend();
const TOLERANCE = 1e-9;

describe('one layer predicts what the reference says', () => {
  type Case = [file: string, make: (inputShape: number[]) => Layer];
  const cases: Case[] = [
    ['conv2d_valid_1ch', (inputShape) => conv2d({ filters: 32, kernelSize: 3, inputShape })],
    ['conv2d_valid_3x3', (inputShape) => conv2d({ filters: 12, kernelSize: [3, 3], inputShape })],
    ['conv2d_same_5x5', (inputShape) => conv2d({ filters: 7, kernelSize: 5, padding: 'same', inputShape })],
    [
      'conv2d_same_stride2',
      (inputShape) => conv2d({ filters: 9, kernelSize: 5, strides: 2, padding: 'same', inputShape }),
    ],
    ['conv2d_1x1', (inputShape) => conv2d({ filters: 10, kernelSize: 1, inputShape })],
    ['conv2d_valid_stride2', (inputShape) => conv2d({ filters: 4, kernelSize: 3, strides: [2, 2], inputShape })],
    ['dense', (inputShape) => dense({ units: 17, inputShape })],
    ['batch_norm_inference', (inputShape) => batchNormalization({ inputShape })],
    ['max_pool_2x2', (inputShape) => maxPooling2d({ inputShape })],
    ['average_pool_2x2', (inputShape) => averagePooling2d({ inputShape })],
    ['global_average_pool', (inputShape) => globalAveragePooling2d({ inputShape })],
  ];
  it.each(cases)('%s', async (file, make) => {
    const tensors = read(file);
    const [capacity, ...inputShape] = tensors['input']!.shape as [number, ...number[]];
    const network = sequential([make(inputShape)]);
    const executable = await backend.compile(predictionProgram(network, { capacity, images: { dtype: 'f32' } }));
    for (const { name } of network.weights) executable.writeState(name, tensors[name.split('/')[1]!]!.data);
    executable.input('images').set(tensors['input']!.data);
    await executable.run(capacity);
    const output = tensors['output']!;
    expect([capacity, ...network.outputShape]).toEqual(output.shape);
    expect(relativeError(executable.readOutput('predictions'), output.data)).toBeLessThan(TOLERANCE);
  });
});

describe('an optimizer makes the steps of the reference', () => {
  const cases: [file: string, optimizer: Optimizer][] = [
    ['optimizer_sgd', sgd()],
    ['optimizer_sgd_momentum', sgd({ momentum: 0.9 })],
    ['optimizer_sgd_nesterov', sgd({ momentum: 0.9, nesterov: true })],
    ['optimizer_adam', adam()],
    ['optimizer_adamw', adamW({ weightDecay: 0.1 })],
  ];
  it.each(cases)('%s', async (file, optimizer) => {
    const tensors = read(file);
    const [steps, size] = tensors['gradients']!.shape as [number, number];
    const builder = new ProgramBuilder(1);
    const [weight, ...slots] = ['w', ...optimizer.slots].map((name) => builder.state(name, [size]));
    const gradient = builder.input('g', [size], 'f32', false);
    const scalars = builder.input('scalars', [optimizer.scalarCount], 'f32', false);
    optimizer.update(builder, weight!, gradient, slots, scalars);
    const executable = await backend.compile(builder.build());
    executable.writeState('w', tensors['start']!.data);
    for (let step = 0; step < steps; step++) {
      const row = (name: string) => tensors[name]!.data.subarray(step * size, (step + 1) * size);
      executable.input('g').set(row('gradients'));
      executable.input('scalars').set(optimizer.scalars(step));
      await executable.run(1);
      expect(relativeError(executable.readState('w'), row('after')), `step ${step}`).toBeLessThan(TOLERANCE);
    }
  });
});

it('five steps of Adam take the whole network where the reference goes', async () => {
  const relu = { activation: 'relu' } as const;
  const network = sequential([
    conv2d({ name: 'conv1', filters: 8, kernelSize: 3, ...relu, inputShape: [28, 28, 1] }),
    batchNormalization({ name: 'bn1' }),
    conv2d({ name: 'conv2', filters: 8, kernelSize: 3, ...relu }),
    maxPooling2d(),
    batchNormalization({ name: 'bn2' }),
    conv2d({ name: 'conv3', filters: 16, kernelSize: 3, ...relu }),
    batchNormalization({ name: 'bn3' }),
    conv2d({ name: 'conv4', filters: 16, kernelSize: 3, ...relu }),
    maxPooling2d(),
    flatten(),
    batchNormalization({ name: 'bn4' }),
    dense({ name: 'dense1', units: 32, ...relu }),
    batchNormalization({ name: 'bn5' }),
    dense({ name: 'dense2', units: 10, activation: 'softmax' }),
  ]);
  const optimizer = adam({ epsilon: 1e-3 });
  const tensors = read('network_five_adam_steps');
  const [steps, capacity] = tensors['labels']!.shape as [number, number];
  const options = {
    capacity,
    images: { dtype: 'f32' },
    loss: sparseCategoricalCrossentropy(),
    metrics: [],
    optimizer,
    exposeGradients: true,
  } as const;
  const expectClose = (what: string, values: ArrayLike<number>, truth: string) => {
    expect(relativeError(values, tensors[truth]!.data), what).toBeLessThan(TOLERANCE);
  };
  const feed = (executable: Executable, step: number) => {
    const size = tensors['images']!.data.length / steps;
    executable.input('images').set(tensors['images']!.data.subarray(step * size, (step + 1) * size));
    executable.input('labels').set(tensors['labels']!.data.subarray(step * capacity, (step + 1) * capacity));
  };

  const training = await backend.compile(trainingProgram(network, options));
  for (const [name, values] of startOf(network, tensors)) training.writeState(name, values);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    feed(training, step);
    training.input('scalars').set(optimizer.scalars(step));
    await training.run(capacity);
    losses.push(training.readOutput('loss')[0]!);
    if (step > 0) continue;
    for (const { name } of network.weights.filter((weight) => weight.trainable)) {
      expectClose(`gradient of ${name}`, training.readOutput(`gradient/${name}`), `grad0.${name.replace('/', '.')}`);
    }
  }
  expectClose('losses', losses, 'losses');

  const evaluation = await backend.compile(evaluationProgram(network, options));
  for (const { name } of network.weights) {
    expectClose(name, training.readState(name), `end.${name.replace('/', '.')}`);
    evaluation.writeState(name, training.readState(name));
  }
  feed(evaluation, 0);
  await evaluation.run(capacity);
  expectClose('probabilities', evaluation.readOutput('probabilities'), 'end.probabilities');
});

/** The reference's start values; moving averages start as the network's own initial weights. */
function startOf(network: Network, tensors: ReturnType<typeof read>): Map<string, ArrayLike<number>> {
  const weights = new Map<string, ArrayLike<number>>(network.initialWeights(1));
  for (const { name, trainable } of network.weights) {
    if (trainable) weights.set(name, tensors[`start.${name.replace('/', '.')}`]!.data);
  }
  return weights;
}
