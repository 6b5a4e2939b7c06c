import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomProgram, recipes } from '../../../tests/engine/randomPrograms.js';
import { simulate } from '../../../tests/engine/simulation.js';
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
import { fuse } from '../program/fusion/index.js';
import { bytesOf } from '../program/memory.js';
import type { Program, TensorSpec } from '../program/types.js';
import type { Memory } from './lower/call.js';
import { lower } from './lower/index.js';
import { type MemoryPlan, planMemory } from './memory.js';
import { aliases, schedule } from './schedule.js';

const START = 64;
const product = { transposeA: false, transposeB: false } as const;

const network = Network.fromConfig(seed.network);
const options = {
  images: { dtype: 'u8', divisor: 255 },
  loss: categoricalCrossentropy(),
  metrics: [accuracy()],
  optimizer: adam(),
} as const;
const augmentation = { fillMode: 'nearest', fillValue: 0 } as const;
const seedPrograms: [string, (capacity: number) => Program][] = [
  ['training', (capacity) => trainingProgram(network, { ...options, capacity })],
  [
    'augmented training with gradients',
    (capacity) => trainingProgram(network, { ...options, capacity, augmentation, exposeGradients: true }),
  ],
  ['evaluation', (capacity) => evaluationProgram(network, { ...options, capacity })],
  ['prediction', (capacity) => predictionProgram(network, { ...options, capacity })],
];

function planned(program: Program, threads = 1) {
  const lowered = lower(program);
  const stages = schedule(lowered);
  return { lowered, stages, memory: planMemory(program, lowered, stages, threads, START) };
}

/** Of the values that come and go, and what they are computed with. */
const sharedBytes = ({ ownAddress, totalBytes, arenaBytes }: MemoryPlan) => ownAddress - (totalBytes - arenaBytes);
const place = (memory: MemoryPlan, tensor: TensorSpec) => memory.place(tensor) as { address?: number; offset?: number };

/** The most bytes of shared memory that are in use in some stage: by what is read later and was written before. */
function mostBytes({ outputs }: Program, { lowered, stages, memory }: ReturnType<typeof planned>): number {
  const origin = aliases(lowered);
  const uses = new Map<Memory, { first: number; last: number }>();
  const use = (item: Memory, stage: number) => {
    const root = 'kind' in item ? item : (origin.get(item) ?? item);
    uses.set(root, { first: uses.get(root)?.first ?? stage, last: stage });
  };
  for (const [stage, { calls }] of stages.entries()) {
    for (const item of calls.flatMap((call) => call.arguments)) if (typeof item !== 'number') use(item, stage);
  }
  for (const output of outputs.values()) use(output, stages.length);
  const spans = [...uses].flatMap(([item, { first, last }]) => {
    const at = memory.place(item);
    if (!('address' in at) || at.address < memory.totalBytes - memory.arenaBytes) return [];
    const bytes = 'kind' in item ? 4 * item.floats : bytesOf(item);
    return [{ begin: at.address, end: at.address + bytes, first, last }];
  });
  const inUse = stages.map((_, stage) => {
    let [bytes, end] = [0, 0];
    for (const span of spans.filter(({ first, last }) => first <= stage && stage <= last).sort(byBegin)) {
      bytes += Math.max(0, span.end - Math.max(end, span.begin));
      end = Math.max(end, span.end);
    }
    return bytes;
  });
  return Math.max(...inUse);
}

function byBegin(a: { begin: number }, b: { begin: number }): number {
  return a.begin - b.begin;
}

describe('the memory of the seed network’s programs', () => {
  it.each(seedPrograms)('of %s holds what is read until it was read, in whatever order threads go on', (_, program) => {
    simulate(program(20), 1, [20, 13]);
    simulate(program(40), 3, [33, 40]);
    simulate(program(1), 2, [1, 1]);
  });

  it('of training at batch 128 does so', () => {
    simulate(trainingProgram(network, { ...options, capacity: 128 }), 3, [128]);
  });

  it.each(seedPrograms)('of %s is little more than what must be there at once', (_, source) => {
    const program = fuse(source(128));
    const plan = planned(program);
    expect(sharedBytes(plan.memory)).toBeLessThanOrEqual(1.1 * mostBytes(program, plan));
  });
});

