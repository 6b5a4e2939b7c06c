import type { Job, Loader, Membership } from '../team/protocol.js';
import { STOP } from './lower/call.js';
import type { CompletedTensor, PlannedCall, PlannedStage } from './plan.js';
import { portionOf, sharesOf } from './portions.js';

/** What every member of the team gets of a program. */
export interface ProgramPayload {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly stages: readonly PlannedStage[];
  /** Where the members' own memory begins, and how much of it each has. */
  readonly ownAddress: number;
  readonly ownBytes: number;
  /** Where `PROFILE` adds up milliseconds, call by call: every member's work, then every member's waiting. */
  readonly times: Float64Array;
  /** How much of each stage is taken, shared by all members: one count a stage for every other run. */
  readonly taken: Int32Array;
}

/**
 * How to run: `STEADY` leaves out the calls that depend on state alone; `FRESH` is for after the host wrote state;
 * `SEARCH` stops after the first call that leaves NaN or infinity in a tensor, whose id is the result; `PROFILE` is
 * `STEADY` with a stopwatch.
 */
export const STEADY = 0;
export const FRESH = 1;
export const SEARCH = 2;
export const PROFILE = 3;
export const NOTHING_FOUND = -1;

type Kernel = (...args: number[]) => number;

/** One member's share of a program: portions of the units or rows of every stage, with a barrier where one is needed. */
class WasmJob implements Job {
  readonly #stages: readonly LoadedStage[];
  readonly #values: Float32Array;
  readonly #search: Kernel;
  #rows = 0;
  #runs = 0;

  constructor(
    private readonly payload: ProgramPayload,
    private readonly team: Membership,
  ) {
    const { exports } = new WebAssembly.Instance(payload.module, { env: { memory: payload.memory } });
    const own = payload.ownAddress + team.member * payload.ownBytes;
    this.#stages = payload.stages.map((stage) => new LoadedStage(stage, exports, own));
    this.#values = new Float32Array(payload.memory.buffer);
    this.#search = kernelNamed(exports, 'firstNonFinite');
  }

  run(rows: number, mode: number): number {
    if (rows !== this.#rows) this.#setRows(rows);
    this.#beginRun();
    if (mode === SEARCH) return this.#runSearching();
    if (mode === PROFILE) return this.#runTimed();
    let mustWait = false;
    for (const [i, stage] of this.#stages.entries()) {
      mustWait ||= stage.barrier;
      if (stage.once && mode === STEADY) continue;
      if (mustWait) this.team.wait();
      mustWait = false;
      if (stage.isStop && !Number.isFinite(this.#values[stage.calls[0]!.arguments[0]! / 4])) break;
      this.#share(i, (begin, end) => stage.run(begin, end));
    }
    return NOTHING_FOUND;
  }

  #runTimed(): number {
    const { times } = this.payload;
    const { member, members } = this.team;
    let first = 0;
    for (const [i, stage] of this.#stages.entries()) {
      const base = 2 * first * members + member;
      const arrived = performance.now();
      if (stage.barrier) this.team.wait();
      times[base + members]! += performance.now() - arrived;
      if (!stage.once) {
        this.#share(i, (begin, end) =>
          stage.run(begin, end, (call, milliseconds) => void (times[base + 2 * call * members]! += milliseconds)),
        );
      }
      first += stage.calls.length;
    }
    return NOTHING_FOUND;
  }

  #setRows(rows: number): void {
    for (const stage of this.#stages) stage.setRows(rows);
    this.#rows = rows;
  }

  /** Nobody reads the counts of the run before any more, so one member makes them ready for the one after. */
  #beginRun(): void {
    const { stages, taken } = this.payload;
    this.#runs++;
    if (this.team.member > 0) return;
    const next = ((this.#runs + 1) % 2) * stages.length;
    taken.fill(0, next, next + stages.length);
  }

  /** Takes portions of a stage until none is left. */
  #share(i: number, work: (begin: number, end: number) => void): void {
    const stage = this.#stages[i]!;
    const { members } = this.team;
    if (members === 1) return work(0, stage.count);
    const { stages, taken } = this.payload;
    const at = (this.#runs % 2) * stages.length + i;
    const portion = portionOf(stage.count, stage.grain, members);
    for (;;) {
      const begin = Atomics.add(taken, at, portion);
      if (begin >= stage.count) return;
      work(begin, Math.min(begin + portion, stage.count));
    }
  }

  /** The first member does everything alone, so that it sees what lives in a member's own memory. */
  #runSearching(): number {
    if (this.team.member > 0) return NOTHING_FOUND;
    for (const stage of this.#stages) {
      let found: { readonly call: number; readonly id: number } | undefined;
      stage.run(0, stage.count, (call, _, begin, end) => {
        if (found && found.call <= call) return;
        for (const tensor of stage.calls[call]!.completes) {
          const { address, count } = stage.contents(tensor, begin, end);
          if (this.#search(address, count) >= 0) {
            found = { call, id: tensor.id };
            return;
          }
        }
      });
      if (found) return found.id;
    }
    return NOTHING_FOUND;
  }
}

/** Called after a call with its time and, of a chain, the rows it went over. */
type Watch = (call: number, milliseconds: number, begin: number, end: number) => void;

/** A stage with its kernels, for one member. It has `count` units or rows, to be shared in multiples of `grain`. */
class LoadedStage {
  readonly barrier: boolean;
  readonly once: boolean;
  readonly isStop: boolean;
  readonly calls: readonly PlannedCall[];
  count = 0;
  grain = 1;
  readonly #step: number;
  readonly #kernels: readonly Kernel[];
  readonly #arguments: readonly number[][];
  #rows = 0;

