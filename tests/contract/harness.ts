import type { Backend, Executable } from '../../src/engine/backend.js';
import { ProgramBuilder } from '../../src/engine/program/builder.js';
import type { TensorSpec } from '../../src/engine/program/types.js';
import { sizeOf } from '../../src/numeric/tensor.js';

export type NamedValues = Readonly<Record<string, ArrayLike<number>>>;

export interface Results {
  /** The rows in use of every output. */
  readonly outputs: Record<string, Float64Array>;
  readonly state: Record<string, Float64Array>;
}

export interface ProgramRun {
  /** Default: as many as `rows`. */
  readonly capacity?: number;
  readonly build: (builder: ProgramBuilder) => void;
  readonly inputs?: NamedValues;
  readonly state?: NamedValues;
  /** Default: the capacity, or 1. */
  readonly rows?: number;
}

/** Builds, compiles and runs a program once; everything it computed. */
export async function runProgram(backend: Backend, run: ProgramRun): Promise<Results> {
  const rows = run.rows ?? run.capacity ?? 1;
  const builder = new ProgramBuilder(run.capacity ?? rows);
  run.build(builder);
  const executable = await backend.compile(builder.build());
  writeAll(executable, run);
  await executable.run(rows);
  return readAll(executable, rows);
}

export function writeAll(
  executable: Executable,
  { inputs, state }: { inputs?: NamedValues; state?: NamedValues },
): void {
  for (const [name, values] of Object.entries(inputs ?? {})) executable.input(name).set(values);
  for (const [name, values] of Object.entries(state ?? {})) executable.writeState(name, values);
}

export function readAll(executable: Executable, rows: number): Results {
  const { program } = executable;
  const outputs: Record<string, Float64Array> = {};
  const state: Record<string, Float64Array> = {};
  for (const [name, tensor] of program.outputs) {
    outputs[name] = Float64Array.from(executable.readOutput(name, tensor.batched ? rows : undefined));
  }
  for (const { name, role } of program.tensors) {
    if (role === 'state') state[name] = Float64Array.from(executable.readState(name));
  }
  return { outputs, state };
}

/**
 * Emits <weights, y>, [1], for any y, whose gradient with respect to y is exactly `weights` (of y's shape). A batched y
 * is first made an unbatched tensor, I'y with the identity I as a batched input; fill that with `identity(capacity)`.
 */
export function innerProduct(
  builder: ProgramBuilder,
  y: TensorSpec,
  weights: TensorSpec,
  identityName = 'identity',
): TensorSpec {
  const size = sizeOf(y.shape);
  let values = y;
  if (y.batched) {
    const { capacity } = builder;
    const flat = builder.emit('reshape', [y], { shape: [capacity, size / capacity] })[0]!;
    const selector = builder.input(identityName, [capacity], 'f32', true);
    values = builder.emit('matmul', [selector, flat], { transposeA: true, transposeB: false })[0]!;
  }
  const row = builder.emit('reshape', [values], { shape: [1, size] })[0]!;
  const column = builder.emit('reshape', [weights], { shape: [size, 1] })[0]!;
  const product = builder.emit('matmul', [row, column], { transposeA: false, transposeB: false })[0]!;
  return builder.emit('reshape', [product], { shape: [1] })[0]!;
}

export function identity(size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

export function norm(a: ArrayLike<number>): number {
  return Math.sqrt(dot(a, a));
}

/** The norm of the difference over the norm of the truth; where that is below 1e-9, the norm of the difference. */
export function relativeError(values: ArrayLike<number>, truth: ArrayLike<number>): number {
  if (values.length !== truth.length) return Infinity;
  const difference = Float64Array.from(truth, (value, i) => values[i]! - value);
  const scale = norm(truth);
  return norm(difference) / (scale < 1e-9 ? 1 : scale);
}
