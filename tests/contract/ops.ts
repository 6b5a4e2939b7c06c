import { describe, expect, it } from 'vitest';
import type { Backend, Executable } from '../../src/engine/backend.js';
import type { TensorSpec } from '../../src/engine/program/types.js';
import { Random } from '../../src/numeric/philox.js';
import { sizeOf } from '../../src/numeric/tensor.js';
import { type Case, CaseProgram } from './cases/case.js';
import { casesOf, opNames } from './cases/index.js';
import { type NamedValues, readAll, relativeError, type Results, writeAll } from './harness.js';
import type { Contract } from './suite.js';

/** Every op over its cases: values, their bits, rows in use, NaN. */
export function describeOps(get: () => Contract): void {
  describe.each(opNames)('%s', (op) => {
    it('agrees with the reference, for every number of rows, whatever was computed before', async () => {
      const { backend, twin, reference, tolerances } = get();
      for (const one of casesOf(op)) {
        const [tested, oracle] = [await Prepared.make(backend, one), await Prepared.make(reference, one)];
        const other = twin && (await Prepared.make(twin, one));
        await tested.runOnNaN();
        for (const rows of rowCounts(one.capacity)) {
          const place = `${op} ${one.title}, ${rows} rows`;
          const [values, truth] = [await tested.run(rows), await oracle.run(rows)];
          expectClose(values, truth, tolerances.value * tested.program.rounding, place);
          expectSameBits(await tested.run(rows), values, `${place}, a second time`);
          if (other) expectSameBits(await other.run(rows), values, `${place}, with another number of threads`);
        }
      }
    });

    it('gives the same bits as a program of just as many rows', async () => {
      const { backend } = get();
      for (const one of casesOf(op)) {
        const large = await Prepared.make(backend, one);
        for (const rows of rowCounts(one.capacity).slice(1)) {
          const exact = await Prepared.make(backend, one, rows);
          const place = `${op} ${one.title}, ${rows} of ${one.capacity} rows`;
          expectSameBits(await large.run(rows), await exact.run(rows), place);
        }
      }
    });

    it('passes NaN on to the same places as the reference', async () => {
      const { backend, reference, tolerances } = get();
      for (const one of casesOf(op)) {
        const [tested, oracle] = [await Prepared.make(backend, one), await Prepared.make(reference, one)];
        const random = new Random(one.seed, 7);
        for (const target of tested.program.nanTargets) {
          const rows = rowCounts(one.capacity).at(-2) ?? 1;
          const nan = { tensor: target, at: random.below(sizeOf(target.shape) / (target.batched ? one.capacity : 1)) };
          const [values, truth] = [await tested.run(rows, nan), await oracle.run(rows, nan)];
          const place = `${op} ${one.title}, ${rows} rows, NaN in ${target.name}`;
          if (tested.program.nanSpreads.has(target)) expectNaN(values, truth, place);
          else expectClose(values, truth, tolerances.value * tested.program.rounding, place);
        }
      }
    });
  });
}

/** All, one less, one. */
export function rowCounts(capacity: number): number[] {
  return [...new Set([capacity, capacity - 1, 1])].filter((rows) => rows >= 1);
}

interface NaNPlace {
  readonly tensor: TensorSpec;
  readonly at: number;
}

/** A case compiled for a backend. */
class Prepared {
  private constructor(
    readonly program: CaseProgram,
    readonly executable: Executable,
  ) {}

  static async make(backend: Backend, one: Case, capacity = one.capacity): Promise<Prepared> {
    // The values are drawn for the full capacity first; smaller programs take the first rows of them.
    const full = new CaseProgram(one, one.capacity);
    const program = capacity === one.capacity ? full : new CaseProgram(one, capacity);
    return new Prepared(program, await backend.compile(program.builder.build()));
  }

