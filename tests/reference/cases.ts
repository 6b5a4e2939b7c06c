import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../src/engine/backend.js';
import { ProgramBuilder } from '../../src/engine/program/builder.js';
import type { OpAttributes, OpName, Padding2d, TensorSpec } from '../../src/engine/program/types.js';
import { identity, innerProduct, relativeError, runProgram } from '../contract/harness.js';
import { checkNetwork } from './network.js';
import { type Float64Tensor, readSafetensors } from './safetensors.js';

/** Largest errors allowed: the norm of the difference over the norm of the truth, tensor by tensor. */
export interface ReferenceTolerance {
  readonly layer: number;
  readonly network: number;
}

const folder = new URL('../fixtures/reference/', import.meta.url);
const read = (name: string) => readSafetensors(new URL(`${name}.safetensors`, folder));
const index = JSON.parse(readFileSync(new URL('index.json', folder), 'utf8')) as Record<string, { note: string }>;

/** Runs every case of tests/fixtures/reference (values and gradients by PyTorch in float64) on a backend. */
export function describeReferenceCases(
  name: string,
  makeBackend: () => Promise<Backend>,
  tolerance: ReferenceTolerance,
): void {
  describe(`reference cases on ${name}`, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await makeBackend();
    });
    afterAll(() => backend.dispose());

    it('leaves no case out', () => {
      expect(Object.keys(checks).sort()).toEqual(Object.keys(index).sort());
    });
    it.each(Object.keys(checks).map((key) => [key, index[key]?.note]))('%s: %s', async (key) => {
      const limit = key.startsWith('network') ? tolerance.network : tolerance.layer;
      await checks[key]!(backend, read(key), (tensor, values, truth) => {
        expect(relativeError(values, truth), `${key}: error of "${tensor}"`).toBeLessThanOrEqual(limit);
      });
    });
  });
}

export type Tensors = Record<string, Float64Tensor>;
export type Compare = (tensor: string, values: ArrayLike<number>, truth: ArrayLike<number>) => void;
type Check = (backend: Backend, tensors: Tensors, compare: Compare) => Promise<void>;
type Emit = <N extends OpName>(name: N, inputs: TensorSpec[], attributes: OpAttributes[N]) => TensorSpec;
type Layer = (emit: Emit, tensor: (name: string) => TensorSpec) => TensorSpec;

const none: Padding2d = { top: 0, bottom: 0, left: 0, right: 0 };
const pool2x2 = { poolSize: [2, 2], strides: [2, 2], padding: none } as const;

