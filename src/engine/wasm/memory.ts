import { bytesOf } from '../program/memory.js';
import { ops as definitions } from '../program/ops/index.js';
import type { AnyOp, Program } from '../program/types.js';
import type { LoweredOp, Memory } from './lower/call.js';
import { aliases, rowBytes, type Stage } from './schedule.js';

/**
 * Where something lies: at an address, or in the part of memory each thread has for itself: `offset` bytes from its
 * start, where row r0 is if the thread is at work on the rows from r0. Thread scratch has no rows: rowBytes is 0.
 */
export type Place = { readonly address: number } | { readonly offset: number; readonly rowBytes: number };

export interface MemoryPlan {
  place(memory: Memory): Place;
  /** The parts that belong to one thread each lie behind one another. */
  readonly ownAddress: number;
  readonly ownBytes: number;
  readonly totalBytes: number;
  /** The part of it where values come and go, those of the threads included. */
  readonly arenaBytes: number;
}

const ALIGNMENT = 64;

/** A piece of memory, and when it is in use: stages, and positions in the order of calls. Several tensors may share one. */
class Block {
  firstStage = Infinity;
  lastStage = -1;
  first = Infinity;
  last = -1;
  isOutput = false;
  /** Only calls that go by row touch it. */
  byRow = true;
  offset = 0;

  constructor(
    readonly kind: 'kept' | 'values' | 'thread',
    readonly bytes: number,
    readonly rowBytes: number | undefined,
  ) {}

  use(stage: number, position: number, byRow: boolean): void {
    this.firstStage = Math.min(this.firstStage, stage);
    this.lastStage = Math.max(this.lastStage, stage);
    this.first = Math.min(this.first, position);
    this.last = Math.max(this.last, position);
    this.byRow &&= byRow;
  }

  absorb(other: Block): void {
    this.use(other.firstStage, other.first, other.byRow);
    this.use(other.lastStage, other.last, other.byRow);
    this.isOutput ||= other.isOutput;
  }

  /** Whether a few rows of it at a time are enough: nothing outside of one chain needs it. */
  get isOwn(): boolean {
    if (this.kind === 'thread') return true;
    const within = this.firstStage === this.lastStage && this.byRow && !this.isOutput;
    return this.kind === 'values' && this.rowBytes !== undefined && within;
  }
}

/**
 * Memory of at most so many bytes is not used again for so many stages before and after: threads would have to wait for
 * each other for the sake of little (45 barriers in a step of the seed network instead of 35).
 */
const SMALL = 1 << 20;
const REST = 2;

/**
 * Lays out a program's memory. Inputs, state, constants and kept scratch have places of their own; values share the
 * rest, each only from the stage that computes it to the last that reads it. What lives within one chain has a place for
 * a few rows in each thread's own part. Reshaped values are the same memory, and an op that works in place takes over
 * its input's where nothing reads that input later.
 */
export function planMemory(
  program: Program,
  lowered: readonly LoweredOp[],
  stages: readonly Stage[],
  threads: number,
  start: number,
): MemoryPlan {
  const blockOf = blocksOf(program, lowered, stages);
  const blocks = [...new Set(blockOf.values())];

  let offset = start;
  for (const block of blocks.filter(({ kind }) => kind === 'kept')) {
    block.offset = offset;
    offset += aligned(block.bytes);
  }
  const arenaStart = offset;
  const shared = blocks.filter((block) => block.kind === 'values' && !block.isOwn);
  const ownAddress = pack(
    shared.map((block) => {
      const rest = block.bytes <= SMALL ? REST : 0;
      return { block, bytes: block.bytes, first: block.firstStage - rest, last: block.lastStage + rest };
    }),
    arenaStart,
  );
  let ownBytes = 0;
  for (const [i, { chain }] of stages.entries()) {
    const own = blocks.filter((block) => block.isOwn && block.firstStage === i);
    const rows = chain ? Math.min(chain.step, program.capacity) : 1;
    const sized = own.map((block) => ({
      block,
      bytes: block.kind === 'thread' ? block.bytes : rows * block.rowBytes!,
      first: block.first,
      last: block.last,
    }));
    ownBytes = Math.max(ownBytes, pack(sized, 0));
  }
  const totalBytes = ownAddress + threads * ownBytes;
  return {
    place(memory) {
      const block = blockOf.get(memory)!;
      if (!block.isOwn) return { address: block.offset };
      return { offset: block.offset, rowBytes: block.kind === 'thread' ? 0 : block.rowBytes! };
    },
    ownAddress,
    ownBytes,
    totalBytes,
    arenaBytes: totalBytes - arenaStart,
  };
}

