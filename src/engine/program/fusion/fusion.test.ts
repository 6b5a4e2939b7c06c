import { describe, expect, it } from 'vitest';
import { adam, categoricalCrossentropy, Network, predictionProgram, trainingProgram } from '../../../nn/index.js';
import { Random } from '../../../numeric/philox.js';
import { sizeOf } from '../../../numeric/tensor.js';
import { seed } from '../../../train/recipes/seed.js';
import type { Backend } from '../../backend.js';
import { referenceBackend } from '../../reference/backend.js';
import { wasmBackend } from '../../wasm/backend.js';
import { ProgramBuilder } from '../builder.js';
import { fuse } from './index.js';
import type { TensorSpec } from '../types.js';

const convolution = {
  strides: [1, 2],
  padding: { top: 1, bottom: 0, left: 0, right: 1 },
} as const;
const product = { transposeA: false, transposeB: true } as const;

/** A convolution, its bias and a relu; `more` may read what lies between. */
function network(
  more: (builder: ProgramBuilder, between: { conv: TensorSpec; biased: TensorSpec }) => void = () => {},
) {
  const builder = new ProgramBuilder(2);
  const x = builder.input('x', [5, 5, 1], 'f32', true);
  const [kernel, bias] = [builder.state('kernel', [2, 2, 1, 3]), builder.state('bias', [3])];
  return builder.labelled('conv', () => {
    const conv = builder.emit('conv2d', [x, kernel], convolution)[0]!;
    const biased = builder.emit('addBias', [conv, bias], {})[0]!;
    const y = builder.emit('activation', [biased], { kind: 'leakyRelu', alpha: 0.1 })[0]!;
    builder.output('y', y);
    more(builder, { conv, biased });
    return { program: builder.build(), x, kernel, bias, conv, biased, y };
  });
}

const names = ({ ops }: { readonly ops: readonly { readonly name: string }[] }) => ops.map(({ name }) => name);

