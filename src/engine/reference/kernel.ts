import type { TypedData } from '../../numeric/tensor.js';
import { sizeInUse } from '../program/checks.js';
import type { Op, OpName, TensorSpec } from '../program/types.js';

/**
 * One call of a kernel: the op, the memory of its inputs and outputs (f32 is held as float64 here), and how many rows
 * of the batch are in use. A kernel leaves the rows beyond them alone.
 */
export interface KernelCall<N extends OpName> {
  readonly op: Op<N>;
  readonly inputs: readonly TypedData[];
  readonly outputs: readonly Float64Array[];
  readonly rows: number;
}

export type ReferenceKernel<N extends OpName> = (call: KernelCall<N>) => void;

/** `[..., C]` as a table: how many rows of C values are in use, and C. */
export function tableInUse(tensor: TensorSpec, rows: number): [rows: number, columns: number] {
  const columns = tensor.shape.at(-1) ?? 1;
  return [sizeInUse(tensor, rows) / columns, columns];
}