  /** The results over `rows` rows. The rows of f32 inputs that are not in use hold NaN, which must not matter. */
  async run(rows: number, nan?: NaNPlace): Promise<Results> {
    const inputs: Record<string, Float64Array> = {};
    const state: Record<string, Float64Array> = {};
    const { tensors } = this.executable.program;
    for (const tensor of tensors) {
      if (tensor.role !== 'input' && tensor.role !== 'state') continue;
      const given = tensor.role === 'input' ? this.program.inputs : this.program.state;
      const values = given[tensor.name]!.slice();
      if (tensor.batched && tensor.dtype === 'f32') values.fill(NaN, (values.length / tensor.shape[0]!) * rows);
      if (nan?.tensor.name === tensor.name) values[nan.at] = NaN;
      (tensor.role === 'input' ? inputs : state)[tensor.name] = values;
    }
    return this.#run(inputs, state, rows);
  }

  /** A run on NaN alone, which must leave no trace in later ones. */
  async runOnNaN(): Promise<void> {
    const inputs: Record<string, Float64Array> = {};
    for (const { role, dtype, name, shape } of this.executable.program.tensors) {
      if (role === 'input' && dtype === 'f32') inputs[name] = new Float64Array(sizeOf(shape)).fill(NaN);
    }
    await this.#run(inputs, {}, this.program.capacity);
  }

  async #run(inputs: NamedValues, state: NamedValues, rows: number): Promise<Results> {
    const { capacity } = this.program;
    writeAll(this.executable, { inputs, state });
    const before = readAll(this.executable, capacity);
    await this.executable.run(rows);
    if (rows < capacity) {
      const beyond = ({ outputs }: Results): Results => ({ outputs: this.#beyond(outputs, rows), state: {} });
      const place = `${this.program.of.title}, rows beyond ${rows}`;
      expectSameBits(beyond(readAll(this.executable, capacity)), beyond(before), place);
    }
    return readAll(this.executable, rows);
  }

  /** Of batched outputs, what lies beyond `rows` rows. */
  #beyond(outputs: Results['outputs'], rows: number): Results['outputs'] {
    const batched = [...this.executable.program.outputs].filter(([, tensor]) => tensor.batched);
    return Object.fromEntries(
      batched.map(([name, { shape }]) => [name, outputs[name]!.subarray((sizeOf(shape) / shape[0]!) * rows)]),
    );
  }
}

function tensorPairs(values: Results, truth: Results): [name: string, values: Float64Array, truth: Float64Array][] {
  return (['outputs', 'state'] as const).flatMap((kind) =>
    Object.entries(truth[kind]).map(([name, expected]): [string, Float64Array, Float64Array] => [
      name,
      values[kind][name]!,
      expected,
    ]),
  );
}

/** NaN at the same places, and the rest close. */
export function expectClose(results: Results, expected: Results, tolerance: number, place: string): void {
  for (const [name, values, truth] of tensorPairs(results, expected)) {
    expect(nanPlaces(values), `${place}: NaN in ${name}`).toEqual(nanPlaces(truth));
    const numbers = (_: number, i: number) => truth[i] === truth[i];
    const error = relativeError(values.filter(numbers), truth.filter(numbers));
    expect(error, `${place}: error of ${name}`).toBeLessThanOrEqual(tolerance);
  }
}

/** NaN wherever it is expected. */
function expectNaN(results: Results, expected: Results, place: string): void {
  for (const [name, values, truth] of tensorPairs(results, expected)) {
    const lost = nanPlaces(truth).filter((i) => values[i] === values[i]);
    expect(lost, `${place}: NaN lost in ${name}`).toEqual([]);
  }
}

function nanPlaces(values: Float64Array): number[] {
  return Array.from(values.keys()).filter((i) => values[i] !== values[i]);
}

export function expectSameBits(results: Results, expected: Results, place: string): void {
  for (const [name, values, truth] of tensorPairs(results, expected)) {
    expect(values.length, `${place}: size of ${name}`).toBe(truth.length);
    const different = values.findIndex((value, i) => !Object.is(value, truth[i]));
    expect(different, `${place}: first difference in ${name}`).toBe(-1);
  }
}
