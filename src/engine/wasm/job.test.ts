import { afterAll, describe, expect, it } from 'vitest';
import { sizeOf } from '../../numeric/tensor.js';
import type { Executable } from '../backend.js';
import { ProgramBuilder } from '../program/builder.js';
import type { Program } from '../program/types.js';
import { wasmBackend } from './backend.js';
import { planProgram } from './plan.js';

const CAPACITY = 40;
const product = { transposeA: false, transposeB: false } as const;
const windows = { strides: [1, 1], padding: { top: 0, bottom: 0, left: 0, right: 0 } } as const;

/** Two convolutions and their gradients: that of what lies between them is needed within one chain alone. */
function convolutions(filters: number): Program {
  const builder = new ProgramBuilder(CAPACITY);
  const images = builder.input('images', [10, 10, 8], 'f32', true);
  const targets = builder.input('targets', [4], 'f32', true);
  const kernels = [builder.state('first', [3, 3, 8, filters]), builder.state('second', [3, 3, filters, filters])];
  const y = kernels.reduce((x, kernel) => {
    const z = builder.emit('conv2d', [x, kernel], windows)[0]!;
    return builder.emit('activation', [z], { kind: 'relu' })[0]!;
  }, images);
  const flat = builder.emit('reshape', [y], { shape: [CAPACITY, 36 * filters] })[0]!;
  const dense = builder.state('dense', [36 * filters, 4]);
  const logits = builder.emit('matmul', [flat, dense], product)[0]!;
  const [losses] = builder.emit('softmaxCrossEntropy', [logits, targets], { labelSmoothing: 0 });
  const [loss] = builder.emit('meanRows', [losses!], {});
  const gradients = builder.gradients(loss!, [...kernels, dense]);
  gradients.forEach((gradient, i) => builder.output(`gradient ${i}`, gradient));
  return builder.build();
}

const longestChain = (program: Program) => Math.max(...planProgram(program, 1).stages.map(({ calls }) => calls.length));

describe.each([1, 2])('with %i threads', (threads) => {
  const backend = wasmBackend({ threads });
  afterAll(() => backend.dispose());

  async function compile(program: Program): Promise<Executable> {
    const executable = await backend.compile(program);
    for (const { name, role, shape } of program.tensors) {
      if (role === 'input') executable.input(name).fill(0.5);
      if (role === 'state') {
        const values = Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 7) % 5) / 50);
        executable.writeState(name, values);
      }
    }
    return executable;
  }

  describe('the search for NaN', () => {
    // 8 filters by Winograd's algorithm, 5 by the definition.
    it.each([8, 5])('looks at values of a chain while they are there: %i filters', async (filters) => {
      const program = convolutions(filters);
      const executable = await compile(program);
      await executable.run(CAPACITY);
      expect(await executable.findNonFinite(CAPACITY)).toBeUndefined();
      executable.dispose();
    });

    it('finds the first op, though a later one of the chain meets it in an earlier row', async () => {
      const builder = new ProgramBuilder(CAPACITY);
      const x = builder.input('x', [3], 'f32', true);
      const doubled = builder.labelled('doubled', () => builder.emit('add', [x, x], {}))[0]!;
      const fourfold = builder.labelled('fourfold', () => builder.emit('add', [doubled, doubled], {}))[0]!;
      builder.output('y', fourfold);
      const program = builder.build();
      expect(longestChain(program)).toBe(2);
      const executable = await compile(program);
      const values = executable.input('x');
      values[0] = 1e38;
      expect(await executable.findNonFinite(CAPACITY)).toMatchObject({ label: 'fourfold' });
      values[3 * (CAPACITY - 1)] = 3e38;
      expect(await executable.findNonFinite(CAPACITY)).toMatchObject({ label: 'doubled', tensor: doubled });
      // It is not in the rows in use.
      expect(await executable.findNonFinite(CAPACITY - 1)).toMatchObject({ label: 'fourfold' });
      executable.dispose();
    });

    it('does not take what was there before for a value without a batch that is not through', async () => {
      const builder = new ProgramBuilder(1);
      const [x, y] = [builder.input('x', [20000, 16], 'f32', false), builder.input('y', [20000, 16], 'f32', false)];
      const bias = builder.state('bias', [16]);
      const a = builder.labelled('a', () => builder.emit('addBias', [x, bias], {}))[0]!;
      const b = builder.labelled('b', () => builder.emit('addBias', [y, bias], {}))[0]!;
      const sum = builder.labelled('sum', () => builder.emit('add', [b, a], {}))[0]!;
      const large = builder.constant([1], 3e38);
      const scaled = builder.labelled('scaled', () => builder.emit('scaleByScalar', [sum, large], { factor: 10 }))[0]!;
      builder.output('scaled', scaled);
      const program = builder.build();
      // The infinities of one run are where the next one puts a: such large memory is used again at once.
      const { memory } = planProgram(program, threads);
      expect(memory.place(scaled)).toEqual(memory.place(a));
      const executable = await compile(program);
      await executable.run(1);
      expect(await executable.findNonFinite(1)).toMatchObject({ label: 'scaled' });
      executable.dispose();
    });
  });

  it('the profile has times for every call of a chain, none for what is not done again', async () => {
    const program = convolutions(8);
    const executable = await compile(program);
    const times = await executable.profile!(CAPACITY, 3);
    const planned = planProgram(program, threads).stages.flatMap(({ calls }) => calls);
    expect(times.map(({ kernel }) => kernel)).toEqual(planned.map(({ kernel }) => kernel));
    times.forEach(({ work, wait }, i) => {
      expect([work.length, wait.length]).toEqual([threads, threads]);
      const total = work.reduce((sum, milliseconds) => sum + milliseconds, 0);
      if (planned[i]!.once) expect(total).toBe(0);
      else expect(total).toBeGreaterThan(0);
    });
    executable.dispose();
  });
});
