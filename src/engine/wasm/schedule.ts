// The order of the calls. What threads do between two barriers is a stage: either one call, whose units they share, or
// a chain of calls that go row by row (an image is a row): then a thread takes some rows through the whole chain before
// it takes the next, so that what one call writes is still in its cache when the next reads it, and no barrier is
// needed between them. Values that live within a chain never reach memory (memory.ts gives each thread a place for a few
// rows of them).
import { sizeOf } from '../../numeric/tensor.js';
import type { AnyOp, TensorSpec } from '../program/types.js';
import { bytesPerValue } from '../program/memory.js';
import { type KernelCall, type LoweredOp, type Memory, STOP } from './lower/call.js';

export interface StagedCall extends KernelCall {
  readonly op: AnyOp;
}

export interface Stage {
  readonly calls: readonly StagedCall[];
  /** Of a chain (or a single call by row): one thread does `group` rows in order, `step` rows at a time. Powers of two. */
  readonly chain?: { readonly group: number; readonly step: number };
}

/** What a chain should touch at most for the rows it takes at a time: half of the second cache of most processors. */
export const CHAIN_BYTES = 1024 * 1024;
/** More rows at a time save nothing but calls. */
export const MOST_ROWS = 8;

/** Reshaped tensors are the tensor they were made of, under another name; other ops have calls. */
export function aliases(lowered: readonly LoweredOp[]): Map<TensorSpec, TensorSpec> {
  const origin = new Map<TensorSpec, TensorSpec>();
  for (const { op, calls } of lowered) {
    if (op.name !== 'reshape' || calls.length > 0) continue;
    origin.set(op.outputs[0]!, origin.get(op.inputs[0]!) ?? op.inputs[0]!);
  }
  return origin;
}

/** Bytes of one row of what has rows; undefined for the rest. */
export function rowBytes(memory: Memory): number | undefined {
  if ('kind' in memory) return memory.kind === 'rows' ? memory.floats * 4 : undefined;
  return memory.batched ? sizeOf(memory.shape.slice(1)) * bytesPerValue[memory.dtype] : undefined;
}

/** Orders the calls of a program, keeping every call behind those it depends on. */
export function schedule(lowered: readonly LoweredOp[]): Stage[] {
  const scheduler = new Scheduler(aliases(lowered));
  for (const { op, calls } of lowered) for (const call of calls) scheduler.add({ ...call, op });
  return scheduler.stages.map((draft) => draft.finish());
}

class Scheduler {
  readonly stages: Draft[] = [];
  /** The chain that may still grow. */
  #open: Draft | undefined;

  constructor(private readonly origin: ReadonlyMap<TensorSpec, TensorSpec>) {}

  add(staged: StagedCall): void {
    const call = new Access(staged, this.origin);
    if (staged.kernel === STOP) {
      this.stages.push(new Draft(call));
      this.#open = undefined;
      return;
    }
    const at = this.#open ? this.stages.indexOf(this.#open) : this.stages.length;
    const later = this.stages.slice(at + 1);
    const free = !later.some((stage) => stage.conflicts(call));
    if (call.chains) {
      if (free && this.#open?.accepts(call)) return this.#open.push(call);
      this.#open = new Draft(call);
      this.stages.push(this.#open);
    } else if (free && this.#open && !this.#open.conflicts(call)) {
      this.stages.splice(at, 0, new Draft(call));
    } else {
      this.stages.push(new Draft(call));
    }
  }
}

/** What a call reads and writes. */
class Access {
  readonly touches: ReadonlySet<Memory>;
  readonly writes: ReadonlySet<Memory>;
  readonly chains: boolean;

  constructor(
    readonly call: StagedCall,
    origin: ReadonlyMap<TensorSpec, TensorSpec>,
  ) {
    const root = (memory: Memory) => ('kind' in memory ? memory : (origin.get(memory) ?? memory));
    const all = call.arguments.filter((argument) => typeof argument !== 'number');
    this.touches = new Set(all.map(root));
    this.writes = new Set(call.writes.map(root));
    this.chains = call.units.byRow === true && call.units.rows === undefined;
  }

  /** What both touch and one of them writes. */
  shared(other: Access): Memory[] {
    return [...this.touches].filter(
      (memory) => other.touches.has(memory) && (this.writes.has(memory) || other.writes.has(memory)),
    );
  }
}

class Draft {
  readonly #calls: Access[] = [];
  readonly #bytes = new Map<Memory, number>();
  #group = 1;
  #step = 1;

  constructor(first: Access) {
    this.push(first);
  }

  conflicts(call: Access): boolean {
    return this.#calls.some((other) => other.shared(call).length > 0);
  }

  /** Whether the call may run on some rows right after the others did. */
  accepts(call: Access): boolean {
    const shared = this.#calls.flatMap((other) => other.shared(call));
    if (!shared.every((memory) => rowBytes(memory) !== undefined || ('kind' in memory && memory.kind === 'thread'))) {
      return false;
    }
    const { step, bytes } = this.#with(call);
    return step * total(bytes) <= CHAIN_BYTES;
  }

  push(call: Access): void {
    const { step, bytes } = this.#with(call);
    this.#calls.push(call);
    this.#step = step;
    this.#group = Math.max(this.#group, call.call.units.group ?? 1);
    for (const [memory, size] of bytes) this.#bytes.set(memory, size);
  }

  finish(): Stage {
    const calls = this.#calls.map(({ call }) => call);
    if (calls[0]!.units.byRow !== true) return { calls };
    let step = this.#step;
    while (2 * step <= MOST_ROWS && 2 * step * total(this.#bytes) <= CHAIN_BYTES) step *= 2;
    return { calls, chain: { group: this.#group, step } };
  }

  #with({ call, touches }: Access): { step: number; bytes: Map<Memory, number> } {
    const { rowsPerUnit = 1, rowsAtOnce = 1 } = call.units;
    const bytes = new Map(this.#bytes);
    for (const memory of touches) bytes.set(memory, rowBytes(memory) ?? 0);
    return { step: Math.max(this.#step, rowsPerUnit, rowsAtOnce), bytes };
  }
}

function total(bytes: ReadonlyMap<Memory, number>): number {
  let sum = 0;
  for (const size of bytes.values()) sum += size;
  return sum;
}
