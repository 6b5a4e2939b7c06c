import fc from 'fast-check';
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
import { lower } from '../wasm/lower/index.js';
import { ProgramBuilder } from './builder.js';
import { changedTensors } from './changes.js';
import { fuse } from './fusion.js';
import { bytesOf, type MemoryPlan, planMemory, type Scratch } from './memoryPlan.js';
import { ops as definitions } from './ops/index.js';
import type { AnyOp, Program, TensorSpec } from './types.js';

const START = 64;
const CELL = 64;
type Scratches = ReadonlyMap<AnyOp, readonly Scratch[]>;
type Item = TensorSpec | Scratch;

/**
 * Runs the program's reads and writes over the planned memory, with a number for the contents of every 64 bytes:
 * whatever an op reads must hold what was written there for it. Independent of how the planner thinks.
 */
class Simulation {
  readonly #cells: Int32Array;
  readonly #contents = new Map<Item, number>();
  readonly #names = ['nothing'];

  constructor(
    readonly program: Program,
    readonly scratch: Scratches,
    readonly plan: MemoryPlan,
  ) {
    this.#cells = new Int32Array(Math.ceil(plan.totalBytes / CELL));
  }

  run(): void {
    const { program, scratch } = this;
    const kept: Item[] = [
      ...program.tensors.filter(({ role }) => role !== 'value'),
      ...[...scratch.values()].flat().filter((item) => item.kept),
    ];
    for (const item of kept) this.#write(item, true);
    for (const op of program.ops) this.#do(op);
    for (const item of [...kept, ...program.outputs.values()]) this.#read(item, 'the host');
  }

  #do(op: AnyOp): void {
    for (const input of op.inputs) this.#read(input, op.name);
    const items = this.scratch.get(op) ?? [];
    for (const item of items) {
      this.#read(item, op.name, item.kept);
      for (const input of op.inputs) this.#expectApart(item, input, op);
      if (!item.kept) this.#write(item, false);
    }
    if (op.name === 'reshape' && this.plan.offset(op.outputs[0]!) === this.plan.offset(op.inputs[0]!)) {
      this.#contents.set(op.outputs[0]!, this.#contents.get(op.inputs[0]!)!);
      return;
    }
    const place = definitions[op.name].inPlace;
    op.outputs.forEach((output, i) => {
      for (const input of op.inputs) {
        const isInPlace = i === 0 && place !== undefined && input === op.inputs[place];
        if (isInPlace && this.plan.offset(input) === this.plan.offset(output)) {
          expect(op.inputs.filter((other) => other === input)).toHaveLength(1);
          expect(bytesOf(output)).toBe(bytesOf(input));
        } else {
          this.#expectApart(output, input, op);
        }
      }
      for (const other of [...items, ...op.outputs.slice(0, i)]) this.#expectApart(output, other, op);
    });
    for (const output of op.outputs) this.#write(output, false);
    // New contents: values that are another name of the old ones would be wrong from here on.
    for (const input of changedTensors({ ops: [op] })) this.#write(input, true);
  }

  #read(item: Item, reader: string, isThere = 'id' in item): void {
    if (!isThere) return;
    const contents = this.#contents.get(item)!;
    const [begin, end] = this.#cellsOf(item);
    for (let cell = begin; cell < end; cell++) {
      if (this.#cells[cell] === contents) continue;
      throw new Error(
        `${reader} reads "${this.#names[contents]!}", which "${this.#names[this.#cells[cell]!]!}" has overwritten`,
      );
    }
  }

  #write(item: Item, isKept: boolean): void {
    const contents = this.#names.push('name' in item ? item.name : 'scratch') - 1;
    this.#contents.set(item, contents);
    const [begin, end] = this.#cellsOf(item);
    this.#cells.fill(contents, begin, end);
    const arena = this.plan.totalBytes - this.plan.arenaBytes;
    if (isKept) expect(end * CELL).toBeLessThanOrEqual(arena);
    else expect(begin * CELL).toBeGreaterThanOrEqual(arena);
  }

  #expectApart(a: Item, b: Item, { name }: AnyOp): void {
    const [aBegin, aEnd] = this.#cellsOf(a);
    const [bBegin, bEnd] = this.#cellsOf(b);
    if (aBegin < bEnd && bBegin < aEnd) throw new Error(`${name} writes what it reads, or twice`);
  }

  #cellsOf(item: Item): [begin: number, end: number] {
    const offset = this.plan.offset(item);
    const bytes = 'bytes' in item ? item.bytes : bytesOf(item);
    if (offset % CELL !== 0 || offset < START || offset + bytes > this.plan.totalBytes) {
      throw new Error(`${bytes} bytes at ${offset} of ${this.plan.totalBytes}`);
    }
    return [offset / CELL, Math.ceil((offset + bytes) / CELL)];
  }
}

