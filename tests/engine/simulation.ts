import { bytesOf } from '../../src/engine/program/memory.js';
import { ops as definitions } from '../../src/engine/program/ops/index.js';
import type { Program, TensorSpec } from '../../src/engine/program/types.js';
import { type Argument, countUnits, type Memory } from '../../src/engine/wasm/lower/call.js';
import { lower } from '../../src/engine/wasm/lower/index.js';
import { type PlannedCall, planProgram } from '../../src/engine/wasm/plan.js';
import { schedule, type StagedCall } from '../../src/engine/wasm/schedule.js';
import { Random } from '../../src/numeric/philox.js';

/**
 * Runs a program's plan over memory that holds, in place of values, the numbers of those who wrote them: whatever a call
 * reads must have been left there for it, as the program's order has it. Threads take turns at random, half a call at a
 * time, as far as barriers let them. It knows nothing of how plans are made.
 *
 * @param runs the rows of each run; the first is after state was written
 * @throws Error if a call reads what is not there any more, or not yet, or destroys what another needs
 */
export function simulate(source: Program, threads: number, runs: readonly number[], seed = 0): void {
  const simulation = new Simulation(source, threads, new Random(seed, STREAM));
  for (const [i, rows] of runs.entries()) simulation.run(rows, i === 0);
}

const STREAM = 201;
/** Into how many pieces a call that does not go by row is cut. */
const PIECES = 3;
const ALIGNMENT = 64;

/** What a call has to do with a piece of memory, by the number of its contents before and after. */
interface Use {
  readonly memory: Memory;
  readonly reads: number | undefined;
  readonly writes: number | undefined;
  /** What it writes takes the place of what it read, value by value. */
  readonly inPlace: boolean;
}

interface PlacedCall {
  readonly call: StagedCall;
  readonly uses: readonly Use[];
  /** In bytes, of a thread; `row`: how many bytes to go back for every row before those at work. */
  readonly place: (memory: Memory, member: number) => { readonly address: number; readonly row: number };
}

/** Rows or units `first` to `last` of `of`, by a member. */
interface Piece {
  readonly member: number;
  readonly first: number;
  readonly last: number;
  readonly of: number;
}

interface Span {
  readonly begin: number;
  readonly end: number;
  readonly row: number;
}

class Simulation {
  readonly #program: Program;
  readonly #lowered;
  readonly #plan;
  readonly #staged;
  readonly #bytes = new Contents();
  /** What should be in each memory, in the program's order. */
  readonly #current = new Map<Memory, number>();
  readonly #names = ['nothing'];
  readonly #origin = new Map<TensorSpec, TensorSpec>();
  #rows = 0;

  constructor(
    source: Program,
    readonly threads: number,
    readonly random: Random,
  ) {
    this.#plan = planProgram(source, threads);
    this.#program = this.#plan.program;
    this.#lowered = lower(this.#program);
    this.#staged = schedule(this.#lowered);
    for (const { op, calls } of this.#lowered) {
      if (op.name === 'reshape' && calls.length === 0) this.#origin.set(op.outputs[0]!, this.#root(op.inputs[0]!));
    }
    const given = this.#program.tensors.filter(({ role }) => role !== 'value' && role !== 'derived');
    for (const tensor of given) this.#host(tensor, this.#version(tensor.name));
  }

