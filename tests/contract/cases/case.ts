import { ProgramBuilder } from '../../../src/engine/program/builder.js';
import type { DType, OpAttributes, OpName, TensorSpec } from '../../../src/engine/program/types.js';
import { normal } from '../../../src/numeric/distributions.js';
import { Random } from '../../../src/numeric/philox.js';
import { sizeOf } from '../../../src/numeric/tensor.js';

/** One small program around an op, with its values: what every backend must compute. */
export interface Case {
  readonly title: string;
  readonly capacity: number;
  readonly build: (program: CaseProgram) => void;
  /** By input or state name; kept, so that every program of the case gets the same values. */
  readonly values: Map<string, Float64Array>;
  readonly seed: number;
}

/** Draws a case of an op; `index` counts its cases, for what must occur rather than may. */
export type CaseGenerator = (random: Random, index: number) => Case;

export type Fill = (random: Random) => number;

/** Every value is rounded to f32, so that backends of any precision start from equal values. */
export const gaussian =
  (scale = 1, offset = 0): Fill =>
  (random) =>
    offset + scale * normal(random);
export const uniform =
  (low: number, high: number): Fill =>
  (random) =>
    random.uniform(low, high);
export const wholes =
  (low: number, high: number): Fill =>
  (random) =>
    low + random.below(high - low + 1);

const VALUES_STREAM = 101;

export function newCase(random: Random, title: string, capacity: number, build: (program: CaseProgram) => void): Case {
  return { title, capacity, build, values: new Map(), seed: random.uint32() };
}

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.below(from.length)]!;
}

export function between(random: Random, low: number, high: number): number {
  return low + random.below(high - low + 1);
}

/** Channels that leave every remainder of the tiles of 4, 8 and 16. */
export const channelCounts = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 16, 17, 20] as const;

/** Writes a case's program for some capacity, and the values of its inputs and state. */
export class CaseProgram {
  readonly builder: ProgramBuilder;
  readonly inputs: Record<string, Float64Array> = {};
  readonly state: Record<string, Float64Array> = {};
  /** The inputs and state whose NaN must show up in known places. */
  readonly nanTargets = new Set<TensorSpec>();
  /** Those of them whose NaN may show up in further places, too. */
  readonly nanSpreads = new Set<TensorSpec>();
  differentiated: { y: TensorSpec; targets: readonly TensorSpec[] } | undefined;

  constructor(
    readonly of: Case,
    readonly capacity: number,
  ) {
    this.builder = new ProgramBuilder(capacity);
    of.build(this);
  }

  /** An f32 input, `shape` without the batch axis. */
  batched(name: string, shape: readonly number[], fill: Fill = gaussian()): TensorSpec {
    return this.#input(name, shape, 'f32', true, fill);
  }

  unbatched(name: string, shape: readonly number[], fill: Fill = gaussian()): TensorSpec {
    return this.#input(name, shape, 'f32', false, fill);
  }

  /** An f32 input of that full shape: the first axis is the batch, or an ordinary one. */
  either(name: string, [first, ...rest]: readonly number[], isBatched: boolean, fill: Fill = gaussian()): TensorSpec {
    return isBatched ? this.batched(name, rest, fill) : this.unbatched(name, [first!, ...rest], fill);
  }

  integers(name: string, shape: readonly number[], dtype: DType, isBatched: boolean, fill: Fill): TensorSpec {
    return this.#input(name, shape, dtype, isBatched, fill);
  }

  stored(name: string, shape: readonly number[], fill: Fill = gaussian()): TensorSpec {
    const tensor = this.builder.state(name, shape);
    this.state[name] = this.#values(name, sizeOf(shape), 'f32', fill);
    this.nanTargets.add(tensor);
    return tensor;
  }

  emit<N extends OpName>(name: N, inputs: readonly TensorSpec[], attributes: OpAttributes[N]): TensorSpec {
    return this.builder.emit(name, inputs, attributes)[0]!;
  }

  /** Emits the op the case is about; all its outputs are compared. */
  subject<N extends OpName>(
    name: N,
    inputs: readonly TensorSpec[],
    attributes: OpAttributes[N],
  ): readonly TensorSpec[] {
    const outputs = this.builder.labelled('subject', () => this.builder.emit(name, inputs, attributes));
    outputs.forEach((output, i) => this.builder.output(`${name}:${i}`, output));
    return outputs;
  }

  /** Where NaN shows up is not said for these. */
  withoutNaN(...tensors: readonly TensorSpec[]): void {
    for (const tensor of tensors) this.nanTargets.delete(tensor);
  }

  /** How many times the usual rounding error the op may have. */
  rounding = 1;

  /** NaN in these shows up where the definition has it, and maybe beyond. */
  spreadsNaN(...tensors: readonly TensorSpec[]): void {
    for (const tensor of tensors) this.nanSpreads.add(tensor);
  }

  /** The gradient of <random, y> with respect to the targets is to be checked. */
  differentiate(y: TensorSpec, ...targets: readonly TensorSpec[]): void {
    this.differentiated = { y, targets };
  }

  #input(name: string, shape: readonly number[], dtype: DType, isBatched: boolean, fill: Fill): TensorSpec {
    const tensor = this.builder.input(name, shape, dtype, isBatched);
    this.inputs[name] = this.#values(name, sizeOf(tensor.shape), dtype, fill);
    if (dtype === 'f32') this.nanTargets.add(tensor);
    return tensor;
  }

  /** The first `count` values of a stream that depends on the case and the name only. */
  #values(name: string, count: number, dtype: DType, fill: Fill): Float64Array {
    let values = this.of.values.get(name);
    if (!values || values.length < count) {
      const random = new Random(this.of.seed, VALUES_STREAM, ...nameWords(name));
      values = Float64Array.from({ length: count }, () => (dtype === 'f32' ? Math.fround(fill(random)) : fill(random)));
      this.of.values.set(name, values);
    }
    return values.subarray(0, count);
  }
}

function nameWords(name: string): [number, number] {
  let word = 0;
  for (let i = 0; i < name.length; i++) word = (Math.imul(word, 31) + name.charCodeAt(i)) >>> 0;
  return [word, name.length];
}