describe('fuse', () => {
  it('joins bias and activation to the convolution', () => {
    const { program, x, kernel, bias, y } = network();
    const fused = fuse(program);
    expect(fused.ops).toEqual([
      {
        name: 'conv2d',
        inputs: [x, kernel, bias],
        outputs: [y],
        attributes: { ...convolution, activation: { kind: 'leakyRelu', alpha: 0.1 } },
        label: 'conv',
      },
    ]);
    expect(fused.outputs).toEqual(program.outputs);
    expect(program.ops).toHaveLength(3);
  });

  it('joins them to a matrix product, which may have no activation', () => {
    const builder = new ProgramBuilder(2);
    const x = builder.input('x', [4], 'f32', true);
    const [kernel, bias] = [builder.state('kernel', [3, 4]), builder.state('bias', [3])];
    const z = builder.emit('matmul', [x, kernel], product)[0]!;
    const y = builder.emit('addBias', [z, bias], {})[0]!;
    builder.output('y', builder.emit('softmax', [y], {})[0]!);
    expect(fuse(builder.build()).ops).toMatchObject([
      { name: 'matmul', inputs: [x, kernel, bias], outputs: [y], attributes: product },
      { name: 'softmax', inputs: [y] },
    ]);
  });

  it('leaves what somebody else reads', () => {
    const ofConv = network((builder, { conv }) => builder.emit('activation', [conv], { kind: 'tanh' }));
    expect(fuse(ofConv.program).ops).toEqual(ofConv.program.ops);

    const ofBiased = network((builder, { biased }) => builder.emit('sumRows', [biased], {}));
    expect(names(fuse(ofBiased.program))).toEqual(['conv2d', 'activation', 'sumRows']);
    expect(fuse(ofBiased.program).ops[0]).toMatchObject({ outputs: [ofBiased.biased], attributes: convolution });
    expect(fuse(ofBiased.program).ops[0]!.attributes).not.toHaveProperty('activation');
  });

  it('leaves what the host reads', () => {
    const ofConv = network((builder, { conv }) => builder.output('conv', conv));
    expect(fuse(ofConv.program).ops).toEqual(ofConv.program.ops);
    const ofBiased = network((builder, { biased }) => builder.output('biased', biased));
    expect(names(fuse(ofBiased.program))).toEqual(['conv2d', 'activation']);
  });

  it('joins nothing that does not follow at once, and nothing twice', () => {
    const builder = new ProgramBuilder(2);
    const x = builder.input('x', [4], 'f32', true);
    const kernel = builder.state('kernel', [3, 4]);
    const z = builder.emit('matmul', [x, kernel], product)[0]!;
    const active = builder.emit('activation', [z], { kind: 'relu' })[0]!;
    builder.output('y', builder.emit('addBias', [active, builder.state('bias', [3])], {})[0]!);
    const program = builder.build();
    expect(fuse(program).ops).toEqual(program.ops);

    const once = fuse(network().program);
    expect(fuse(once).ops).toEqual(once.ops);
  });

  it('joins nothing across an update of what the first op reads', () => {
    const build = (updated: 'kernel' | 'other') => {
      const builder = new ProgramBuilder(2);
      const x = builder.input('x', [4], 'f32', true);
      const states = { kernel: builder.state('kernel', [3, 4]), other: builder.state('other', [3, 4]) };
      const z = builder.emit('matmul', [x, states.kernel], product)[0]!;
      builder.emit('updateMovingAverage', [states[updated], builder.constant([3, 4], 1)], { momentum: 0.5 });
      builder.output('y', builder.emit('addBias', [z, builder.state('bias', [3])], {})[0]!);
      return builder.build();
    };
    expect(names(fuse(build('kernel')))).toEqual(['matmul', 'updateMovingAverage', 'addBias']);
    expect(names(fuse(build('other')))).toEqual(['updateMovingAverage', 'matmul']);
  });

  it('keeps the order of the rest, and puts the joined op where its last part was', () => {
    const builder = new ProgramBuilder(2);
    const x = builder.input('x', [4], 'f32', true);
    const kernel = builder.state('kernel', [3, 4]);
    const z = builder.emit('matmul', [x, kernel], product)[0]!;
    // The bias is computed between the product and its use.
    const bias = builder.emit('sumRows', [builder.emit('matmul', [x, kernel], product)[0]!], {})[0]!;
    const y = builder.emit('addBias', [z, bias], {})[0]!;
    builder.output('y', y);
    expect(fuse(builder.build()).ops).toMatchObject([
      { name: 'matmul', inputs: [x, kernel] },
      { name: 'sumRows' },
      { name: 'matmul', inputs: [x, kernel, bias], outputs: [y] },
    ]);
  });

  it('leaves one op for each layer of the seed network, and the folding of its normalizations', () => {
    const program = predictionProgram(Network.fromConfig(seed.network), { capacity: 1, images: { dtype: 'f32' } });
    expect(names(fuse(program))).toEqual([
      'conv2d',
      ...['foldNormalization', 'conv2d', 'maxPool2d'],
      ...['foldNormalization', 'conv2d'],
      ...['foldNormalization', 'conv2d', 'maxPool2d', 'reshape'],
      ...['foldNormalization', 'matmul'],
      ...['foldNormalization', 'matmul', 'softmax'],
    ]);
  });
});

const epsilon = 1e-3;
const noPadding = { top: 0, bottom: 0, left: 0, right: 0 };

/** Normalization of [N, 6, 6, channels] with statistics as states. */
function normalized(builder: ProgramBuilder, x: TensorSpec, name = 'norm'): TensorSpec {
  const channels = x.shape.at(-1)!;
  const states = ['gamma', 'beta', 'mean', 'variance'].map((part) => builder.state(`${name}/${part}`, [channels]));
  return builder.labelled(name, () => builder.emit('batchNormalizationInference', [x, ...states], { epsilon })[0]!);
}

/** Runs the program, fused by one backend and as it is by the other, on the same random state and input. */
async function bothWays(builder: ProgramBuilder): Promise<{ fused: readonly number[]; plain: readonly number[] }> {
  const program = builder.build();
  const compute = async (backend: Backend): Promise<number[]> => {
    const random = new Random(3, 0);
    const executable = await backend.compile(program);
    for (const { role, name, shape } of program.tensors) {
      const values = Float32Array.from({ length: sizeOf(shape) }, () => random.uniform() + 0.1);
      if (role === 'state') executable.writeState(name, values);
      if (role === 'input') executable.input(name).set(values);
    }
    await executable.run(2);
    const result = [...executable.readOutput('y')];
    await backend.dispose();
    return result;
  };
  return { fused: await compute(wasmBackend({ threads: 1 })), plain: await compute(referenceBackend()) };
}

function expectAlike({ fused, plain }: { readonly fused: readonly number[]; readonly plain: readonly number[] }): void {
  const largest = Math.max(...plain.map(Math.abs));
  plain.forEach((value, i) => expect(Math.abs(fused[i]! - value)).toBeLessThan(2e-6 * largest));
}

