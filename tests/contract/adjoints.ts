import { expect, it } from 'vitest';
import type { TensorSpec } from '../../src/engine/program/types.js';
import { Random } from '../../src/numeric/philox.js';
import { between, CaseProgram, channelCounts, newCase, pick, uniform } from './cases/case.js';
import { drawPadding } from './cases/conv2d.js';
import { dot, norm, readAll, writeAll } from './harness.js';
import type { Contract } from './suite.js';

/** Declares inputs x and y and emits A x and A' y, A linear: <A x, y> = <x, A' y>. */
type LinearMap = (program: CaseProgram) => [ax: TensorSpec, aty: TensorSpec];
type Draw = (random: Random, index: number) => { title: string; capacity: number; map: LinearMap };

const CASES = 8;

function drawConv(random: Random) {
  const window = [between(random, 1, 5), between(random, 1, 5)] as const;
  const strides = [between(random, 1, 3), between(random, 1, 3)] as const;
  const image = [between(random, window[0], 12), between(random, window[1], 12)] as const;
  const padding = drawPadding(random, image, window, strides);
  const kernelShape = [...window, pick(random, channelCounts), pick(random, channelCounts)];
  const capacity = between(random, 1, 7);
  const title = `${capacity} of ${image.join('x')} by ${kernelShape.join('x')}, strides ${strides.join('x')}`;
  return { title, capacity, image, kernelShape, attributes: { strides, padding } };
}

