import { describe, expect, it } from 'vitest';
import { normal } from '../../numeric/distributions.js';
import { Random } from '../../numeric/philox.js';
import type { Backend } from '../backend.js';
import { ProgramBuilder } from '../program/builder.js';
import type { Program } from '../program/types.js';
import { referenceBackend } from '../reference/backend.js';
import { wasmBackend } from './backend.js';
import { winogradTile } from './lower/winograd.js';

const BATCH = 4;
const strides = [1, 1] as const;
const padding = { top: 0, bottom: 0, left: 0, right: 0 };

/** Forward and both gradients of one convolution. */
function convolution(height: number, width: number, C: number, O: number): Program {
  const builder = new ProgramBuilder(BATCH);
  const x = builder.input('x', [height, width, C], 'f32', true);
  const dy = builder.input('dy', [height - 2, width - 2, O], 'f32', true);
  const kernel = builder.state('kernel', [3, 3, C, O]);
  const kernelShape = kernel.shape;
  const emitted = {
    y: builder.emit('conv2d', [x, kernel], { strides, padding })[0]!,
    dx: builder.emit('conv2dInputGradient', [dy, kernel], { strides, padding, inputShape: x.shape })[0]!,
    dKernel: builder.emit('conv2dKernelGradient', [x, dy], { strides, padding, kernelShape })[0]!,
  };
  for (const [name, tensor] of Object.entries(emitted)) builder.output(name, tensor);
  return builder.build();
}

async function results(backend: Backend, program: Program): Promise<Record<string, ArrayLike<number>>> {
  const executable = await backend.compile(program);
  const random = new Random(5, 0);
  const draw = (count: number, f: () => number) => Float32Array.from({ length: count }, f);
  const x = executable.input('x');
  const dy = executable.input('dy');
  // As between the layers of a network: after relu, weights by Glorot, small gradients.
  x.set(draw(x.length, () => Math.max(0, normal(random))));
  dy.set(draw(dy.length, () => 1e-3 * normal(random)));
  const { shape } = program.tensors.find(({ name }) => name === 'kernel')!;
  const [, , C, O] = shape as [number, number, number, number];
  const limit = Math.sqrt(6 / (9 * (C + O)));
  executable.writeState(
    'kernel',
    draw(9 * C * O, () => limit * (2 * random.uniform() - 1)),
  );
  await executable.run(BATCH);
  const read = Object.fromEntries(['y', 'dx', 'dKernel'].map((name) => [name, executable.readOutput(name)]));
  await backend.dispose();
  return read;
}

function relativeError(values: ArrayLike<number>, truth: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < truth.length; i++) {
    difference += (values[i]! - truth[i]!) ** 2;
    size += truth[i]! ** 2;
  }
  return Math.sqrt(difference / size);
}

describe('the error of Winograd’s convolution against float64', () => {
  // Measured: 4.0e-7 to 8.0e-7 with tiles of 4, up to 1.7e-6 with 5, up to 2.7e-6 with 6.
  it.each([
    ['conv2d_1', 26, 26, 32, 32, 6, 3e-6],
    ['conv2d_2', 12, 12, 32, 64, 5, 2e-6],
    ['conv2d_3', 10, 10, 64, 64, 4, 1e-6],
  ] as const)('%s of the seed network, in all three directions', async (_, height, width, C, O, size, largest) => {
    const program = convolution(height, width, C, O);
    expect(winogradTile([3, 3, C, O], [BATCH, height - 2, width - 2, O], { strides })?.size).toBe(size);
    const truth = await results(referenceBackend(), program);
    for (const numerics of ['strict', 'relaxed'] as const) {
      const values = await results(wasmBackend({ threads: 2, numerics }), program);
      for (const name of ['y', 'dx', 'dKernel']) {
        expect(relativeError(values[name]!, truth[name]!), `${name}, ${numerics}`).toBeLessThan(largest);
      }
    }
  });
});

describe('winogradTile', () => {
  const size = (kernel: readonly number[], output: readonly number[], steps: readonly [number, number] = strides) =>
    winogradTile(kernel, output, { strides: steps })?.size;

  it('is for 3x3 kernels at stride 1 with channels in eights', () => {
    const seed = [128, 24, 24, 32];
    expect(size([3, 3, 32, 32], seed)).toBe(6);
    expect(size([5, 5, 32, 32], seed)).toBeUndefined();
    expect(size([3, 3, 1, 32], seed)).toBeUndefined();
    expect(size([3, 3, 32, 30], seed)).toBeUndefined();
    expect(size([3, 3, 32, 32], seed, [2, 1])).toBeUndefined();
  });

  it('fits the output', () => {
    const sizes = [4, 5, 6, 8, 10, 12, 14, 16, 20, 24, 28, 30].map((side) => size([3, 3, 64, 64], [1, side, side, 64]));
    expect(sizes).toEqual([4, 5, 6, 4, 5, 6, 5, 4, 5, 6, 6, 6]);
  });

  it('leaves small outputs and few channels, where the transforms cost more than they save', () => {
    expect(size([3, 3, 64, 64], [128, 1, 1, 64])).toBeUndefined();
    expect(size([3, 3, 8, 8], [128, 3, 3, 8])).toBeUndefined();
  });
});