describe('the memory of any program', () => {
  it('holds what is read until it was read, in whatever order threads go on', () => {
    const runs = fc.record({ threads: fc.integer({ min: 1, max: 3 }), order: fc.nat(), part: fc.nat() });
    fc.assert(
      fc.property(recipes, runs, (recipe, { threads, order, part }) => {
        const program = randomProgram(recipe);
        simulate(program, threads, [1 + (part % program.capacity), program.capacity], order);
      }),
      { numRuns: 100 },
    );
  });

  it('is used again', () => {
    const builder = new ProgramBuilder(100);
    let x = builder.input('x', [16], 'f32', true);
    const weight = builder.state('w', [16, 16]);
    for (let i = 0; i < 10; i++) x = builder.emit('matmul', [x, weight], product)[0]!;
    builder.output('y', x);
    const { memory } = planned(builder.build());
    // Ten values of 6,400 bytes, of which two are needed at any time and two rest; the output has a place of its own. Each
    // product has its packed weights, for good.
    expect(sharedBytes(memory)).toBe(5 * 6400);
    expect(memory.totalBytes - memory.arenaBytes).toBe(START + 6400 + 1024 + 10 * 1024);
  });

  it('is taken over by ops that work in place, and by reshapes', () => {
    const builder = new ProgramBuilder(100);
    const x = builder.input('x', [16], 'f32', true);
    const weight = builder.state('w', [16, 16]);
    const first = builder.emit('matmul', [x, weight], product)[0]!;
    const active = builder.emit('activation', [first], { kind: 'relu' })[0]!;
    const shaped = builder.emit('reshape', [active], { shape: [100, 1, 16] })[0]!;
    const flat = builder.emit('reshape', [shaped], { shape: [100, 16] })[0]!;
    builder.output('y', builder.emit('matmul', [flat, weight], product)[0]!);
    const { memory } = planned(builder.build());
    for (const value of [active, shaped, flat]) expect(memory.place(value)).toEqual(memory.place(first));
    expect(sharedBytes(memory)).toBe(2 * 6400);
  });

  it('is not taken over from a value that is read twice', () => {
    const builder = new ProgramBuilder(1);
    const x = builder.input('x', [100, 16], 'f32', false);
    const y = builder.emit('softmax', [x], {})[0]!;
    const doubled = builder.emit('add', [y, y], {})[0]!;
    builder.output('y', doubled);
    const { memory } = planned(builder.build());
    expect(memory.place(doubled)).not.toEqual(memory.place(y));
    expect(sharedBytes(memory)).toBe(2 * 6400);
  });
});