  run(rows: number, isFresh: boolean): void {
    this.#rows = rows;
    for (const memory of [...this.#current.keys()]) if (!isKept(memory)) this.#current.delete(memory);
    const inputs = this.#program.tensors.filter(({ role }) => role === 'input');
    for (const tensor of inputs) this.#host(tensor, this.#version(tensor.name));
    const uses = this.#trace(isFresh);
    let segment: (() => void)[][] = this.#queues();
    for (const [i, { barrier }] of this.#plan.stages.entries()) {
      if (barrier) {
        this.#takeTurns(segment);
        segment = this.#queues();
      }
      this.#deal(i, uses, segment);
    }
    this.#takeTurns(segment);
    for (const tensor of [...this.#program.tensors.filter(isKept), ...this.#program.outputs.values()]) {
      const number = this.#current.get(this.#root(tensor))!;
      for (const span of this.#hostSpans(tensor, rows)) this.#check(span, number, 'the host');
    }
  }

  /** What each call has to find and to leave if all are done one after the other, in the program's order. */
  #trace(isFresh: boolean): ReadonlyMap<readonly Argument[], readonly Use[]> {
    const traced = new Map<readonly Argument[], readonly Use[]>();
    for (const { op, calls } of this.#lowered) {
      for (const call of calls) {
        if (call.once && !isFresh) continue;
        const touched = new Set(call.arguments.filter((one) => typeof one !== 'number').map((one) => this.#root(one)));
        const written = new Set(call.writes.map((one) => this.#root(one)));
        const uses = [...touched].map((memory): Use => {
          const reads = this.#current.get(memory);
          if (reads === undefined && !written.has(memory)) throw new Error(`${call.kernel} reads what nobody wrote`);
          const writes = written.has(memory) ? this.#version(nameOf(memory, op.label)) : undefined;
          return { memory, reads, writes, inPlace: reads !== undefined && writes !== undefined };
        });
        for (const { memory, writes } of uses) {
          if (writes !== undefined && !isThreads(memory)) this.#current.set(memory, writes);
        }
        traced.set(call.arguments, uses);
      }
    }
    return traced;
  }

  /** Gives the pieces of a stage to the members, as job.ts may do it. */
  #deal(i: number, traced: ReadonlyMap<readonly Argument[], readonly Use[]>, queues: (() => void)[][]): void {
    const { calls: planned, chain } = this.#plan.stages[i]!;
    const { calls } = this.#staged[i]!;
    const { units } = calls[0]!;
    const skipped = calls.filter((call) => !traced.has(call.arguments));
    if (skipped.length === calls.length) return;
    if (skipped.length > 0 || calls.length !== planned.length) throw new Error(`stage ${i} has other calls`);
    const placed = calls.map((call, j) => this.#placed(call, planned[j]!, traced.get(call.arguments)!, chain?.step));
    if (!chain) {
      if (calls.length > 1) throw new Error(`stage ${i} has ${calls.length} calls, but is no chain`);
      const of = Math.min(PIECES, countUnits(units, this.#rows));
      for (let first = 0; first < of; first++) this.#add(placed[0]!, { first, last: first + 1, of }, queues);
      return;
    }
    const of = units.rows ?? this.#rows;
    const grain = Math.max(chain.step, chain.group);
    for (let start = 0; start < of; start += grain) {
      const member = this.random.below(queues.length);
      for (let first = start; first < Math.min(start + grain, of); first += chain.step) {
        const piece = { first, last: Math.min(first + chain.step, of), of };
        for (const call of placed) this.#add(call, piece, queues, member);
      }
    }
  }

  #add(
    call: PlacedCall,
    piece: Omit<Piece, 'member'>,
    queues: (() => void)[][],
    member = this.random.below(queues.length),
  ): void {
    const { begin, end } = this.#halves(call, { ...piece, member });
    queues[member]!.push(begin, end);
  }

  /**
   * A call on a piece: it reads from its beginning to its end, and may write from its beginning on; in place, what it
   * writes is there in the end.
   */
  #halves({ call, uses, place }: PlacedCall, piece: Piece): { begin: () => void; end: () => void } {
    const all = uses.map((use) => {
      const spans = this.#spans(call, use, piece, place(use.memory, piece.member));
      // What is in a thread's own scratch is nobody else's.
      const writes = isThreads(use.memory) ? this.#version(`scratch of ${piece.member}`) : use.writes;
      return { ...use, writes, spans };
    });
    const check = () => {
      for (const { reads, spans } of all) {
        if (reads !== undefined) for (const span of spans) this.#check(span, reads, call.kernel);
      }
    };
    return {
      begin: () => {
        check();
        for (const { writes, inPlace, spans } of all) {
          if (writes !== undefined && !inPlace) for (const span of spans) this.#write(span, writes);
        }
      },
      end: () => {
        check();
        for (const { writes, inPlace, spans } of all) {
          if (writes === undefined) continue;
          for (const span of spans) {
            if (inPlace) this.#write(span, writes);
            else this.#check(span, writes, `${call.kernel}, having written,`);
          }
        }
      },
    };
  }

  /** Where the call's memory is, and which of it takes over whose. */
  #placed(call: StagedCall, planned: PlannedCall, uses: readonly Use[], step = 1): PlacedCall {
    if (call.kernel !== planned.kernel) throw new Error(`${planned.kernel} is planned in place of ${call.kernel}`);
    const { ownAddress, ownBytes, totalBytes, arenaBytes } = this.#plan.memory;
    const places = new Map<Memory, (member: number) => { address: number; row: number }>();
    call.arguments.forEach((argument, i) => {
      if (typeof argument === 'number') return;
      const memory = this.#root(argument);
      const own = planned.own.find((one) => one.argument === i);
      const begin = own ? own.offset : planned.arguments[i]!;
      const size =
        own && own.rowBytes > 0 ? Math.min(step, this.#plan.program.capacity) * own.rowBytes : this.#sizeOf(memory);
      const [low, high] = own
        ? [0, ownBytes]
        : isKept(memory)
          ? [ALIGNMENT, totalBytes - arenaBytes]
          : [totalBytes - arenaBytes, ownAddress];
      if (begin % ALIGNMENT !== 0 || begin < low || begin + size > high) {
        throw new Error(`${size} bytes at ${begin}, outside of ${low} to ${high}`);
      }
      if (own && own.rowBytes !== (rowBytes(memory, this.#program.capacity) ?? 0))
        throw new Error('rows of other bytes');
      const before = places.get(memory)?.(0).address;
      const address = (member: number) => (own ? ownAddress + member * ownBytes : 0) + begin;
      if (before !== undefined && before !== address(0)) throw new Error(`"${nameOf(memory)}" is in two places`);
      places.set(memory, (member) => ({ address: address(member), row: own?.rowBytes ?? 0 }));
    });
    const place: PlacedCall['place'] = (memory, member) => places.get(memory)!(member);
    const takenOver = this.#takenOver(call, place);
    return {
      call,
      place,
      uses: uses.map((use) => (takenOver.includes(use.memory) ? { ...use, inPlace: true } : use)),
    };
  }

  /** The input and the output of an op that says it may work in place, if the plan has it so. */
  #takenOver({ op }: StagedCall, place: PlacedCall['place']): Memory[] {
    const index = definitions[op.name].inPlace;
    if (index === undefined) return [];
    const [input, output] = [this.#root(op.inputs[index]!), this.#root(op.outputs[0]!)];
    const readOnce = op.inputs.filter((other) => this.#root(other) === input).length === 1;
    if (place(input, 0).address !== place(output, 0).address || !readOnce) return [];
    return this.#sizeOf(input) === this.#sizeOf(output) ? [input, output] : [];
  }

  /** Which bytes of a memory a call touches: its own rows, or everything. */
  #spans({ units }: StagedCall, use: Use, piece: Piece, place: { address: number; row: number }): Span[] {
    const { first, last, of } = piece;
    const perRow = rowBytes(use.memory, this.#program.capacity);
    const share = (count: number) => [Math.floor((count * first) / of), Math.floor((count * last) / of)] as const;
    if (perRow === undefined) {
      const size = this.#sizeOf(use.memory);
      const [begin, end] = use.inPlace ? share(size) : [0, size];
      return [{ begin: place.address + begin, end: place.address + end, row: 0 }];
    }
    const byRow = units.byRow === true && units.rows === undefined;
    if (place.row > 0 && !byRow) throw new Error('all rows of what a thread has a few of');
    const [begin, end] = byRow ? [first, last] : use.inPlace ? share(this.#rows) : [0, this.#rows];
    return rowSpans(place.address - first * place.row, perRow, begin, end);
  }

  /** The members go on in any order until all are through. */
  #takeTurns(queues: readonly (() => void)[][]): void {
    const next = queues.map(() => 0);
    let member = 0;
    for (let left = queues.reduce((sum, queue) => sum + queue.length, 0); left > 0; left--) {
      // Mostly one after the other, so that one may get far ahead.
      if (this.random.below(6) === 0) member = this.random.below(queues.length);
      while (next[member]! >= queues[member]!.length) member = (member + 1) % queues.length;
      queues[member]![next[member]!++]!();
    }
  }

  #queues(): (() => void)[][] {
    return Array.from({ length: this.threads }, () => []);
  }

  #root(memory: TensorSpec): TensorSpec;
  #root(memory: Memory): Memory;
  #root(memory: Memory): Memory {
    return 'kind' in memory ? memory : (this.#origin.get(memory) ?? memory);
  }

  #version(name: string): number {
    return this.#names.push(name) - 1;
  }

  #sizeOf(memory: Memory): number {
    const { capacity } = this.#program;
    if (!('kind' in memory)) return bytesOf(memory);
    return 4 * memory.floats * (memory.kind === 'rows' ? capacity : 1);
  }

  #host(tensor: TensorSpec, number: number): void {
    this.#current.set(tensor, number);
    for (const span of this.#hostSpans(tensor, this.#program.capacity)) this.#write(span, number);
  }

  #hostSpans(tensor: TensorSpec, rows: number): Span[] {
    const place = this.#plan.memory.place(tensor);
    if (!('address' in place)) throw new Error(`"${tensor.name}" is out of the host's reach`);
    const perRow = rowBytes(tensor, this.#program.capacity);
    if (perRow !== undefined) return rowSpans(place.address, perRow, 0, rows);
    return [{ begin: place.address, end: place.address + bytesOf(tensor), row: 0 }];
  }

  #write({ begin, end, row }: Span, number: number): void {
    this.#bytes.write(begin, end, number * (this.#program.capacity + 1) + row);
  }

  #check({ begin, end, row }: Span, number: number, reader: string): void {
    const rows = this.#program.capacity + 1;
    const found = this.#bytes.firstOther(begin, end, number * rows + row);
    if (found === undefined) return;
    const name = (version: number, r: number) => `"${this.#names[version]!}"${r > 0 ? `, row ${r - 1}` : ''}`;
    throw new Error(`${reader} needs ${name(number, row)} and finds ${name(Math.floor(found / rows), found % rows)}`);
  }
}

/** A number for every byte. */
class Contents {
  /** Each of `#numbers` goes from one of `#begins` to the next. */
  readonly #begins = [0];
  readonly #numbers = [0];

  write(begin: number, end: number, number: number): void {
    if (begin === end) return;
    const [first, last] = [this.#at(begin), this.#at(end - 1)];
    const [before, after] = [this.#begins[first]!, this.#begins[last + 1] ?? Infinity];
    const begins = [begin];
    const numbers = [number];
    if (before < begin) {
      begins.unshift(before);
      numbers.unshift(this.#numbers[first]!);
    }
    if (after > end) {
      begins.push(end);
      numbers.push(this.#numbers[last]!);
    }
    this.#begins.splice(first, last - first + 1, ...begins);
    this.#numbers.splice(first, last - first + 1, ...numbers);
  }

  /** The first that is not `number`. */
  firstOther(begin: number, end: number, number: number): number | undefined {
    if (begin === end) return undefined;
    for (let i = this.#at(begin); i < this.#begins.length && this.#begins[i]! < end; i++) {
      if (this.#numbers[i] !== number) return this.#numbers[i];
    }
    return undefined;
  }

  #at(byte: number): number {
    let [low, high] = [0, this.#begins.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#begins[middle]! <= byte) low = middle;
      else high = middle;
    }
    return low;
  }
}

function rowBytes(memory: Memory, capacity: number): number | undefined {
  if ('kind' in memory) return memory.kind === 'rows' ? 4 * memory.floats : undefined;
  return memory.batched ? bytesOf(memory) / capacity : undefined;
}

function rowSpans(address: number, perRow: number, begin: number, end: number): Span[] {
  const rows = Array.from({ length: end - begin }, (_, i) => begin + i);
  return rows.map((row) => ({ begin: address + row * perRow, end: address + (row + 1) * perRow, row: row + 1 }));
}

function isKept(memory: Memory): boolean {
  return 'kind' in memory ? memory.kind === 'kept' : memory.role !== 'value';
}

function isThreads(memory: Memory): boolean {
  return 'kind' in memory && memory.kind === 'thread';
}

function nameOf(memory: Memory, label = ''): string {
  return 'kind' in memory ? `${label}: scratch` : memory.name;
}
