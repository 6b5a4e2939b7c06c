import { fuse } from '../program/fusion/index.js';
import { bytesOf } from '../program/memory.js';
import { ops as definitions } from '../program/ops/index.js';
import type { OpDefinition, Op, OpName, Program, TensorSpec } from '../program/types.js';
import { lower } from './lower/index.js';
import type { Memory, Units } from './lower/call.js';
import { type MemoryPlan, type Place, planMemory } from './memory.js';
import { schedule, type Stage, type StagedCall } from './schedule.js';

/** A tensor of f32 that a call completes, and where; if batched, `capacity` rows of it. `size` in values. */
export interface CompletedTensor {
  readonly id: number;
  readonly place: Place;
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
  /** The arguments that lie in the thread's own memory. */
  readonly own: readonly { readonly argument: number; readonly offset: number; readonly rowBytes: number }[];
  readonly once: boolean;
  readonly label: string;
  readonly op: OpName;
  /** Those the kernel does, and the bytes of all it touches, once each, at full capacity. */
  readonly multiplyAdds: number;
  readonly bytes: number;
  /** For the search for NaN. */
  readonly completes: readonly CompletedTensor[];
}

export interface PlannedStage {
  /** The team must be through with the stages before. */
  readonly barrier: boolean;
  readonly calls: readonly PlannedCall[];
  readonly chain?: { readonly group: number; readonly step: number };
}

export interface Plan {
  readonly program: Program;
  readonly stages: readonly PlannedStage[];
  readonly memory: MemoryPlan;
  /** By the definitions of the ops; kernels may do with fewer. */
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

/** Fuses, chooses kernels, puts them in order, lays out memory, and finds where the threads must wait for each other. */
export function planProgram(source: Program, threads: number): Plan {
  const program = fuse(source);
  const lowered = lower(program);
  const stages = schedule(lowered);
  const memory = planMemory(program, lowered, stages, threads, FIRST_ADDRESS);
  const hazards = new Hazards(memory, program.capacity);
  const lastWriters = new Map<Memory, StagedCall>();
  for (const { calls } of stages) for (const call of calls) for (const item of call.writes) lastWriters.set(item, call);
  const planned = stages.map((stage): PlannedStage => {
    const calls = stage.calls.map((call) => {
      const completed = call.op.outputs.filter((output) => output.dtype === 'f32' && lastWriters.get(output) === call);
      return plannedCall(call, completed, memory, program.capacity);
    });
    return { barrier: hazards.add(stage), calls, ...(stage.chain ? { chain: stage.chain } : {}) };
  });
  return { program, stages: planned, memory, multiplyAdds: program.ops.reduce((sum, op) => sum + costOf(op), 0) };
}

function plannedCall(
  { kernel, units, arguments: args, once, multiplyAdds, op }: StagedCall,
  completed: readonly TensorSpec[],
  memory: MemoryPlan,
  capacity: number,
): PlannedCall {
  const places = args.map((argument) => (typeof argument === 'number' ? undefined : memory.place(argument)));
  const touched = new Set(args.filter((argument) => typeof argument !== 'number'));
  return {
    kernel,
    units,
    arguments: args.map((argument, i) => {
      const place = places[i];
      return place ? ('address' in place ? place.address : 0) : (argument as number);
    }),
    own: places.flatMap((place, argument) => (place && 'offset' in place ? [{ argument, ...place }] : [])),
    once,
    label: op.label,
    op: op.name,
    multiplyAdds,
    bytes: [...touched].reduce((sum, item) => sum + sizeOf(item, capacity), 0),
    completes: completed.map((tensor) => ({
      id: tensor.id,
      place: memory.place(tensor),
      size: bytesOf(tensor) / 4,
      batched: tensor.batched,
      capacity,
    })),
  };
}

/** In bytes. */
function sizeOf(memory: Memory, capacity: number): number {
  if (!('kind' in memory)) return bytesOf(memory);
  return 4 * memory.floats * (memory.kind === 'rows' ? capacity : 1);
}

function costOf<N extends OpName>(op: Op<N>): number {
  const definition: OpDefinition<N> = definitions[op.name];
  return definition.multiplyAdds?.(op) ?? 0;
}

/** What was read and written since the last barrier. What a thread has for itself is no concern of others. */
class Hazards {
  #reads: Span[] = [];
  #writes: Span[] = [];

  constructor(
    private readonly memory: MemoryPlan,
    private readonly capacity: number,
  ) {}

  /** Whether the stage must wait for those before it. */
  add({ calls }: Stage): boolean {
    const writes = calls.flatMap((call) => call.writes.flatMap((item) => this.#span(item)));
    const reads = calls.flatMap((call) =>
      call.arguments.flatMap((item) => (typeof item === 'number' ? [] : this.#span(item))),
    );
    const barrier =
      reads.some((span) => overlaps(span, this.#writes)) || writes.some((span) => overlaps(span, this.#reads));
    if (barrier) this.#reads = this.#writes = [];
    this.#reads = [...this.#reads, ...reads];
    this.#writes = [...this.#writes, ...writes];
    return barrier;
  }

  #span(item: Memory): Span[] {
    const place = this.memory.place(item);
    if (!('address' in place)) return [];
    return [{ begin: place.address, end: place.address + sizeOf(item, this.capacity) }];
  }
}

function overlaps(span: Span, others: readonly Span[]): boolean {
  return others.some((other) => span.begin < other.end && other.begin < span.end);
}
