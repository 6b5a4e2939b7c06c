import { sizeOf } from '../../../numeric/tensor.js';
import type { AnyOp, Op, OpName, TensorSpec } from '../../program/types.js';

/** How many independent units of work a call has, from which every thread takes its share. */
export interface Units {
  /** ceil(rows / rowsPerUnit) * times, or just `times` without rowsPerUnit. */
  readonly times: number;
  readonly rowsPerUnit?: number;
  /** Stands in for the rows in use: the first axis of a tensor without a batch. */
  readonly rows?: number;
  /**
   * The units are numbered row by row, and touch only their own rows of whatever is batched: calls like this may be
   * chained. `rowsPerUnit` is a power of two.
   */
  readonly byRow?: boolean;
  /** By row: one thread must do the rows of each group of so many, in their order. A power of two. */
  readonly group?: number;
  /** By row: how many rows it takes to do the work well. A power of two. */
  readonly rowsAtOnce?: number;
}

export function countUnits({ times, rowsPerUnit }: Units, rows: number): number {
  return rowsPerUnit === undefined ? times : Math.ceil(rows / rowsPerUnit) * times;
}

/**
 * Memory a call needs besides the tensors: `all` threads share it while the op runs; each `thread` has its own; `rows`:
 * so much for each row, as a batched tensor has; `kept`: shared, and for good.
 */
export interface Scratch {
  readonly floats: number;
  readonly kind: 'all' | 'thread' | 'rows' | 'kept';
}

export type Memory = TensorSpec | Scratch;
export type Argument = number | Memory;

/** One kernel call: kernel(begin, end, rows, ...arguments), where tensors and scratch stand for their addresses. */
export interface KernelCall {
  readonly kernel: string;
  readonly units: Units;
  readonly arguments: readonly Argument[];
  /** Which of the arguments' memory the kernel writes. */
  readonly writes: readonly Memory[];
  /** Depends on state alone, which the program does not change: done again only after the host wrote state. */
  readonly once: boolean;
  /** Those the kernel really does, at full capacity. 0 where they are not what it costs. */
  readonly multiplyAdds: number;
}

/** What lowering an op may use. */
export interface LoweringContext {
  scratch(floats: number, kind: Scratch['kind']): Scratch;
  /** Whether the program writes the tensor in place. */
  isChanged(tensor: TensorSpec): boolean;
  /** Whether the tensor is the same in every run until the host writes state. */
  isFixed(tensor: TensorSpec): boolean;
  call(
    kernel: string,
    units: Units,
    args: readonly Argument[],
    writes: readonly Memory[],
    options?: { readonly once?: boolean; readonly multiplyAdds?: number },
  ): void;
}

/** Writes the kernel calls of an op. */
export type Lowering<N extends OpName> = (op: Op<N>, context: LoweringContext) => void;

export interface LoweredOp {
  readonly op: AnyOp;
  readonly calls: readonly KernelCall[];
}

/** Not a kernel: every thread ends the run here unless the f32 at the one address is finite. */
export const STOP = 'stopUnlessFinite';
/** Stands for "none" where a kernel takes an optional address. */
export const NONE = 0;

/** Units of `rowsPerUnit` rows along the first axis of `tensor`, each of which touches no other rows of whatever is batched. */
export function perRows(tensor: TensorSpec, rowsPerUnit = 1, times = 1): Units {
  return { ...fixed(times, tensor), rowsPerUnit, byRow: true };
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
 * rows each (a power of two), of `pixels` pixels. The cut depends on the shape alone.
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
  let chunk = 1;
  while (chunk * pixels < PIXELS_PER_CHUNK) chunk *= 2;
  return { units: perRows(tensor, chunk), chunk, pixels, channels, most: Math.ceil(count / chunk) };
}
