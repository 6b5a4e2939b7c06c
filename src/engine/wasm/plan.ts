import { fuse } from '../program/fusion.js';
import { bytesOf, type MemoryPlan, planMemory, type Scratch } from '../program/memoryPlan.js';
import { ops as definitions } from '../program/ops/index.js';
import type { OpDefinition, Op, OpName, Program, TensorSpec } from '../program/types.js';
import { lower } from './lower/index.js';
import type { KernelCall, Units } from './lower/call.js';

/** Where a tensor lies; if batched, `capacity` rows of it. `size` in values. */
interface CompletedTensor {
  readonly id: number;
  readonly address: number;
  readonly size: number;
  readonly batched: boolean;
  readonly capacity: number;
}

/** One kernel call with its addresses: what every thread gets. Plain data. */
export interface PlannedCall {
  readonly kernel: string;
  readonly units: Units;
  /** After (begin, end, rows). */
  readonly arguments: readonly number[];
  /** The argument that is a workspace, to which each thread adds its number times `bytesPerThread`. */
  readonly workspace?: { readonly argument: number; readonly bytesPerThread: number };
  /** The team must be through with the calls before. */
  readonly barrier: boolean;
  readonly once: boolean;
  readonly label: string;
  readonly op: OpName;
  /** Tensors that are complete after this call, for the search for NaN. */
  readonly completes: readonly CompletedTensor[];
}

export interface Plan {
  readonly program: Program;
  readonly calls: readonly PlannedCall[];
  readonly memory: MemoryPlan;
  readonly multiplyAdds: number;
}

/** The first bytes stay unused, so that no tensor has address 0, which stands for "none". */
const FIRST_ADDRESS = 64;
/** Kernels may read this far beyond a tensor; the last one needs it, too. */
export const TAIL_BYTES = 64;

interface Span {
  readonly begin: number;
  readonly end: number;
}

/** Fuses, chooses kernels, lays out memory, and finds where the threads of a team must wait for each other. */
export function planProgram(source: Program, threads: number): Plan {
  const program = fuse(source);
  const lowered = lower(program, threads);
  const memory = planMemory(program, new Map(lowered.map(({ op, scratch }) => [op, scratch])), FIRST_ADDRESS);
  const hazards = new Hazards(memory);
  const calls: PlannedCall[] = [];
  let multiplyAdds = 0;
  for (const { op, calls: opCalls } of lowered) {
    multiplyAdds += costOf(op);
    opCalls.forEach((call, i) => {
      const finished = i === opCalls.length - 1 ? op.outputs : [];
      calls.push({
        kernel: call.kernel,
        units: call.units,
        arguments: call.arguments.map((argument) =>
          typeof argument === 'number' ? argument : memory.offset(argument),
        ),
        ...workspaceOf(call),
        barrier: hazards.add(call),
        once: call.once,
        label: op.label,
        op: op.name,
        completes: finished.map((tensor) => ({
          id: tensor.id,
          address: memory.offset(tensor),
          size: bytesOf(tensor) / 4,
          batched: tensor.batched,
          capacity: program.capacity,
        })),
      });
    });
  }
  return { program, calls, memory, multiplyAdds };
}

function workspaceOf(call: KernelCall): Pick<PlannedCall, 'workspace'> {
  for (const [argument, item] of call.arguments.entries()) {
    if (typeof item === 'object' && 'bytesPerThread' in item) {
      return { workspace: { argument, bytesPerThread: item.bytesPerThread } };
    }
  }
  return {};
}

function costOf<N extends OpName>(op: Op<N>): number {
  const definition: OpDefinition<N> = definitions[op.name];
  return definition.multiplyAdds?.(op) ?? 0;
}

/** What was read and written since the last barrier. */
class Hazards {
  #reads: Span[] = [];
  #writes: Span[] = [];

  constructor(private readonly memory: MemoryPlan) {}

  /** Whether the call must wait for those before it. */
  add(call: KernelCall): boolean {
    const writes = call.writes.map((item) => this.#span(item));
    const reads = call.arguments.flatMap((item) => (typeof item === 'number' ? [] : [this.#span(item)]));
    const barrier =
      reads.some((span) => overlaps(span, this.#writes)) || writes.some((span) => overlaps(span, this.#reads));
    if (barrier) this.#reads = this.#writes = [];
    this.#reads = [...this.#reads, ...reads];
    this.#writes = [...this.#writes, ...writes];
    return barrier;
  }

  #span(item: TensorSpec | Scratch): Span {
    const begin = this.memory.offset(item);
    return { begin, end: begin + ('bytes' in item ? item.bytes : bytesOf(item)) };
  }
}

function overlaps(span: Span, others: readonly Span[]): boolean {
  return others.some((other) => span.begin < other.end && other.begin < span.end);
}
