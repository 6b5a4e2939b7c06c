import { describe, expect, it } from 'vitest';
import { Network, predictionProgram } from '../../../nn/index.js';
import { seed } from '../../../train/recipes/seed.js';
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

  it('leaves one op for each layer of the seed network, but for normalization, pooling and shapes', () => {
    const program = predictionProgram(Network.fromConfig(seed.network), { capacity: 1, images: { dtype: 'f32' } });
    expect(names(fuse(program))).toEqual([
      ...['conv2d', 'batchNormalizationInference'],
      ...['conv2d', 'maxPool2d', 'batchNormalizationInference'],
      ...['conv2d', 'batchNormalizationInference'],
      ...['conv2d', 'maxPool2d', 'reshape', 'batchNormalizationInference'],
      ...['matmul', 'batchNormalizationInference'],
      ...['matmul', 'softmax'],
    ]);
  });
});
