import { afterAll, describe, expect, it } from 'vitest';
import type { Executable } from '../backend.js';
import { ProgramBuilder } from '../program/builder.js';
import type { Program } from '../program/types.js';
import { wasmBackend } from './backend.js';

const backends = [1, 2].map((threads) => wasmBackend({ threads }));
afterAll(() => Promise.all(backends.map((backend) => backend.dispose())));

const CAPACITY = 40;
const none = { top: 0, bottom: 0, left: 0, right: 0 };
const windows = { strides: [1, 1], padding: none } as const;

/** Two convolutions and their gradients: dx of the second is used within one chain alone. */
function convolutions(filters: number): Program {
  const builder = new ProgramBuilder(CAPACITY);
  const x = builder.input('x', [10, 10, 8], 'f32', true);
  const targets = builder.input('targets', [4], 'f32', true);
  const kernels = [builder.state('first', [3, 3, 8, filters]), builder.state('second', [3, 3, filters, filters])];
  const dense = builder.state('dense', [36 * filters, 4]);
  let y = x;
  for (const kernel of kernels) {
    y = builder.emit('conv2d', [y, kernel], windows)[0]!;
    y = builder.emit('activation', [y], { kind: 'relu' })[0]!;
  }
  const flat = builder.emit('reshape', [y], { shape: [CAPACITY, 36 * filters] })[0]!;
  const logits = builder.emit('matmul', [flat, dense], { transposeA: false, transposeB: false })[0]!;
  const [rows] = builder.emit('softmaxCrossEntropy', [logits, targets], { labelSmoothing: 0 });
  const [loss] = builder.emit('meanRows', [rows!], {});
  const gradients = builder.gradients(loss!, [...kernels, dense]);
  gradients.forEach((gradient, i) => builder.output(`gradient ${i}`, gradient));
  return builder.build();
}

describe.each(backends.map((backend) => [backend.threads, backend] as const))('with %i threads', (_, backend) => {
  async function compile(program: Program): Promise<Executable> {
    const executable = await backend.compile(program);
    for (const { name, role, shape } of program.tensors) {
      const size = shape.reduce((product, length) => product * length, 1);
      if (role === 'state') executable.writeState(name, Array.from({ length: size }, (_, i) => ((i * 7) % 5) / 50));
      if (role === 'input') executable.input(name).fill(0.5);
    }
    return executable;
  }

  it.each([8, 5])('the search finds nothing where all is finite: %i filters', async (filters) => {
    const executable = await compile(convolutions(filters));
    await executable.run(CAPACITY);
    expect(await executable.findNonFinite(CAPACITY)).toBeUndefined();
    executable.dispose();
  });

  it('unbatched stale', async () => {
    const builder = new ProgramBuilder(1);
    const x = builder.input('x', [64, 16], 'f32', false);
    const y = builder.input('y', [64, 16], 'f32', false);
    const b = builder.state('b', [16]);
    const a = builder.labelled('a', () => builder.emit('addBias', [x, b], {}))[0]!;
    const c = builder.labelled('c', () => builder.emit('addBias', [y, b], {}))[0]!;
    const d = builder.labelled('d', () => builder.emit('activation', [c], {kind: 'tanh'}))[0]!;
    const e = builder.labelled('e', () => builder.emit('add', [d, a], {}))[0]!;
    const f = builder.labelled('f', () => builder.emit('scaleByScalar', [e, builder.constant([1], 3e38)], {factor: 3e38}))[0]!;
    const g = builder.labelled('g', () => builder.emit('addBias', [f, b], {}))[0]!;
    builder.output('g', g);
    const executable = await compile(builder.build());
    await executable.run(1);
    console.log((await executable.findNonFinite(1))?.label);
    executable.dispose();
  });
});
