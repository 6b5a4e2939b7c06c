import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomProgram, recipes } from '../../../tests/engine/randomPrograms.js';
import { accuracy, adam, categoricalCrossentropy, Network, trainingProgram } from '../../nn/index.js';
import { seed } from '../../train/recipes/seed.js';
import { ProgramBuilder } from '../program/builder.js';
import { fuse } from '../program/fusion/index.js';
import { bytesOf } from '../program/memory.js';
import type { Program, TensorSpec } from '../program/types.js';
import { type Argument, type KernelCall, type LoweredOp, type Memory, STOP } from './lower/call.js';
import { lower } from './lower/index.js';
import { CHAIN_BYTES, MOST_ROWS, schedule, type Stage } from './schedule.js';

const none = { top: 0, bottom: 0, left: 0, right: 0 };
const windows = { strides: [1, 1], padding: none } as const;

const training = trainingProgram(Network.fromConfig(seed.network), {
  capacity: 128,
  images: { dtype: 'u8', divisor: 255 },
  loss: categoricalCrossentropy(),
  metrics: [accuracy()],
  optimizer: adam(),
});

const stagesOf = (program: Program) => schedule(lower(fuse(program)));
const kernelsOf = (stages: readonly Stage[]) => stages.map(({ calls }) => calls.map(({ kernel }) => kernel).join(' '));
const isPowerOfTwo = (n: number) => Number.isInteger(Math.log2(n));

interface Touching {
  readonly call: KernelCall;
  readonly touches: ReadonlySet<Memory>;
  readonly writes: ReadonlySet<Memory>;
}

/** The calls in the order of the program, with what they touch. Reshaped tensors are what they were made of. */
function callsOf(lowered: readonly LoweredOp[]): Touching[] {
  const origin = new Map<Memory, Memory>();
  const root = (memory: Memory) => origin.get(memory) ?? memory;
  return lowered.flatMap(({ op, calls }) => {
    if (op.name === 'reshape' && calls.length === 0) origin.set(op.outputs[0]!, root(op.inputs[0]!));
    return calls.map((call) => ({
      call,
      touches: new Set(call.arguments.filter((argument) => typeof argument !== 'number').map(root)),
      writes: new Set(call.writes.map(root)),
    }));
  });
}

/** What both touch and one of them writes. */
function shared(a: Touching, b: Touching): Memory[] {
  return [...a.touches].filter((memory) => b.touches.has(memory) && (a.writes.has(memory) || b.writes.has(memory)));
}

/** Bytes of a row; 0 of what has no rows. */
function rowBytes(memory: Memory): number {
  if ('kind' in memory) return memory.kind === 'rows' ? 4 * memory.floats : 0;
  return memory.batched ? bytesOf(memory) / memory.shape[0]! : 0;
}

const isThreads = (memory: Memory) => 'kind' in memory && memory.kind === 'thread';
const isByRow = ({ units }: KernelCall) => units.byRow === true && units.rows === undefined;

function expectOrder(lowered: readonly LoweredOp[], stages: readonly Stage[]): void {
  const calls = callsOf(lowered);
  const places = new Map<readonly Argument[], { stage: number; index: number }>();
  stages.forEach(({ calls: staged }, stage) =>
    staged.forEach((call, index) => places.set(call.arguments, { stage, index })),
  );
  expect(stages.reduce((sum, stage) => sum + stage.calls.length, 0)).toBe(calls.length);
  calls.forEach((later, j) => {
    const there = places.get(later.call.arguments)!;
    for (const earlier of calls.slice(0, j)) {
      const both = shared(earlier, later);
      if (both.length === 0) continue;
      const here = places.get(earlier.call.arguments)!;
      const inOrder = here.stage < there.stage || (here.stage === there.stage && here.index < there.index);
      if (!inOrder) throw new Error(`${later.call.kernel} comes before ${earlier.call.kernel}`);
      if (here.stage < there.stage) continue;
      // Without a barrier: what a thread reads, it has written itself.
      const byRow = isByRow(earlier.call) && isByRow(later.call);
      if (!byRow || !both.every((memory) => rowBytes(memory) > 0 || isThreads(memory))) {
        throw new Error(`${later.call.kernel} needs more than the rows of ${earlier.call.kernel}`);
      }
    }
  });
}

function expectChains(lowered: readonly LoweredOp[], stages: readonly Stage[]): void {
  const touching = new Map(callsOf(lowered).map((one) => [one.call.arguments, one.touches]));
  for (const { calls, chain } of stages) {
    if (!chain) {
      expect(calls).toHaveLength(1);
      expect(calls[0]!.units.byRow).not.toBe(true);
      continue;
    }
    const { group, step } = chain;
    expect(calls.length === 1 || calls.every(isByRow)).toBe(true);
    expect(group).toBe(Math.max(...calls.map(({ units }) => units.group ?? 1)));
    const least = Math.max(...calls.map(({ units }) => Math.max(units.rowsPerUnit ?? 1, units.rowsAtOnce ?? 1)));
    expect(isPowerOfTwo(group) && isPowerOfTwo(step)).toBe(true);
    expect(step).toBeGreaterThanOrEqual(least);
    expect(step).toBeLessThanOrEqual(Math.max(MOST_ROWS, least));
    const touched = new Set(calls.flatMap((call) => [...touching.get(call.arguments)!]));
    const bytes = [...touched].reduce((sum, memory) => sum + rowBytes(memory), 0);
    if (calls.length > 1 || step > least) expect(step * bytes).toBeLessThanOrEqual(CHAIN_BYTES);
  }
}

