import { sizeOf } from '../../numeric/tensor.js';
import { changedTensors } from './changes.js';
import { ops as definitions } from './ops/index.js';
import type { AnyOp, DType, Program, TensorSpec } from './types.js';

/** Memory a backend needs besides the tensors, while one op runs (or for good, if `kept`). */
export interface Scratch {
  readonly bytes: number;
  readonly kept: boolean;
}

export interface MemoryPlan {
  /** The byte offset of every tensor the program uses, and of every scratch. */
  offset(item: TensorSpec | Scratch): number;
  readonly totalBytes: number;
  /** The part of it where values come and go. */
  readonly arenaBytes: number;
}

const ALIGNMENT = 64;
const bytesPerValue: Record<DType, number> = { f32: 4, u32: 4, i32: 4, u8: 1 };

export function bytesOf(tensor: TensorSpec): number {
  return sizeOf(tensor.shape) * bytesPerValue[tensor.dtype];
}

/** A piece of memory and the ops (by index) between which it is in use. Several tensors may share one. */
interface Block {
  bytes: number;
  first: number;
  last: number;
  kept: boolean;
  offset: number;
}

/**
 * Lays out a program's memory. Inputs, state, constants and kept scratch have places of their own; values share the
 * rest, each only from the op that computes it to the last op that reads it. Reshaped values are the same memory
 * (unless it is state that the program changes), and an op that works in place takes over its input's where nothing reads that input later.
 */
export function planMemory(
  program: Program,
  scratch: ReadonlyMap<AnyOp, readonly Scratch[]>,
  start: number,
): MemoryPlan {
  const { ops } = program;
  const end = ops.length;
  const changed = changedTensors(program);
  const lastRead = new Map<TensorSpec, number>();
  ops.forEach((op, index) => op.inputs.forEach((input) => lastRead.set(input, index)));
  for (const output of program.outputs.values()) lastRead.set(output, end);

  const blockOf = new Map<TensorSpec | Scratch, Block>();
  const blocks = new Set<Block>();
  const own = (item: TensorSpec | Scratch, bytes: number, first: number, last: number, kept: boolean): void => {
    const block = { bytes: Math.ceil(bytes / ALIGNMENT) * ALIGNMENT, first, last, kept, offset: 0 };
    blocks.add(block);
    blockOf.set(item, block);
  };
  for (const tensor of program.tensors) if (tensor.role !== 'value') own(tensor, bytesOf(tensor), 0, end, true);
  ops.forEach((op, index) => {
    for (const item of scratch.get(op) ?? []) own(item, item.bytes, index, index, item.kept);
    op.outputs.forEach((output, i) => {
      const last = lastRead.get(output) ?? index;
      const shared = i === 0 ? sharedBlock(op, index, blockOf, changed) : undefined;
      if (!shared) return own(output, bytesOf(output), index, last, false);
      shared.last = Math.max(shared.last, last);
      blockOf.set(output, shared);
    });
    // Another name for the same memory keeps it in use.
    op.inputs.forEach((input) => {
      const block = blockOf.get(input)!;
      block.last = Math.max(block.last, lastRead.get(input)!);
    });
  });

  let offset = start;
  const sorted = [...blocks].sort((a, b) => b.bytes - a.bytes);
  for (const block of sorted) {
    if (!block.kept) continue;
    block.offset = offset;
    offset += block.bytes;
  }
  const arenaStart = offset;
  const placed: Block[] = [];
  let arenaEnd = arenaStart;
  for (const block of sorted) {
    if (block.kept) continue;
    block.offset = lowestGap(block, placed, arenaStart);
    arenaEnd = Math.max(arenaEnd, block.offset + block.bytes);
    placed.push(block);
    placed.sort((a, b) => a.offset - b.offset);
  }
  return {
    offset: (item) => blockOf.get(item)!.offset,
    totalBytes: arenaEnd,
    arenaBytes: arenaEnd - arenaStart,
  };
}

/** The block of the input whose memory the first output of `op` takes over, if it may. */
function sharedBlock(
  op: AnyOp,
  index: number,
  blockOf: ReadonlyMap<TensorSpec | Scratch, Block>,
  changed: ReadonlySet<TensorSpec>,
): Block | undefined {
  const output = op.outputs[0]!;
  if (op.name === 'reshape') return changed.has(op.inputs[0]!) ? undefined : blockOf.get(op.inputs[0]!);
  const taken = definitions[op.name].inPlace;
  if (taken === undefined) return undefined;
  const input = op.inputs[taken]!;
  const block = blockOf.get(input)!;
  const free = !block.kept && block.last <= index && bytesOf(input) === bytesOf(output);
  return free && !op.inputs.some((other, i) => i !== taken && blockOf.get(other) === block) ? block : undefined;
}

function lowestGap(block: Block, placed: readonly Block[], start: number): number {
  let offset = start;
  for (const other of placed) {
    if (other.last < block.first || other.first > block.last) continue;
    if (offset + block.bytes <= other.offset) break;
    offset = Math.max(offset, other.offset + other.bytes);
  }
  return offset;
}
