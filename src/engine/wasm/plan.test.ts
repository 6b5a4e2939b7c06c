import { describe, expect, it } from 'vitest';
import {
  accuracy,
  adam,
  categoricalCrossentropy,
  evaluationProgram,
  Network,
  predictionProgram,
  trainingProgram,
} from '../../nn/index.js';
import { seed } from '../../train/recipes/seed.js';
import { ProgramBuilder } from '../program/builder.js';
import { bytesOf } from '../program/memory.js';
import { type Plan, planProgram } from './plan.js';

/** Megabytes: `arena` for values that come and go, that of one thread included, `total` with weights and inputs. */
interface Cost {
  readonly calls: number;
  readonly barriers: number;
  readonly arena: number;
  readonly total: number;
}

/** Of the seed network, one thread, as of version 0.1.0. More needs a reason. */
const TRAINING: Cost = { calls: 126, barriers: 35, arena: 39.6, total: 46.9 };
const EVALUATION: Cost = { calls: 23, barriers: 9, arena: 1.8, total: 10 };
const SINGLE_PREDICTION: Cost = { calls: 21, barriers: 8, arena: 1, total: 9.1 };
/** What each further thread adds. */
const THREAD = 1;
/** Each value of training in a place of its own would take so many times the arena. */
const SAVED = 3.8;

/** Multiply-adds of one image, forward: the notebook's 10.2 million. */
const FORWARD = 10_235_008;
/** Of them in the first convolution, whose input needs no gradient. */
const FIRST = 26 * 26 * 32 * 9;

const network = Network.fromConfig(seed.network);
const options = {
  capacity: 128,
  images: { dtype: 'u8', divisor: 255 },
  loss: categoricalCrossentropy(),
  metrics: [accuracy()],
  optimizer: adam(),
} as const;

const callsOf = (plan: Plan) => plan.stages.flatMap(({ calls }) => calls);
const megabytes = (bytes: number) => bytes / 1e6;

function expectCost(plan: Plan, { calls, barriers, arena, total }: Cost): void {
  expect(callsOf(plan).length).toBeLessThanOrEqual(calls);
  expect(plan.stages.filter(({ barrier }) => barrier).length).toBeLessThanOrEqual(barriers);
  expect(megabytes(plan.memory.arenaBytes)).toBeLessThanOrEqual(arena);
  expect(megabytes(plan.memory.totalBytes)).toBeLessThanOrEqual(total);
}

describe('what the seed network costs', () => {
  it('in a step of training at batch 128', () => {
    const plan = planProgram(trainingProgram(network, options), 1);
    expect(network.multiplyAdds).toBe(FORWARD);
    // Forward, the kernels' gradients and the inputs' gradients.
    expect(plan.multiplyAdds).toBe(128 * (3 * FORWARD - FIRST));
    expectCost(plan, TRAINING);
    const three = planProgram(trainingProgram(network, options), 3);
    expect(megabytes(three.memory.totalBytes - plan.memory.totalBytes)).toBeLessThanOrEqual(2 * THREAD);
    const values = plan.program.tensors.filter(({ role }) => role === 'value');
    const apart = values.reduce((sum, value) => sum + bytesOf(value), 0);
    expect(plan.memory.arenaBytes).toBeLessThan(apart / SAVED);
  });

  it('in evaluation at batch 128 and prediction of one image', () => {
    const evaluation = planProgram(evaluationProgram(network, options), 1);
    expect(evaluation.multiplyAdds).toBe(128 * FORWARD);
    expectCost(evaluation, EVALUATION);
    const single = planProgram(predictionProgram(network, { ...options, capacity: 1 }), 1);
    expect(single.multiplyAdds).toBe(FORWARD);
    expectCost(single, SINGLE_PREDICTION);
  });

  it('does not depend on the number of threads, but for their own memory', () => {
    const [one, four] = [1, 4].map((threads) => planProgram(trainingProgram(network, options), threads));
    expect(four!.stages).toEqual(one!.stages);
    expect(four!.memory.ownAddress).toBe(one!.memory.ownAddress);
    expect(four!.memory.totalBytes - one!.memory.totalBytes).toBe(3 * one!.memory.ownBytes);
  });

  it('names every call by its layer', () => {
    const layers = network.layers.map(({ name }) => name);
    const labels = new Set(callsOf(planProgram(trainingProgram(network, options), 1)).map(({ label }) => label));
    expect([...labels].filter((label) => !layers.includes(label)).sort()).toEqual(['correct', 'images', 'loss']);
    // A shape is no work.
    expect(layers.filter((layer) => !labels.has(layer))).toEqual(['flatten']);
  });
});

describe('what a call costs', () => {
  it('are the multiply-adds its kernel does, and the bytes of what it touches, once each', () => {
    const builder = new ProgramBuilder(100);
    const x = builder.input('x', [4, 4, 1], 'u8', true);
    const y = builder.emit('rescale', [x], { divisor: 255 })[0]!;
    const z = builder.emit('add', [y, y], {})[0]!;
    const kernel = builder.state('kernel', [2, 2, 1, 8]);
    const padding = { top: 1, bottom: 0, left: 1, right: 0 };
    builder.output('y', builder.emit('conv2d', [z, kernel], { strides: [1, 1], padding })[0]!);
    const calls = callsOf(planProgram(builder.build(), 1));
    const callOf = (name: string) => calls.find((call) => call.kernel === name)!;
    const image = 100 * 4 * 4;
    expect(callOf('rescale')).toMatchObject({ multiplyAdds: 0, bytes: image + image * 4 });
    expect(callOf('add')).toMatchObject({ multiplyAdds: 0, bytes: 2 * image * 4 });
    // It reads z and writes a copy with zeros around it.
    expect(callOf('pad2d')).toMatchObject({ multiplyAdds: 0, bytes: image * 4 + 100 * 5 * 5 * 4 });
    expect(callOf('conv2d').multiplyAdds).toBe(image * 4 * 8);
    expect(callOf('conv2d').bytes).toBeGreaterThanOrEqual(100 * 5 * 5 * 4 + image * 8 * 4);
    expect(callOf('conv2d').once).toBe(false);
    expect(callOf('matmulPack').once).toBe(true);
  });
});