/** A program over x [100, ...shape] (or without a batch) and what `body` makes of it. */
function program(
  shape: readonly number[],
  body: (builder: ProgramBuilder, x: TensorSpec) => TensorSpec | undefined,
  batched = true,
): Program {
  const builder = new ProgramBuilder(100);
  const y = body(builder, builder.input('x', shape, 'f32', batched));
  if (y) builder.output('y', y);
  return builder.build();
}

function softmaxes(builder: ProgramBuilder, x: TensorSpec, count: number): TensorSpec {
  let y = x;
  for (let i = 0; i < count; i++) y = builder.emit('softmax', [y], {})[0]!;
  return y;
}

describe('the order of the calls', () => {
  it('keeps every call behind those it depends on, and chains none that needs more than its rows', () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        const lowered = lower(fuse(randomProgram(recipe)));
        const stages = schedule(lowered);
        expectOrder(lowered, stages);
        expectChains(lowered, stages);
      }),
      { numRuns: 100 },
    );
  });

  it('does so for the seed network', () => {
    const lowered = lower(fuse(training));
    const stages = schedule(lowered);
    expectOrder(lowered, stages);
    expectChains(lowered, stages);
    expect(stages.some(({ calls }) => calls.length > 3)).toBe(true);
  });

  it('puts what depends on weights alone before a chain', () => {
    const two = program([6, 6, 1], (builder, x) => {
      const kernels = [builder.state('a', [2, 2, 1, 1]), builder.state('b', [2, 2, 1, 1])];
      return kernels.reduce((y, kernel) => builder.emit('conv2d', [y, kernel], windows)[0]!, x);
    });
    expect(kernelsOf(stagesOf(two))).toEqual(['matmulPack', 'matmulPack', 'conv2d conv2d']);
  });

  it('but behind what changes those weights', () => {
    const changed = program([6, 6, 1], (builder, x) => {
      const kernel = builder.state('kernel', [2, 2, 1, 1]);
      const y = builder.emit('conv2d', [x, kernel], windows)[0]!;
      builder.emit('updateMovingAverage', [kernel, builder.constant([2, 2, 1, 1], 1)], { momentum: 0.5 });
      return builder.emit('conv2d', [y, kernel], windows)[0];
    });
    expect(kernelsOf(stagesOf(changed))).toEqual(['matmulPack', 'updateMovingAverage', 'matmulPack', 'conv2d conv2d']);
  });

  it('keeps a change behind the chain that reads what was there', () => {
    const changed = program([5], (builder, x) => {
      const bias = builder.state('bias', [5]);
      const y = builder.emit('addBias', [x, bias], {})[0]!;
      builder.emit('updateMovingAverage', [bias, builder.constant([5], 1)], { momentum: 0.5 });
      return builder.emit('addBias', [y, bias], {})[0];
    });
    expect(kernelsOf(stagesOf(changed))).toEqual(['addBias', 'updateMovingAverage', 'addBias']);
  });

  it('stops before all updates, after the loss and everything else', () => {
    const expectStop = (source: Program) => {
      const lowered = lower(fuse(source));
      const stages = schedule(lowered);
      const inProgram = callsOf(lowered).map(({ call }) => call.arguments);
      const staged = stages.flatMap(({ calls }) => calls);
      const stop = staged.findIndex(({ kernel }) => kernel === STOP);
      if (stop < 0) return;
      const before = new Set(inProgram.slice(0, inProgram.indexOf(staged[stop]!.arguments)));
      expect(new Set(staged.slice(0, stop).map((call) => call.arguments))).toEqual(before);
      expect(stages.find(({ calls }) => calls.includes(staged[stop]!))!.calls).toHaveLength(1);
    };
    expectStop(training);
    fc.assert(
      fc.property(recipes, (recipe) => expectStop(randomProgram(recipe))),
      { numRuns: 100 },
    );
    const after = stagesOf(training)
      .flatMap(({ calls }) => calls)
      .slice(kernelsOf(stagesOf(training)).indexOf(STOP));
    expect(after.some(({ kernel }) => kernel === 'adam')).toBe(true);
  });
});

