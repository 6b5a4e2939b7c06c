import { sizeOf } from '../../../numeric/tensor.js';
import type { Scratch } from '../../program/memoryPlan.js';
import type { AnyOp, Op, OpName, TensorSpec } from '../../program/types.js';

/**
 * How many independent units of work a call has, from which every thread takes its share: ceil(rows * perRow /
 * rowsPerUnit) * times (perRow: 1 unless given), or just `times`. `rows`, where given, stands in for the rows in use: the
 * first axis of a tensor without a batch.
 */
export interface Units {
  readonly times: number;
  readonly rowsPerUnit?: number;
  readonly perRow?: number;
  readonly rows?: number;
  /** Neighbouring units share what they read: a thread takes its share of them in one go. */
  readonly together?: boolean;
}

export function countUnits({ times, rowsPerUnit, perRow = 1 }: Units, rows: number): number {
  return rowsPerUnit === undefined ? times : Math.ceil((rows * perRow) / rowsPerUnit) * times;
}

/** Scratch of which each thread has a part for itself: a kernel gets the address of its thread's. */
export interface Workspace extends Scratch {
  readonly bytesPerThread: number;
}

export type Argument = number | TensorSpec | Scratch | Workspace;

/** One kernel call: kernel(begin, end, rows, ...arguments), where tensors and scratch stand for their addresses. */
export interface KernelCall {
  readonly kernel: string;
  readonly units: Units;
  readonly arguments: readonly Argument[];
  /** Which of the arguments' memory the kernel writes. */
  readonly writes: readonly (TensorSpec | Scratch)[];
  /** Depends on state alone, which the program does not change: done again only after the host wrote state. */
  readonly once: boolean;
}

/** What lowering an op may use. */
export interface LoweringContext {
  /** Memory for the time of the op, or for good if `kept`. */
  scratch(floats: number, kept?: boolean): Scratch;
  /** Memory for the time of the op of which each thread has its own. */
  workspace(floats: number): Workspace;
  /** Whether the program writes the tensor in place. */
  isChanged(tensor: TensorSpec): boolean;
  /** Whether the tensor is the same in every run until the host writes it. */
  isFixed(tensor: TensorSpec): boolean;
  call(
    kernel: string,
    units: Units,
    args: readonly Argument[],
    writes: readonly (TensorSpec | Scratch)[],
    once?: boolean,
  ): void;
}

/** Writes the kernel calls of an op. */
export type Lowering<N extends OpName> = (op: Op<N>, context: LoweringContext) => void;

export interface LoweredOp {
  readonly op: AnyOp;
  readonly calls: readonly KernelCall[];
  readonly scratch: readonly Scratch[];
}

/** Not a kernel: every thread ends the run here unless the f32 at the one address is finite. */
export const STOP = 'stopUnlessFinite';
/** Stands for "none" where a kernel takes an optional address. */
export const NONE = 0;

/** Units of `rowsPerUnit` rows along the first axis of `tensor`. */
export function perRows(tensor: TensorSpec, rowsPerUnit = 1, times = 1): Units {
  return { ...fixed(times, tensor), rowsPerUnit };
}

/** `times` units. A kernel that asks for the rows in use gets those of `tensor`. */
export function fixed(times: number, tensor?: TensorSpec): Units {
  return tensor === undefined || tensor.batched ? { times } : { times, rows: tensor.shape[0]! };
}

const VALUES_PER_UNIT = 4096;

/** Units and the (chunk, total) arguments of an elementwise kernel over the values of `tensor`. */
export function elementwise(tensor: TensorSpec): { units: Units; range: [chunk: number, total: number] } {
  const size = sizeOf(tensor.shape);
  if (tensor.batched) return { units: perRows(tensor), range: [size / tensor.shape[0]!, 0] };
  return { units: fixed(Math.ceil(size / VALUES_PER_UNIT)), range: [VALUES_PER_UNIT, size] };
}

const PIXELS_PER_CHUNK = 16;

/**
 * How a tensor [rows, ..., channels] is cut into chunks for a pass that reduces over all axes but the last: `chunk`
 * rows each, of `pixels` pixels. The cut depends on the shape alone.
 */
export function chunks(tensor: TensorSpec): {
  units: Units;
  chunk: number;
  pixels: number;
  channels: number;
  /** The most chunks there can be. */
  most: number;
} {
  const count = tensor.shape[0]!;
  const channels = tensor.shape.at(-1)!;
  const pixels = sizeOf(tensor.shape) / count / channels;
  const chunk = Math.ceil(PIXELS_PER_CHUNK / pixels);
  return { units: perRows(tensor, chunk), chunk, pixels, channels, most: Math.ceil(count / chunk) };
}
