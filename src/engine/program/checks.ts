import { CifraError, nearest } from '../../numeric/errors.js';
import { formatShape, sizeOf } from '../../numeric/tensor.js';
import type { Program, Role, TensorSpec } from './types.js';

/** The input or state tensor of that name. @throws CifraError `unknown-tensor` */
export function tensorNamed(program: Program, role: Role, name: string): TensorSpec {
  const found = program.tensors.find((tensor) => tensor.role === role && tensor.name === name);
  if (found) return found;
  const names = program.tensors.filter((tensor) => tensor.role === role).map((tensor) => tensor.name);
  throw unknownTensor(role, name, names);
}

/** The output of that name. @throws CifraError `unknown-tensor` */
export function outputNamed(program: Program, name: string): TensorSpec {
  const found = program.outputs.get(name);
  if (found) return found;
  throw unknownTensor('output', name, [...program.outputs.keys()]);
}

function unknownTensor(role: string, name: string, names: readonly string[]): CifraError {
  const guess = nearest(name, names);
  return new CifraError(
    'unknown-tensor',
    `The program has no ${role} called "${name}".`,
    guess ? `Did you mean "${guess}"?` : `It has: ${names.join(', ')}.`,
  );
}

/** @throws CifraError `batch-rows` unless rows is a whole number from 1 to the capacity */
export function checkRows(program: Program, rows: number): void {
  if (!Number.isInteger(rows) || rows < 1 || rows > program.capacity) {
    throw new CifraError(
      'batch-rows',
      `A run needs 1 to ${program.capacity} rows, but was asked for ${rows}.`,
      'Compile the program for a larger batch, or run it several times.',
    );
  }
}

/** @throws CifraError `state-size` unless as many values are given as the state holds */
export function checkStateSize({ name, shape }: TensorSpec, given: number): void {
  if (given === sizeOf(shape)) return;
  throw new CifraError(
    'state-size',
    `State "${name}" of shape ${formatShape(shape)} holds ${sizeOf(shape)} values, but was given ${given}.`,
  );
}

/** What every use of an executable meets after `dispose`. */
export function disposedError(): CifraError {
  return new CifraError('disposed', 'This program was disposed.', 'Compile it again.');
}

/** The number of values of a tensor that a run over `rows` rows fills. */
export function sizeInUse({ shape, batched }: TensorSpec, rows: number): number {
  return batched ? rows * sizeOf(shape.slice(1)) : sizeOf(shape);
}