/** Keras's `same`: ceil(size / stride) outputs, the odd row or column of zeros at the end. */
function same(size: number, kernel: number, stride: number): [before: number, after: number] {
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

function conv2d(stride: number, padding: 'valid' | 'same'): Check {
  return layer((emit, tensor) => {
    const [x, kernel] = [tensor('input'), tensor('kernel')];
    let zeros = none;
    if (padding === 'same') {
      const [top, bottom] = same(x.shape[1]!, kernel.shape[0]!, stride);
      const [left, right] = same(x.shape[2]!, kernel.shape[1]!, stride);
      zeros = { top, bottom, left, right };
    }
    const y = emit('conv2d', [x, kernel], { strides: [stride, stride], padding: zeros });
    return emit('addBias', [y, tensor('bias')], {});
  });
}

/** A layer from `input` (batched) and parameters to `output`, with gradients for `output_grad`. */
function layer(forward: Layer): Check {
  return async (backend, tensors, compare) => {
    const capacity = tensors['input']!.shape[0]!;
    const wanted = Object.keys(tensors).filter((name) => name.endsWith('_grad') && name !== 'output_grad');
    const inputs: Record<string, ArrayLike<number>> = { identity: identity(capacity) };
    const { outputs } = await runProgram(backend, {
      capacity,
      inputs,
      build(builder) {
        const made = new Map<string, TensorSpec>();
        const tensor = (name: string) => {
          let spec = made.get(name);
          if (!spec) {
            const { shape, data } = tensors[name]!;
            const batched = name === 'input';
            spec = builder.input(name, batched ? shape.slice(1) : shape, 'f32', batched);
            inputs[name] = data;
            made.set(name, spec);
          }
          return spec;
        };
        const y = forward((name, from, attributes) => builder.emit(name, from, attributes)[0]!, tensor);
        builder.output('output', y);
        const loss = innerProduct(builder, y, tensor('output_grad'));
        const targets = wanted.map((name) => tensor(name.replace('_grad', '')));
        builder.gradients(loss, targets).forEach((gradient, i) => builder.output(wanted[i]!, gradient));
      },
    });
    for (const name of ['output', ...wanted]) compare(name, outputs[name]!, tensors[name]!.data);
  };
}

const normalized: Layer = (emit, tensor) =>
  emit('batchNormalization', [tensor('input'), tensor('gamma'), tensor('beta')], { epsilon: 1e-3 });

const batchNormalizationInTraining: Check = async (backend, tensors, compare) => {
  await layer(normalized)(backend, tensors, compare);
  const { shape, data } = tensors['input']!;
  const { state } = await runProgram(backend, {
    capacity: shape[0]!,
    inputs: { input: data, gamma: tensors['gamma']!.data, beta: tensors['beta']!.data },
    state: { moving_mean: tensors['moving_mean']!.data, moving_variance: tensors['moving_variance']!.data },
    build(builder) {
      const channels = shape.slice(-1);
      const x = builder.input('input', shape.slice(1), 'f32', true);
      const parameters = ['gamma', 'beta'].map((name) => builder.input(name, channels, 'f32', false));
      const [, mean, variance] = builder.emit('batchNormalization', [x, ...parameters], { epsilon: 1e-3 });
      for (const [name, value] of [['moving_mean', mean!] as const, ['moving_variance', variance!] as const]) {
        builder.emit('updateMovingAverage', [builder.state(name, channels), value], { momentum: 0.99 });
      }
    },
  });
  for (const name of ['moving_mean', 'moving_variance']) compare(name, state[name]!, tensors[`${name}_after`]!.data);
};

function crossEntropy(labelSmoothing: number): Check {
  return async (backend, tensors, compare) => {
    const [rows, classes] = tensors['logits']!.shape as [number, number];
    const { outputs } = await runProgram(backend, {
      rows,
      inputs: { logits: tensors['logits']!.data, labels: tensors['labels']!.data },
      build(builder) {
        const logits = builder.input('logits', [classes], 'f32', true);
        const labels = builder.input('labels', [], 'i32', true);
        const [targets] = builder.emit('oneHot', [labels], { classes });
        const [losses, p] = builder.emit('softmaxCrossEntropy', [logits, targets!], { labelSmoothing });
        const [loss] = builder.emit('meanRows', [losses!], {});
        builder.output('probabilities', p!);
        builder.output('softmax', builder.emit('softmax', [logits], {})[0]!);
        builder.output('loss', loss!);
        builder.output('logits_grad', builder.gradients(loss!, [logits])[0]!);
      },
    });
    for (const name of ['probabilities', 'loss', 'logits_grad']) compare(name, outputs[name]!, tensors[name]!.data);
    compare('softmax', outputs['softmax']!, tensors['probabilities']!.data);
  };
}

interface OptimizerCase {
  readonly slots: readonly string[];
  /** The scalars of step t = 1, 2, ... */
  readonly scalars: (t: number) => number[];
  readonly emit: (builder: ProgramBuilder, inputs: TensorSpec[]) => void;
}

/** Seven steps on given gradients; the weights after each. */
function optimizer({ slots, scalars, emit }: OptimizerCase): Check {
  return async (backend, tensors, compare) => {
    const size = tensors['start']!.shape[0]!;
    const [steps] = tensors['gradients']!.shape as [number, number];
    const builder = new ProgramBuilder(1);
    const w = builder.state('w', [size]);
    const g = builder.input('g', [size], 'f32', false);
    const kept = slots.map((slot) => builder.state(slot, [size]));
    const given = builder.input('scalars', [scalars(1).length], 'f32', false);
    emit(builder, [w, g, ...kept, given]);
    const executable = await backend.compile(builder.build());
    executable.writeState('w', tensors['start']!.data);
    const after: number[] = [];
    for (let step = 0; step < steps; step++) {
      executable.input('g').set(tensors['gradients']!.data.subarray(step * size, (step + 1) * size));
      executable.input('scalars').set(scalars(step + 1));
      await executable.run(1);
      after.push(...executable.readState('w'));
    }
    executable.dispose();
    compare('after', after, tensors['after']!.data);
  };
}

const sgd = (momentum: number, nesterov: boolean) =>
  optimizer({
    slots: momentum === 0 ? [] : ['velocity'],
    scalars: () => [0.01],
    emit: (builder, inputs) => builder.emit('sgd', inputs, { momentum, nesterov }),
  });

const adam = (weightDecay: number) =>
  optimizer({
    slots: ['m', 'v'],
    scalars: (t) => [(1e-3 * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t), 1e-3 * weightDecay],
    emit: (builder, inputs) => builder.emit('adam', inputs, { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }),
  });

const l2: Check = async (backend, tensors, compare) => {
  const { outputs } = await runProgram(backend, {
    inputs: { kernel: tensors['kernel']!.data },
    build(builder) {
      const kernel = builder.input('kernel', tensors['kernel']!.shape, 'f32', false);
      const [loss] = builder.emit('sumSquares', [kernel], { factor: 1e-3 });
      builder.output('loss', loss!);
      builder.output('kernel_grad', builder.gradients(loss!, [kernel])[0]!);
    },
  });
  for (const name of ['loss', 'kernel_grad']) compare(name, outputs[name]!, tensors[name]!.data);
};

const checks: Record<string, Check> = {
  conv2d_valid_1ch: conv2d(1, 'valid'),
  conv2d_valid_3x3: conv2d(1, 'valid'),
  conv2d_same_5x5: conv2d(1, 'same'),
  conv2d_same_stride2: conv2d(2, 'same'),
  conv2d_1x1: conv2d(1, 'valid'),
  conv2d_valid_stride2: conv2d(2, 'valid'),
  max_pool_2x2: layer((emit, tensor) => emit('maxPool2d', [tensor('input')], pool2x2)),
  max_pool_2x2_ties: layer((emit, tensor) => emit('maxPool2d', [tensor('input')], pool2x2)),
  average_pool_2x2: layer((emit, tensor) => emit('averagePool2d', [tensor('input')], pool2x2)),
  global_average_pool: layer((emit, tensor) => {
    const x = tensor('input');
    const [count, height, width, channels] = x.shape as [number, number, number, number];
    const whole = emit('averagePool2d', [x], { poolSize: [height, width], strides: [1, 1], padding: none });
    return emit('reshape', [whole], { shape: [count, channels] });
  }),
  relu_at_zero: layer((emit, tensor) => emit('activation', [tensor('input')], { kind: 'relu' })),
  dense: layer((emit, tensor) => {
    const y = emit('matmul', [tensor('input'), tensor('kernel')], { transposeA: false, transposeB: false });
    return emit('addBias', [y, tensor('bias')], {});
  }),
  batch_norm_4d_training: batchNormalizationInTraining,
  batch_norm_2d_training: batchNormalizationInTraining,
  batch_norm_inference: layer((emit, tensor) =>
    emit(
      'batchNormalizationInference',
      ['input', 'gamma', 'beta', 'moving_mean', 'moving_variance'].map((name) => tensor(name)),
      { epsilon: 1e-3 },
    ),
  ),
  'softmax_cross_entropy_smoothing_0.0': crossEntropy(0),
  'softmax_cross_entropy_smoothing_0.1': crossEntropy(0.1),
  optimizer_sgd: sgd(0, false),
  optimizer_sgd_momentum: sgd(0.9, false),
  optimizer_sgd_nesterov: sgd(0.9, true),
  optimizer_adam: adam(0),
  optimizer_adamw: adam(0.1),
  l2_regularizer: l2,
  network_five_adam_steps: checkNetwork,
};