const maps: Record<string, Draw> = {
  'conv2d in x': (random) => {
    const { title, capacity, image, kernelShape, attributes } = drawConv(random);
    return {
      title,
      capacity,
      map(program) {
        const x = program.batched('x', [...image, kernelShape[2]!]);
        const kernel = program.unbatched('kernel', kernelShape);
        const ax = program.emit('conv2d', [x, kernel], attributes);
        const y = program.batched('y', ax.shape.slice(1));
        return [ax, program.emit('conv2dInputGradient', [y, kernel], { ...attributes, inputShape: x.shape })];
      },
    };
  },
  'conv2d in the kernel': (random) => {
    const { title, capacity, image, kernelShape, attributes } = drawConv(random);
    return {
      title,
      capacity,
      map(program) {
        const images = program.batched('images', [...image, kernelShape[2]!]);
        const x = program.unbatched('x', kernelShape);
        const ax = program.emit('conv2d', [images, x], attributes);
        const y = program.batched('y', ax.shape.slice(1));
        return [ax, program.emit('conv2dKernelGradient', [images, y], { ...attributes, kernelShape })];
      },
    };
  },
  'matmul in a': (random, index) => {
    const [m, k, n] = [between(random, 1, 17), between(random, 1, 40), between(random, 1, 33)];
    const transposeB = index % 2 === 1;
    return {
      title: `${m}x${k} ${k}x${n}${transposeB ? ', b transposed' : ''}`,
      capacity: m,
      map(program) {
        const x = program.batched('x', [k]);
        const b = program.unbatched('b', transposeB ? [n, k] : [k, n]);
        const ax = program.emit('matmul', [x, b], { transposeA: false, transposeB });
        const y = program.batched('y', [n]);
        return [ax, program.emit('matmul', [y, b], { transposeA: false, transposeB: !transposeB })];
      },
    };
  },
  'matmul in b': (random) => {
    const [m, k, n] = [between(random, 1, 17), between(random, 1, 40), between(random, 1, 33)];
    return {
      title: `${m}x${k} ${k}x${n}`,
      capacity: m,
      map(program) {
        const a = program.batched('a', [k]);
        const x = program.unbatched('x', [k, n]);
        const ax = program.emit('matmul', [a, x], { transposeA: false, transposeB: false });
        const y = program.batched('y', [n]);
        return [ax, program.emit('matmul', [a, y], { transposeA: true, transposeB: false })];
      },
    };
  },
  averagePool2d: (random) => {
    const image = [between(random, 1, 12), between(random, 1, 12)] as const;
    const poolSize = [between(random, 1, image[0]), between(random, 1, image[1])] as const;
    const strides = [between(random, 1, 3), between(random, 1, 3)] as const;
    const padding = drawPadding(random, image, poolSize, strides);
    const channels = pick(random, channelCounts);
    return {
      title: `${image.join('x')}x${channels} by ${poolSize.join('x')}, strides ${strides.join('x')}`,
      capacity: between(random, 1, 7),
      map(program) {
        const x = program.batched('x', [...image, channels]);
        const attributes = { poolSize, strides, padding };
        const ax = program.emit('averagePool2d', [x], attributes);
        const y = program.batched('y', ax.shape.slice(1));
        return [ax, program.emit('averagePool2dGradient', [y], { ...attributes, inputShape: x.shape })];
      },
    };
  },
  'addBias in the bias': (random) => {
    const shape = [between(random, 1, 7), pick(random, channelCounts)];
    return {
      title: shape.join('x'),
      capacity: between(random, 1, 17),
      map(program) {
        const zeros = program.batched('zeros', shape, () => 0);
        const x = program.unbatched('x', shape.slice(-1));
        const y = program.batched('y', shape);
        const [ax, aty] = [program.emit('addBias', [zeros, x], {}), program.emit('sumRows', [y], {})];
        return [ax, aty];
      },
    };
  },
  batchNormalizationInference: (random) => {
    const shape = [between(random, 1, 7), pick(random, channelCounts)];
    return {
      title: shape.join('x'),
      capacity: between(random, 1, 17),
      map(program) {
        const [x, y] = [program.batched('x', shape), program.batched('y', shape)];
        const perChannel = shape.slice(-1);
        const gamma = program.unbatched('gamma', perChannel);
        const zero = program.unbatched('zero', perChannel, () => 0);
        const variance = program.unbatched('variance', perChannel, uniform(0.1, 2));
        const epsilon = 1e-3;
        const ax = program.emit('batchNormalizationInference', [x, gamma, zero, zero, variance], { epsilon });
        const aty = program.emit('batchNormalizationInferenceGradient', [y, gamma, variance], { epsilon });
        return [ax, aty];
      },
    };
  },
  dropout: (random) => {
    const shape = [between(random, 1, 40)];
    const attributes = { rate: 0.4, stream: 3 };
    return {
      title: shape.join('x'),
      capacity: between(random, 1, 17),
      map(program) {
        const [x, y] = [program.batched('x', shape), program.batched('y', shape)];
        const key = program.integers('key', [3], 'u32', false, (r) => r.uint32());
        const [ax, aty] = [
          program.emit('dropout', [x, key], attributes),
          program.emit('dropout', [y, key], attributes),
        ];
        return [ax, aty];
      },
    };
  },
  meanRows: (random) => {
    const capacity = between(random, 1, 40);
    return {
      title: `${capacity}`,
      capacity,
      map(program) {
        const [x, y] = [program.batched('x', []), program.unbatched('y', [1])];
        const ax = program.emit('meanRows', [x], {});
        return [ax, program.emit('meanRowsGradient', [y], { rows: program.capacity })];
      },
    };
  },
};

export function describeAdjoints(get: () => Contract): void {
  it.each(Object.keys(maps))('<A x, y> = <x, A transposed y> for %s', async (name) => {
    const { backend, tolerances } = get();
    const random = new Random(21, 102, Object.keys(maps).indexOf(name));
    for (let index = 0; index < CASES; index++) {
      const { title, capacity, map } = maps[name]!(random, index);
      const one = newCase(random, title, capacity, (program) => {
        const [ax, aty] = map(program);
        program.builder.output('ax', ax);
        program.builder.output('aty', aty);
      });
      const program = new CaseProgram(one, capacity);
      const executable = await backend.compile(program.builder.build());
      writeAll(executable, program);
      for (const rows of new Set([capacity, Math.max(1, capacity - 1)])) {
        await executable.run(rows);
        const { outputs } = readAll(executable, rows);
        const [ax, aty] = [outputs['ax']!, outputs['aty']!];
        const [x, y] = [program.inputs['x']!.subarray(0, aty.length), program.inputs['y']!.subarray(0, ax.length)];
        const scale = norm(ax) * norm(y);
        const error = Math.abs(dot(ax, y) - dot(x, aty)) / (scale < 1e-9 ? 1 : scale);
        expect(error, `${name}: ${title}, ${rows} rows`).toBeLessThanOrEqual(tolerances.adjoint);
      }
    }
  });
}