/** The most bytes of values that exist at once while some op runs; what it may do in place, it does. */
function leastBytes({ ops, outputs }: Program): number {
  const madeBy = new Map(ops.flatMap((op, index) => op.outputs.map((output) => [output, { op, index }] as const)));
  /** The value whose memory a reshaped one names again. */
  const root = (tensor: TensorSpec): TensorSpec => {
    const op = madeBy.get(tensor)?.op;
    return op?.name === 'reshape' ? root(op.inputs[0]!) : tensor;
  };
  const lastRead = new Map<TensorSpec, number>();
  ops.forEach(({ inputs }, index) => inputs.forEach((input) => lastRead.set(root(input), index)));
  for (const output of outputs.values()) lastRead.set(root(output), ops.length);
  const sizes = ops.map((op, index) => {
    const live = [...lastRead].filter(
      ([tensor, last]) => (madeBy.get(tensor)?.index ?? Infinity) < index && last >= index,
    );
    const inPlace = op.name === 'reshape' || definitions[op.name].inPlace !== undefined;
    return [...live.map(([tensor]) => tensor), ...(inPlace ? [] : op.outputs)];
  });
  return Math.max(...sizes.map((tensors) => tensors.reduce((sum, tensor) => sum + bytesOf(tensor), 0)));
}

const network = Network.fromConfig(seed.network);
const options = {
  capacity: 128,
  images: { dtype: 'u8', divisor: 255 },
  loss: categoricalCrossentropy(),
  metrics: [accuracy()],
  optimizer: adam(),
} as const;

describe('the memory of the seed network’s programs', () => {
  const programs: [string, Program][] = [
    ['training', trainingProgram(network, options)],
    ['training with gradients', trainingProgram(network, { ...options, exposeGradients: true })],
    [
      'augmented training',
      trainingProgram(network, { ...options, capacity: 3, augmentation: { fillMode: 'nearest', fillValue: 0 } }),
    ],
    ['evaluation', evaluationProgram(network, options)],
    ['prediction', predictionProgram(network, { ...options, capacity: 1 })],
  ];

  it.each(programs)('of %s keeps every value until it was last read', (_, source) => {
    for (const program of [source, fuse(source)]) {
      const scratch = new Map(lower(program, 2).map(({ op, scratch }) => [op, scratch]));
      new Simulation(program, scratch, planMemory(program, scratch, START)).run();
    }
  });

  it.each(programs)('of %s is little more than what must be there at once', (_, source) => {
    const program = fuse(source);
    const { arenaBytes } = planMemory(program, new Map(), START);
    expect(arenaBytes).toBeLessThanOrEqual(1.05 * leastBytes(program) + 8192);
  });
});

interface Step {
  readonly op: number;
  readonly a: number;
  readonly b: number;
  readonly isOutput: boolean;
  readonly scratch: number;
  readonly keeps: boolean;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    op: fc.nat(9),
    a: fc.nat(),
    b: fc.nat(),
    isOutput: fc.boolean(),
    scratch: fc.nat(3),
    keeps: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
);

