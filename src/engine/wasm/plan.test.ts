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
import { planProgram } from './plan.js';

const network = Network.fromConfig(seed.network);
const options = {
  capacity: 128,
  images: { dtype: 'u8', divisor: 255 },
  loss: categoricalCrossentropy(),
  metrics: [accuracy()],
  optimizer: adam(),
} as const;
const megabytes = (bytes: number) => bytes / 1e6;

/** Of one image, forward: the notebook's 10.2 million. */
const FORWARD = 10_235_008;
/** Of them in the first convolution, whose input needs no gradient. */
const FIRST = 26 * 26 * 32 * 9;

describe('what the seed network costs', () => {
  it('in a step of training at batch 128', () => {
    const plan = planProgram(trainingProgram(network, options), 1);
    expect(network.multiplyAdds).toBe(FORWARD);
    // Forward, the kernels' gradients and the inputs' gradients.
    expect(plan.multiplyAdds).toBe(128 * (3 * FORWARD - FIRST));
    // As of version 0.1.0, one thread: 125 calls, 78 barriers, 61 MB that values share, 68.3 MB in all. More needs a
    // reason. Each further thread adds a workspace of less than 1 MB.
    expect(plan.calls.length).toBeLessThanOrEqual(125);
    expect(plan.calls.filter(({ barrier }) => barrier).length).toBeLessThanOrEqual(78);
    expect(megabytes(plan.memory.arenaBytes)).toBeLessThan(61.1);
    expect(megabytes(plan.memory.totalBytes)).toBeLessThan(69);
    const three = planProgram(trainingProgram(network, options), 3);
    expect(megabytes(three.memory.totalBytes - plan.memory.totalBytes)).toBeLessThan(2);
    // Each value in a place of its own would take 176 MB.
    const values = plan.program.tensors.filter(({ role }) => role === 'value');
    const apart = values.reduce((sum, { shape }) => sum + 4 * shape.reduce((size, length) => size * length, 1), 0);
    expect(plan.memory.arenaBytes).toBeLessThan(apart / 2.8);
  });

  it('in evaluation and prediction', () => {
    const evaluation = planProgram(evaluationProgram(network, options), 1);
    expect(evaluation.multiplyAdds).toBe(128 * FORWARD);
    expect(evaluation.calls.length).toBeLessThanOrEqual(23);
    expect(megabytes(evaluation.memory.totalBytes)).toBeLessThan(27);
    const single = planProgram(predictionProgram(network, { ...options, capacity: 1 }), 1);
    expect(single.multiplyAdds).toBe(FORWARD);
    expect(single.calls.length).toBeLessThanOrEqual(21);
    expect(single.memory.arenaBytes).toBeLessThan(210_000);
  });

  it('names every call by its layer', () => {
    const plan = planProgram(trainingProgram(network, options), 1);
    const layers = network.layers.map(({ name }) => name);
    const labels = new Set(plan.calls.map(({ label }) => label));
    expect([...labels].filter((label) => !layers.includes(label)).sort()).toEqual(['correct', 'images', 'loss']);
    // A shape is no work.
    expect(layers.filter((layer) => !labels.has(layer))).toEqual(['flatten']);
  });
});

describe('barriers', () => {
  it('stand where a call reads what another wrote, or writes what another read, and nowhere else', () => {
    const builder = new ProgramBuilder(8);
    const [x, y] = [builder.input('x', [64], 'f32', true), builder.input('y', [64], 'f32', true)];
    const relu = { kind: 'relu' } as const;
    const a = builder.emit('activation', [x], relu)[0]!;
    const b = builder.emit('activation', [y], relu)[0]!;
    const sum = builder.emit('add', [a, b], {})[0]!;
    const c = builder.emit('activation', [x], { kind: 'tanh' })[0]!;
    for (const [name, tensor] of Object.entries({ a, b, sum, c })) builder.output(name, tensor);
    const { calls } = planProgram(builder.build(), 1);
    expect(calls.map(({ op, barrier }) => `${op} ${barrier}`)).toEqual([
      'activation false',
      'activation false',
      'add true',
      'activation false',
    ]);
  });

  it('keep an update from what still reads the old value', () => {
    const builder = new ProgramBuilder(8);
    const weight = builder.state('weight', [64, 4]);
    const one = builder.constant([64, 4], 1);
    builder.output('y', builder.emit('add', [one, weight], {})[0]!);
    builder.emit('updateMovingAverage', [weight, one], { momentum: 0.9 });
    const { calls } = planProgram(builder.build(), 1);
    expect(calls.at(-1)).toMatchObject({ op: 'updateMovingAverage', barrier: true });
  });
});

it('an op’s values are complete after its last call', () => {
  const plan = planProgram(trainingProgram(network, { ...options, capacity: 8 }), 1);
  const completed = plan.calls.flatMap(({ completes }) => completes.map(({ id }) => id));
  expect(new Set(completed).size).toBe(completed.length);
  const computed = plan.program.ops.filter(({ name }) => name !== 'reshape').flatMap(({ outputs }) => outputs);
  expect(completed.sort((a, b) => a - b)).toEqual(computed.map(({ id }) => id).sort((a, b) => a - b));
  // Some ops take several calls, the last of which completes them.
  expect(plan.calls.length).toBeGreaterThan(plan.program.ops.length);
});