describe('what lives within one chain', () => {
  /** x [100, 16], as many times softmax, and at the end the output y. */
  function softmaxes(count: number) {
    const builder = new ProgramBuilder(100);
    const values = [builder.input('x', [16], 'f32', true)];
    for (let i = 0; i < count; i++) values.push(builder.emit('softmax', [values.at(-1)!], {})[0]!);
    builder.output('y', values.at(-1)!);
    return { program: builder.build(), values };
  }
  const ROW = 16 * 4;

  it('takes no shared memory, but a few rows of every thread’s own', () => {
    const { program, values } = softmaxes(3);
    const { stages, memory } = planned(program, 4);
    expect(stages).toHaveLength(1);
    const { step } = stages[0]!.chain!;
    expect(values.slice(1, 3).map((value) => memory.place(value))).toEqual([
      { offset: expect.any(Number) as number, rowBytes: ROW },
      { offset: expect.any(Number) as number, rowBytes: ROW },
    ]);
    expect(memory.ownBytes).toBe(2 * step * ROW);
    // Only y is there as a whole.
    expect(memory.place(values[3]!)).toEqual({ address: memory.totalBytes - memory.arenaBytes });
    expect(memory.arenaBytes).toBe(100 * ROW + 4 * memory.ownBytes);
    expect(memory.ownAddress + 4 * memory.ownBytes).toBe(memory.totalBytes);
  });

  it('shares that, one after the other', () => {
    const { program, values } = softmaxes(20);
    const { stages, memory } = planned(program);
    expect(stages).toHaveLength(1);
    expect(memory.ownBytes).toBe(2 * stages[0]!.chain!.step * ROW);
    expect(new Set(values.slice(1, 20).map((value) => place(memory, value).offset)).size).toBe(2);
  });

  it('stays there, though an op could work in place', () => {
    const builder = new ProgramBuilder(100);
    const y = builder.emit('softmax', [builder.input('x', [16], 'f32', true)], {})[0]!;
    builder.output('y', builder.emit('activation', [y], { kind: 'relu' })[0]!);
    expect(planned(builder.build()).memory.place(y)).toEqual({ offset: 0, rowBytes: ROW });
  });

  it('is worked on in place, and reshaped', () => {
    const builder = new ProgramBuilder(100);
    const x = builder.input('x', [16], 'f32', true);
    const y = builder.emit('softmax', [x], {})[0]!;
    const active = builder.emit('activation', [y], { kind: 'relu' })[0]!;
    const shaped = builder.emit('reshape', [active], { shape: [100, 4, 4] })[0]!;
    builder.output('y', builder.emit('softmax', [shaped], {})[0]!);
    const { memory } = planned(builder.build());
    expect(memory.place(y)).toEqual({ offset: 0, rowBytes: ROW });
    expect(memory.place(active)).toEqual(memory.place(y));
    expect(memory.place(shaped)).toEqual(memory.place(y));
  });

  it('is also scratch for every row', () => {
    const builder = new ProgramBuilder(100);
    const x = builder.input('x', [4, 4, 1], 'f32', true);
    const kernel = builder.state('kernel', [2, 2, 1, 3]);
    const windows = { strides: [1, 1], padding: { top: 1, bottom: 0, left: 1, right: 0 } } as const;
    builder.output('y', builder.emit('conv2d', [x, kernel], windows)[0]!);
    const { stages, memory } = planned(builder.build());
    // The images with zeros around them, 5 x 5.
    const copy = stages.flatMap(({ calls }) => calls).find((call) => call.kernel === 'pad2d')!.writes[0]!;
    expect(memory.place(copy)).toMatchObject({ offset: expect.any(Number) as number, rowBytes: 5 * 5 * 4 });
    expect(sharedBytes(memory)).toBe(100 * 4 * 4 * 3 * 4);
  });

  it('does not if the host reads it, or a later stage', () => {
    const builder = new ProgramBuilder(100);
    const x = builder.input('x', [16], 'f32', true);
    const [a, b, c, d] = [0, 1, 2, 3].reduce<TensorSpec[]>(
      (all) => [...all, builder.emit('softmax', [all.at(-1) ?? x], {})[0]!],
      [],
    );
    builder.output('b', b!);
    builder.output('sums', builder.emit('matmul', [d!, a!], { ...product, transposeA: true })[0]!);
    const { memory } = planned(builder.build());
    const isShared = [a, b, c, d].map((value) => 'address' in memory.place(value!));
    expect(isShared).toEqual([true, true, false, true]);
  });

  it('does not if a call needs all rows of it, even if nobody reads it', () => {
    const builder = new ProgramBuilder(100);
    const x = builder.input('x', [16], 'f32', true);
    const unread = builder.emit('matmul', [x, builder.state('w', [16, 16])], product)[0]!;
    const { memory } = planned(builder.build());
    expect(memory.place(unread)).toEqual({ address: memory.totalBytes - memory.arenaBytes });
    expect(sharedBytes(memory)).toBe(100 * ROW);
  });
});