/** A program of whatever ops the steps name, over values of several sizes. */
function randomProgram(plan: readonly Step[], capacity: number): { program: Program; scratch: Scratches } {
  const builder = new ProgramBuilder(capacity);
  const words = builder.input('random', [3], 'u32', false);
  const state = builder.state('state', [4, 20]);
  const values: TensorSpec[] = [builder.input('x', [4], 'f32', true), builder.input('y', [20], 'f32', true)];
  let states: TensorSpec[] = [state];
  const emit: ProgramBuilder['emit'] = (name, inputs, attributes) => builder.emit(name, inputs, attributes);
  plan.forEach(({ op, a, b, isOutput }, i) => {
    const pick = (from: readonly TensorSpec[], index: number) => from[index % from.length]!;
    // The newest values more often than the old ones.
    const value = pick(values, a % 3 === 0 ? a : values.length - 1 - (a % Math.min(2, values.length)));
    const alike = values.filter(({ shape }) => String(shape) === String(value.shape));
    const columns = value.shape.at(-1)!;
    const made = (() => {
      switch (op) {
        case 0:
          return emit('activation', [value], { kind: 'tanh' });
        case 1:
          return emit('add', [value, pick(alike, b)], {});
        case 2:
          return emit('dropout', [value, words], { rate: 0.5, stream: i });
        case 3:
          return emit('reshape', [value], {
            shape: value.shape.length === 2 ? [capacity, 1, columns] : [capacity, columns],
          });
        case 4: {
          if (value.shape.length !== 2) return [];
          const transposeB = columns === 20;
          return emit('matmul', [value, pick(states, b)], { transposeA: false, transposeB });
        }
        case 5: {
          if (value.shape.length !== 2) return [];
          return emit('softmaxCrossEntropy', [value, pick(alike, b)], { labelSmoothing: 0 }).slice(1);
        }
        case 6: {
          const one = emit('sumRows', [value], {})[0]!;
          return emit('batchNormalization', [value, one, one], { epsilon: 1e-3 }).slice(0, 1);
        }
        case 7:
          return emit('activationGradient', [pick(alike, b), value], { kind: 'relu' });
        case 8: {
          const copy = emit('reshape', [state], { shape: [4, 20] })[0]!;
          states = [...states, copy];
          if (isOutput) builder.output(`state ${i}`, copy);
          return [];
        }
        default: {
          const target = pick(states.slice(1).concat(state), b);
          emit('updateMovingAverage', [state, target === state ? builder.constant([4, 20], i) : target], {
            momentum: 0.5,
          });
          return [];
        }
      }
    })();
    values.push(...made);
    if (isOutput && made[0]) builder.output(`value ${i}`, made[0]);
  });
  const program = builder.build();
  const scratch = new Map(
    program.ops.map((op, i) => {
      const { scratch: count, keeps } = plan[i % plan.length]!;
      return [op, Array.from({ length: count }, (_, j) => ({ bytes: 100 * (j + 1), kept: keeps && j === 0 }))];
    }),
  );
  return { program, scratch };
}

describe('the memory of any program', () => {
  it('keeps every value until it was last read', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 9 }), (plan, capacity) => {
        const { program, scratch } = randomProgram(plan, capacity);
        new Simulation(program, scratch, planMemory(program, scratch, START)).run();
      }),
      { numRuns: 500 },
    );
  });

  it('is used again', () => {
    const builder = new ProgramBuilder(100);
    let x = builder.input('x', [16], 'f32', true);
    const weight = builder.state('w', [16, 16]);
    for (let i = 0; i < 10; i++) x = builder.emit('matmul', [x, weight], { transposeA: false, transposeB: false })[0]!;
    builder.output('y', x);
    // Ten values of 6,400 bytes, of which two are needed at any time.
    expect(planMemory(builder.build(), new Map(), START)).toMatchObject({
      arenaBytes: 2 * 6400,
      totalBytes: START + 6400 + 1024 + 2 * 6400,
    });
  });

  it('is taken over by ops that work in place, and by reshapes', () => {
    const builder = new ProgramBuilder(100);
    const x = builder.input('x', [16], 'f32', true);
    const weight = builder.state('w', [16, 16]);
    const product = builder.emit('matmul', [x, weight], { transposeA: false, transposeB: false })[0]!;
    const active = builder.emit('activation', [product], { kind: 'relu' })[0]!;
    const shaped = builder.emit('reshape', [active], { shape: [100, 4, 4] })[0]!;
    const doubled = builder.emit('add', [shaped, shaped], {})[0]!;
    builder.output('y', doubled);
    const plan = planMemory(builder.build(), new Map(), START);
    expect(plan.offset(active)).toBe(plan.offset(product));
    expect(plan.offset(shaped)).toBe(plan.offset(product));
    // x + x reads x twice, so that it may not be written over.
    expect(plan.offset(doubled)).not.toBe(plan.offset(product));
    expect(plan.arenaBytes).toBe(2 * 6400);
  });
});