describe('folding of normalization', () => {
  const conv = { strides: [1, 1], padding: noPadding } as const;

  it.each([
    ['before a convolution', true, false],
    ['before a convolution with a bias', true, true],
    ['after a convolution', false, false],
    ['after a convolution with a bias', false, true],
  ])('%s: same values, nothing left', async (_, before, withBias) => {
    const builder = new ProgramBuilder(2);
    let x = builder.input('x', [6, 6, 3], 'f32', true);
    if (before) x = normalized(builder, x);
    let y = builder.emit('conv2d', [x, builder.state('kernel', [3, 2, 3, 5])], conv)[0]!;
    if (withBias) y = builder.emit('addBias', [y, builder.state('bias', [5])], {})[0]!;
    if (!before) y = normalized(builder, y);
    builder.output('y', builder.emit('activation', [y], { kind: 'relu' })[0]!);
    expect(names(fuse(builder.build()))).toEqual(['foldNormalization', 'conv2d']);
    expectAlike(await bothWays(builder));
  });

  it('on both sides of a matrix product, one into the other', async () => {
    const builder = new ProgramBuilder(2);
    const x = normalized(builder, builder.input('x', [7], 'f32', true), 'first');
    const y = builder.emit('matmul', [x, builder.state('kernel', [7, 4])], {
      transposeA: false,
      transposeB: false,
    })[0]!;
    builder.output('y', normalized(builder, y, 'second'));
    expect(names(fuse(builder.build()))).toEqual(['foldNormalization', 'foldNormalization', 'matmul']);
    expectAlike(await bothWays(builder));
  });

  it('not where zeros around the image would be normalized, too', () => {
    const builder = new ProgramBuilder(2);
    const x = normalized(builder, builder.input('x', [6, 6, 3], 'f32', true));
    const padded = { strides: [1, 1], padding: { ...noPadding, top: 1 } } as const;
    builder.output('y', builder.emit('conv2d', [x, builder.state('kernel', [3, 3, 3, 5])], padded)[0]!);
    expect(names(fuse(builder.build()))).toEqual(['batchNormalizationInference', 'conv2d']);
  });

  it('not where something else reads what is normalized, or weights that the program changes', () => {
    const builder = new ProgramBuilder(2);
    const x = normalized(builder, builder.input('x', [6, 6, 3], 'f32', true));
    const kernel = builder.state('kernel', [3, 3, 3, 5]);
    builder.output('x', x);
    const y = normalized(builder, builder.emit('conv2d', [x, kernel], conv)[0]!, 'after');
    builder.output('y', y);
    builder.emit('updateMovingAverage', [kernel, builder.constant([3, 3, 3, 5], 1)], { momentum: 0.9 });
    expect(names(fuse(builder.build()))).not.toContain('foldNormalization');
  });

  it('follows the weights', async () => {
    const builder = new ProgramBuilder(1);
    const x = normalized(builder, builder.input('x', [2], 'f32', true));
    const kernel = builder.state('kernel', [2, 1]);
    builder.output('y', builder.emit('matmul', [x, kernel], { transposeA: false, transposeB: false })[0]!);
    const backend = wasmBackend({ threads: 1 });
    const executable = await backend.compile(builder.build());
    executable.input('x').set([3, 5]);
    executable.writeState('norm/gamma', [1, 1]);
    executable.writeState('norm/variance', [1 - epsilon, 1 - epsilon]);
    for (const [weights, expected] of [
      [[1, 1], 8],
      [[2, -1], 1],
    ] as const) {
      executable.writeState('kernel', weights);
      await executable.run(1);
      await executable.run(1);
      expect(executable.readOutput('y')[0]).toBeCloseTo(expected, 5);
    }
    await backend.dispose();
  });
});

describe('normalizing again', () => {
  it('is what the gradients of the seed network’s convolutions read', () => {
    const options = {
      capacity: 4,
      images: { dtype: 'f32' },
      loss: categoricalCrossentropy(),
      metrics: [],
      optimizer: adam(),
    } as const;
    const { ops } = fuse(trainingProgram(Network.fromConfig(seed.network), options));
    const gradients = ops.filter(({ name }) => name === 'conv2dGradient');
    expect(gradients).toHaveLength(3);
    for (const { inputs } of gradients) {
      const before = ops.find(({ outputs }) => outputs.includes(inputs[0]!))!;
      expect(before.name).toBe('batchNormalizationInference');
      // It is read by nothing else.
      expect(ops.filter((op) => op.inputs.includes(inputs[0]!))).toHaveLength(1);
    }
  });
});