describe('a chain', () => {
  it('breaks where a call needs all rows', () => {
    const normalized = program([5], (builder, x) => {
      const parameters = [builder.state('gamma', [5]), builder.state('beta', [5])];
      const y = softmaxes(builder, x, 2);
      return softmaxes(builder, builder.emit('batchNormalization', [y, ...parameters], { epsilon: 1e-3 })[0]!, 1);
    });
    expect(kernelsOf(stagesOf(normalized))).toEqual([
      'softmax softmax momentsPartial',
      'momentsJoin',
      'normalize softmax',
    ]);
  });

  it('goes on past a call that none of its own depends on', () => {
    const summed = program([5], (builder, x) => {
      const y = softmaxes(builder, x, 1);
      builder.output('sums', builder.emit('sumRows', [y], {})[0]!);
      return softmaxes(builder, y, 1);
    });
    expect(kernelsOf(stagesOf(summed))).toEqual(['softmax sumRowsPartial softmax', 'sumChunks']);
  });

  it('leaves groups of rows to one thread if a call of it must', () => {
    const gradient = program([4, 4, 1], (builder, x) => {
      const dy = softmaxes(builder, builder.input('dy', [3, 3, 2], 'f32', true), 1);
      return builder.emit('conv2dKernelGradient', [x, dy], { ...windows, kernelShape: [2, 2, 1, 2] })[0];
    });
    const stages = stagesOf(gradient);
    expect(kernelsOf(stages)).toEqual(['softmax conv2dKernelGradient', 'sumChunks']);
    const { group } = stages[0]!.calls[1]!.units;
    expect(group).toBeGreaterThan(1);
    expect(stages[0]!.chain).toMatchObject({ group });
    const alone = program([5], (builder, x) => softmaxes(builder, x, 1));
    expect(stagesOf(alone)[0]!.chain).toMatchObject({ group: 1 });
  });

  /** Of softmaxes over rows of so many bytes: how many calls a stage has, and the rows it takes at a time. */
  const softmaxStages = (bytes: number, count: number) =>
    stagesOf(program([bytes / 4], (builder, x) => softmaxes(builder, x, count))).map(({ calls, chain }) => [
      calls.length,
      chain!.step,
    ]);

  it('takes as many rows at a time as fit into the cache', () => {
    expect(softmaxStages(64, 3)).toEqual([[3, MOST_ROWS]]);
    // Four values of as many bytes a row.
    expect(softmaxStages(CHAIN_BYTES / 4 / 4, 3)).toEqual([[3, 4]]);
    expect(softmaxStages(CHAIN_BYTES / 4 / 2, 3)).toEqual([[3, 2]]);
    expect(softmaxStages(CHAIN_BYTES / 4, 3)).toEqual([[3, 1]]);
  });

  it('breaks where one row would not fit', () => {
    expect(softmaxStages(CHAIN_BYTES / 4 + 4, 3)).toEqual([
      [2, 1],
      [1, 1],
    ]);
    expect(softmaxStages(CHAIN_BYTES, 2)).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it('breaks where the rows that its calls ask for would not fit', () => {
    const build = (size: number) =>
      program([size], (builder, x) => {
        const given = ['gamma', 'beta', 'mean', 'variance'].map((name) => builder.state(name, [size]));
        const y = builder.emit('batchNormalizationInference', [x, ...given], { epsilon: 1e-3 })[0]!;
        return softmaxes(builder, y, 3);
      });
    const small = stagesOf(build(8));
    expect(small).toHaveLength(1);
    const { rowsPerUnit } = small[0]!.calls[0]!.units;
    expect(rowsPerUnit).toBeGreaterThan(MOST_ROWS);
    expect(small[0]!.chain!.step).toBe(rowsPerUnit);
    // x, y and one more value of so many rows.
    const large = stagesOf(build(Math.floor(CHAIN_BYTES / 4 / 3.5 / rowsPerUnit!)));
    expect(kernelsOf(large)).toEqual(['normalize softmax', 'softmax softmax']);
    expect(large.map(({ chain }) => chain!.step)).toEqual([rowsPerUnit, MOST_ROWS]);
  });

  it.each([
    ['all', false],
    ['rows', true],
    ['thread', true],
  ] as const)('shares scratch of kind "%s" among its calls: %s', (kind, shares) => {
    const { ops, tensors } = program([5], (builder, x) => softmaxes(builder, x, 1));
    const scratch: Memory = { floats: 5, kind };
    const calls = [tensors[0]!, tensors[1]!].map((tensor): KernelCall => {
      const units = { times: 1, rowsPerUnit: 1, byRow: true };
      return { kernel: 'k', units, arguments: [tensor, scratch], writes: [scratch], once: false, multiplyAdds: 0 };
    });
    expect(schedule([{ op: ops[0]!, calls }])).toHaveLength(shares ? 1 : 2);
  });

  it('has no tensors without a batch: their calls stand alone', () => {
    const table = program([100, 5], (builder, x) => softmaxes(builder, x, 2), false);
    const stages = stagesOf(table);
    expect(kernelsOf(stages)).toEqual(['softmax', 'softmax']);
    for (const { calls, chain } of stages) {
      expect(calls[0]!.units.rows).toBe(100);
      expect(chain).toEqual({ group: 1, step: MOST_ROWS });
    }
  });
});
