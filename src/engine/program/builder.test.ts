import { describe, expect, it } from 'vitest';
import { ProgramBuilder } from './builder.js';
import { changedTensors } from './changes.js';
import { sizeInUse } from './checks.js';
import type { AnyOp, TensorSpec } from './types.js';

const product = { transposeA: false, transposeB: false } as const;

describe('ProgramBuilder', () => {
  it('writes tensors with their roles, and the capacity as the first size of batched ones', () => {
    const builder = new ProgramBuilder(7);
    const bytes = builder.input('bytes', [2, 3], 'u8', true);
    const scalars = builder.input('scalars', [2], 'f32', false);
    const weight = builder.state('weight', [3]);
    const half = builder.constant([4], 0.5);
    const y = builder.emit('rescale', [bytes], { divisor: 255 })[0]!;
    builder.output('y', y);
    const program = builder.build();
    expect(program.capacity).toBe(7);
    expect(program.tensors).toEqual([bytes, scalars, weight, half, y]);
    expect(program.outputs).toEqual(new Map([['y', y]]));
    expect(bytes).toMatchObject({ id: 0, name: 'bytes', shape: [7, 2, 3], dtype: 'u8', role: 'input', batched: true });
    expect(scalars).toMatchObject({ shape: [2], role: 'input', batched: false });
    expect(weight).toMatchObject({ shape: [3], dtype: 'f32', role: 'state', batched: false });
    expect(half).toMatchObject({ shape: [4], role: 'constant', fill: 0.5 });
    expect(y).toMatchObject({ shape: [7, 2, 3], dtype: 'f32', role: 'value', batched: true });
    expect(new Set(program.tensors.map(({ id }) => id)).size).toBe(5);
    expect(sizeInUse(bytes, 3)).toBe(18);
    expect(sizeInUse(weight, 3)).toBe(3);
  });

  it('labels ops with the innermost label, also after an error', () => {
    const builder = new ProgramBuilder(1);
    const x = builder.input('x', [3], 'f32', true);
    const relu = () => builder.emit('activation', [x], { kind: 'relu' });
    builder.labelled('outer', () => {
      builder.labelled('inner', relu);
      relu();
      expect(() =>
        builder.labelled('failing', () => {
          throw new Error('mine');
        }),
      ).toThrow('mine');
      relu();
    });
    relu();
    expect(builder.build().ops.map(({ label }) => label)).toEqual(['inner', 'outer', 'outer', '']);
  });

  it('names the op, the layer and both shapes where they do not fit', () => {
    const builder = new ProgramBuilder(2);
    const x = builder.input('x', [3], 'f32', true);
    const weight = builder.state('weight', [4, 5]);
    const emit = () => builder.emit('matmul', [x, weight], product);
    expect(() => builder.labelled('dense_1', emit)).toThrow(
      expect.objectContaining({
        code: 'shape-mismatch',
        message: 'In layer "dense_1" (op matmul): The factors [2, 3] and [4, 5] do not fit: 3 columns against 4 rows.',
      }) as Error,
    );
    expect(emit).toThrow('In op matmul: The factors');
    expect(builder.build().ops).toEqual([]);
  });

  it('refuses a name that is taken, and a capacity that is none', () => {
    const builder = new ProgramBuilder(1);
    builder.state('dense/kernel', [1]);
    expect(() => builder.input('dense/kernel', [1], 'f32', true)).toThrow(
      'Two tensors are called "dense/kernel".\n  Give every layer its own name.',
    );
    for (const capacity of [0, -1, 1.5, NaN]) {
      expect(() => new ProgramBuilder(capacity)).toThrow(
        `The batch size must be a whole number >= 1, but is ${capacity}.`,
      );
    }
  });
});