describe('barriers', () => {
  const relu = { kind: 'relu' } as const;
  const describeStages = ({ stages }: Plan) =>
    stages.map(({ barrier, calls }) => `${barrier ? '| ' : ''}${calls.map(({ op }) => op).join(' ')}`);

  it('stand where a call reads what another wrote, or writes what another read, and nowhere else', () => {
    const builder = new ProgramBuilder(8);
    const [x, y] = [builder.input('x', [64, 4], 'f32', false), builder.input('y', [64, 4], 'f32', false)];
    const a = builder.emit('activation', [x], relu)[0]!;
    const b = builder.emit('activation', [y], relu)[0]!;
    const sum = builder.emit('add', [a, b], {})[0]!;
    const c = builder.emit('activation', [x], { kind: 'tanh' })[0]!;
    for (const [name, tensor] of Object.entries({ a, b, sum, c })) builder.output(name, tensor);
    expect(describeStages(planProgram(builder.build(), 1))).toEqual([
      'activation',
      'activation',
      '| add',
      'activation',
    ]);
  });

  it('stand between chains, not within them', () => {
    const builder = new ProgramBuilder(8);
    const x = builder.input('x', [64], 'f32', true);
    const weight = builder.state('weight', [64, 64]);
    const active = builder.emit('activation', [builder.emit('softmax', [x], {})[0]!], relu)[0]!;
    const y = builder.emit('matmul', [active, weight], { transposeA: false, transposeB: false })[0]!;
    builder.output(
      'y',
      builder.emit(
        'softmax',
        [builder.emit('dropout', [y, builder.input('random', [3], 'u32', false)], { rate: 0.5, stream: 0 })[0]!],
        {},
      )[0]!,
    );
    expect(describeStages(planProgram(builder.build(), 1))).toEqual([
      'matmul',
      'softmax activation',
      '| matmul',
      '| dropout softmax',
    ]);
  });

  it('stand where memory is used again', () => {
    const builder = new ProgramBuilder(8);
    const x = builder.input('x', [100_000, 4], 'f32', false);
    for (const name of ['first', 'second']) {
      const y = builder.emit('softmax', [x], {})[0]!;
      builder.output(name, builder.emit('softmax', [y], {})[0]!);
    }
    const plan = planProgram(builder.build(), 1);
    const [first, , second] = callsOf(plan);
    expect(second!.arguments[1]).toBe(first!.arguments[1]);
    expect(describeStages(plan)).toEqual(['softmax', '| softmax', '| softmax', '| softmax']);
  });

  it('keep an update from what still reads the old value', () => {
    const builder = new ProgramBuilder(8);
    const weight = builder.state('weight', [64, 4]);
    const one = builder.constant([64, 4], 1);
    builder.output('y', builder.emit('add', [one, weight], {})[0]!);
    builder.emit('updateMovingAverage', [weight, one], { momentum: 0.9 });
    expect(describeStages(planProgram(builder.build(), 1))).toEqual(['add', '| updateMovingAverage']);
  });
});

describe('what a call completes', () => {
  it('is every value of f32 once', () => {
    const plan = planProgram(trainingProgram(network, { ...options, capacity: 8 }), 1);
    const completed = callsOf(plan).flatMap(({ completes }) => completes.map(({ id }) => id));
    expect(new Set(completed).size).toBe(completed.length);
    const computed = plan.program.ops
      .filter(({ name }) => name !== 'reshape')
      .flatMap(({ outputs }) => outputs.filter(({ dtype }) => dtype === 'f32'));
    expect(completed.sort((a, b) => a - b)).toEqual(computed.map(({ id }) => id).sort((a, b) => a - b));
    // Some ops take several calls.
    expect(callsOf(plan).length).toBeGreaterThan(plan.program.ops.length);
  });

  it('is what it is the last to write: an op’s outputs may come from several calls', () => {
    const builder = new ProgramBuilder(8);
    const [x, dy] = [builder.input('x', [4, 4, 1], 'f32', true), builder.input('dy', [3, 3, 2], 'f32', true)];
    const kernel = builder.state('kernel', [2, 2, 1, 2]);
    const windows = { strides: [1, 1], padding: { top: 0, bottom: 0, left: 0, right: 0 } } as const;
    const [dx, dKernel] = builder.emit('conv2dGradient', [x, kernel, dy], windows);
    builder.output('dKernel', dKernel!);
    const [biased] = builder.emit('addBias', [dx!, builder.state('bias', [1])], {});
    builder.output('dx', biased!);
    const completes = callsOf(planProgram(builder.build(), 1)).map(({ kernel: name, completes: tensors }) => {
      return [name, ...tensors.map(({ id }) => id)];
    });
    expect(completes).toContainEqual(['conv2dInputGradient', dx!.id]);
    expect(completes).toContainEqual(['sumChunks', dKernel!.id]);
    expect(completes).toContainEqual(['conv2dKernelGradient']);
  });
});