/** The blocks of all tensors and scratch that the calls touch. */
function blocksOf(
  program: Program,
  lowered: readonly LoweredOp[],
  stages: readonly Stage[],
): ReadonlyMap<Memory, Block> {
  const blockOf = new Map<Memory, Block>();
  const origin = aliases(lowered);
  const block = (memory: Memory): Block => {
    let found = blockOf.get(memory);
    if (!found) {
      const from = 'kind' in memory ? undefined : origin.get(memory);
      found = from ? block(from) : newBlock(memory, program.capacity);
      blockOf.set(memory, found);
    }
    return found;
  };
  for (const tensor of program.tensors) if (tensor.role !== 'value') block(tensor);
  const positions = new Map<AnyOp, { first: number; last: number }>();
  let position = 0;
  for (const [stage, { calls, chain }] of stages.entries()) {
    for (const call of calls) {
      for (const argument of call.arguments) {
        if (typeof argument !== 'number') block(argument).use(stage, position, chain !== undefined);
      }
      const { first } = positions.get(call.op) ?? { first: position };
      positions.set(call.op, { first, last: position });
      position++;
    }
  }
  for (const output of program.outputs.values()) {
    const found = block(output);
    found.isOutput = true;
    // Its rows that are not in use stay as they are.
    if (output.batched) found.use(0, 0, false);
    found.use(stages.length, position, false);
  }
  for (const tensor of origin.keys()) block(tensor);
  for (const { op } of lowered) shareInPlace(op, positions.get(op), blockOf);
  return blockOf;
}

function newBlock(memory: Memory, capacity: number): Block {
  const perRow = rowBytes(memory);
  if (!('kind' in memory)) {
    return new Block(memory.role === 'value' ? 'values' : 'kept', bytesOf(memory), perRow);
  }
  const { kind, floats } = memory;
  if (kind === 'rows') return new Block('values', 4 * floats * capacity, perRow);
  return new Block(kind === 'all' ? 'values' : kind, 4 * floats, undefined);
}

/** Gives the first output of an op that may work in place the block of its input, if nothing reads that later. */
function shareInPlace(
  op: AnyOp,
  position: { readonly first: number; readonly last: number } | undefined,
  blockOf: Map<Memory, Block>,
): void {
  const place = definitions[op.name].inPlace;
  if (place === undefined || !position) return;
  const input = blockOf.get(op.inputs[place]!)!;
  const output = blockOf.get(op.outputs[0]!)!;
  const free = input.kind === 'values' && !input.isOutput && input.last <= position.last && output !== input;
  if (!free || output.first < position.first || input.bytes !== output.bytes || input.isOwn !== output.isOwn) return;
  if (op.inputs.some((other, i) => i !== place && blockOf.get(other) === input)) return;
  input.absorb(output);
  for (const [memory, block] of blockOf) if (block === output) blockOf.set(memory, input);
}

interface Packed {
  readonly block: Block;
  readonly bytes: number;
  /** In use from the one to the other, both included. */
  readonly first: number;
  readonly last: number;
}

/** Gives each block an offset, largest first, such that none overlaps another in use at the same time. The end of all. */
function pack(items: readonly Packed[], start: number): number {
  const placed: Packed[] = [];
  let end = start;
  for (const item of [...items].sort((a, b) => b.bytes - a.bytes)) {
    let offset = start;
    for (const other of placed) {
      if (other.last < item.first || other.first > item.last) continue;
      if (offset + aligned(item.bytes) <= other.block.offset) break;
      offset = Math.max(offset, other.block.offset + aligned(other.bytes));
    }
    item.block.offset = offset;
    end = Math.max(end, offset + aligned(item.bytes));
    placed.push(item);
    placed.sort((a, b) => a.block.offset - b.block.offset);
  }
  return end;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