  constructor(
    private readonly stage: PlannedStage,
    exports: WebAssembly.Exports,
    private readonly own: number,
  ) {
    const { barrier, calls, chain } = stage;
    this.barrier = barrier;
    this.calls = calls;
    this.once = calls.every((call) => call.once);
    this.isStop = calls[0]!.kernel === STOP;
    this.#step = chain?.step ?? 0;
    this.#kernels = calls.map(({ kernel }) => (kernel === STOP ? nothing : kernelNamed(exports, kernel)));
    this.#arguments = calls.map((call) => {
      const all = [0, 0, 0, ...call.arguments];
      for (const { argument, offset } of call.own) all[3 + argument] = own + offset;
      return all;
    });
  }

  setRows(rows: number): void {
    this.#rows = rows;
    ({ count: this.count, grain: this.grain } = sharesOf(this.stage, rows));
    this.calls.forEach((call, i) => {
      this.#arguments[i]![2] = call.units.rows ?? rows;
    });
  }

  /** Does some units, or takes some rows through the chain. */
  run(begin: number, end: number, watch?: Watch): void {
    if (this.#step === 0) return this.#call(0, begin, end, 0, this.#rows, watch);
    for (let first = begin; first < end; first += this.#step) {
      const last = Math.min(first + this.#step, end);
      for (let i = 0; i < this.calls.length; i++) {
        const { units, own } = this.calls[i]!;
        const { rowsPerUnit = 1, times } = units;
        const args = this.#arguments[i]!;
        // Kernels count rows from the batch's first.
        for (const { argument, offset, rowBytes } of own) args[3 + argument] = this.own + offset - first * rowBytes;
        this.#call(i, (first / rowsPerUnit) * times, Math.ceil(last / rowsPerUnit) * times, first, last, watch);
      }
    }
  }

  #call(i: number, begin: number, end: number, first: number, last: number, watch?: Watch): void {
    const args = this.#arguments[i]!;
    args[0] = begin;
    args[1] = end;
    if (!watch) {
      this.#kernels[i]!(...args);
      return;
    }
    const begun = performance.now();
    this.#kernels[i]!(...args);
    watch(i, performance.now() - begun, first, last);
  }

  /**
   * Where the values of a tensor are right after the call that completes it went over some rows: none of an unbatched
   * tensor that is not through, since the rest of it still holds what was there before.
   */
  contents({ place, size, batched, capacity }: CompletedTensor, begin: number, end: number) {
    const perRow = size / capacity;
    if ('address' in place) {
      if (!batched) return { address: place.address, count: this.#step > 0 && end < this.count ? 0 : size };
      return { address: place.address + begin * perRow * 4, count: (end - begin) * perRow };
    }
    return { address: this.own + place.offset, count: (end - begin) * perRow };
  }
}

const nothing: Kernel = () => 0;

function kernelNamed(exports: WebAssembly.Exports, name: string): Kernel {
  const kernel = exports[name];
  if (typeof kernel !== 'function') throw new Error(`There is no kernel "${name}".`);
  return kernel as Kernel;
}

export const loadProgram: Loader = (payload, team) => new WasmJob(payload as ProgramPayload, team);