describe('gradients', () => {
  function meanOf(builder: ProgramBuilder, z: TensorSpec): TensorSpec {
    const flat = builder.emit('reshape', [z], { shape: [builder.capacity] })[0]!;
    return builder.emit('meanRows', [flat], {})[0]!;
  }

  /** The mean over the rows of tanh(x first) second. */
  function network() {
    const builder = new ProgramBuilder(3);
    const x = builder.input('x', [4], 'f32', true);
    const [first, second] = [builder.state('first', [4, 5]), builder.state('second', [5, 1])];
    const hidden = builder.labelled('one', () => {
      const z = builder.emit('matmul', [x, first], product)[0]!;
      return builder.emit('activation', [z], { kind: 'tanh' })[0]!;
    });
    const z = builder.labelled('two', () => builder.emit('matmul', [hidden, second], product)[0]!);
    const loss = builder.labelled('loss', () => meanOf(builder, z));
    const forward = builder.build().ops.length;
    const added = (): AnyOp[] => builder.build().ops.slice(forward);
    return { builder, x, first, second, hidden, z, loss, added };
  }

  it('have the shapes of their targets, in their order, and the labels of the ops they come from', () => {
    const { builder, first, second, loss, added } = network();
    const [ofSecond, ofFirst] = builder.gradients(loss, [second, first]);
    expect(ofSecond!.shape).toEqual([5, 1]);
    expect(ofFirst!.shape).toEqual([4, 5]);
    expect(added().map(({ name, label }) => `${label} ${name}`)).toEqual([
      'loss meanRowsGradient',
      'loss reshape',
      'two matmul',
      'two matmul',
      'one activationGradient',
      'one matmul',
    ]);
  });

  it('are computed for nothing that was not asked for', () => {
    const { builder, second, loss, added } = network();
    builder.gradients(loss, [second]);
    expect(added().map(({ label }) => label)).toEqual(['loss', 'loss', 'two']);
  });

  it('go to values in the middle, too', () => {
    const { builder, hidden, loss, added } = network();
    expect(builder.gradients(loss, [hidden])[0]!.shape).toEqual([3, 5]);
    expect(added()).toHaveLength(3);
  });

  it('add up where a value is read more than once', () => {
    const builder = new ProgramBuilder(3);
    const x = builder.input('x', [1], 'f32', true);
    const sum = builder.emit('add', [builder.emit('add', [x, x], {})[0]!, x], {})[0]!;
    const loss = meanOf(builder, sum);
    const before = builder.build().ops.length;
    builder.gradients(loss, [x]);
    const added = builder.build().ops.slice(before);
    expect(added.map(({ name }) => name)).toEqual(['meanRowsGradient', 'reshape', 'add', 'add']);
  });

  it('are refused where the loss does not depend on the target, or an op has none', () => {
    const { builder, loss, x } = network();
    const apart = builder.state('apart', [2]);
    expect(() => builder.gradients(loss, [apart])).toThrow(
      expect.objectContaining({ code: 'no-gradient', message: 'The loss does not depend on "apart".' }) as Error,
    );
    const labels = builder.labelled('metric', () => builder.emit('correctPredictions', [x, x], {})[0]!);
    expect(() => builder.gradients(labels, [x])).toThrow('Op correctPredictions in "metric" has no gradient.');
  });
});

describe('changedTensors', () => {
  it('are what updates write in place', () => {
    const builder = new ProgramBuilder(2);
    const names = ['w', 'velocity', 'plain', 'adamW', 'm', 'v', 'mean', 'frozen'];
    const states = new Map(names.map((name) => [name, builder.state(name, [3])]));
    const of = (name: string) => states.get(name)!;
    const gradient = builder.input('g', [3], 'f32', false);
    const [one, two] = [builder.input('one', [1], 'f32', false), builder.input('two', [2], 'f32', false)];
    builder.emit('sgd', [of('w'), gradient, of('velocity'), one], { momentum: 0.9, nesterov: false });
    builder.emit('sgd', [of('plain'), gradient, one], { momentum: 0, nesterov: false });
    const hyper = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
    builder.emit('adam', [of('adamW'), gradient, of('m'), of('v'), two], hyper);
    builder.emit('updateMovingAverage', [of('mean'), of('frozen')], { momentum: 0.9 });
    builder.emit('activation', [of('frozen')], { kind: 'relu' });
    const changed = [...changedTensors(builder.build())].map(({ name }) => name);
    expect(changed.sort()).toEqual(['adamW', 'm', 'mean', 'plain', 'v', 'velocity', 'w']);
  });
});
