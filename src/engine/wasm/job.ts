import type { Job, Loader, Membership } from '../team/protocol.js';
import { countUnits, STOP } from './lower/call.js';
import type { PlannedCall } from './plan.js';

/** What every member of the team gets of a program. */
export interface ProgramPayload {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly calls: readonly PlannedCall[];
  /** Where `PROFILE` adds up milliseconds, call by call: every member's work, then every member's waiting. */
  readonly times: Float64Array;
  /** How many units of each call are taken, shared by all members: one count a call for every other run. */
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

/**
 * Into how many portions a call's units are cut for each member. Members take them one after the other, since threads
 * are never equally fast for long: with one half each, the faster of two would wait at every barrier.
 */
const PORTIONS = 16;

/** One member's share of a program: portions of the units of every kernel call, with a barrier where one is needed. */
class WasmJob implements Job {
  readonly #kernels: readonly Kernel[];
  readonly #arguments: readonly number[][];
  readonly #search: Kernel;
  readonly #found: Int32Array;
  readonly #values: Float32Array;
  /** Of every call, for `#rows` rows. */
  readonly #counts: Int32Array;
  #rows = 0;
  #runs = 0;

  constructor(
    private readonly payload: ProgramPayload,
    private readonly team: Membership,
  ) {
    const { exports } = new WebAssembly.Instance(payload.module, { env: { memory: payload.memory } });
    this.#kernels = payload.calls.map(({ kernel }) => (kernel === STOP ? nothing : kernelNamed(exports, kernel)));
    this.#values = new Float32Array(payload.memory.buffer);
    this.#arguments = payload.calls.map(({ arguments: args, workspace }) => {
      const own = [0, 0, 0, ...args];
      if (workspace) own[3 + workspace.argument]! += team.member * workspace.bytesPerThread;
      return own;
    });
    this.#counts = new Int32Array(payload.calls.length);
    this.#search = kernelNamed(exports, 'firstNonFinite');
    this.#found = new Int32Array(payload.memory.buffer, 0, 1);
  }

  run(rows: number, mode: number): number {
    if (rows !== this.#rows) this.#setRows(rows);
    this.#beginRun();
    if (mode === SEARCH) return this.#runSearching(rows);
    if (mode === PROFILE) return this.#runTimed();
    const { calls } = this.payload;
    for (let i = 0; i < calls.length; i++) {
      const call = calls[i]!;
      if (call.barrier) this.team.wait();
      if (call.once && mode === STEADY) continue;
      if (call.kernel === STOP && !Number.isFinite(this.#values[call.arguments[0]! / 4])) break;
      this.#work(i);
    }
    return NOTHING_FOUND;
  }

  #runTimed(): number {
    const { calls, times } = this.payload;
    const { member, members } = this.team;
    for (let i = 0; i < calls.length; i++) {
      const call = calls[i]!;
      const arrived = performance.now();
      if (call.barrier) this.team.wait();
      const begun = performance.now();
      if (!call.once) this.#work(i);
      const work = 2 * i * members + member;
      times[work]! += performance.now() - begun;
      times[work + members]! += begun - arrived;
    }
    return NOTHING_FOUND;
  }

  #setRows(rows: number): void {
    this.payload.calls.forEach(({ units }, i) => {
      const used = units.rows ?? rows;
      this.#counts[i] = countUnits(units, used);
      this.#arguments[i]![2] = used;
    });
    this.#rows = rows;
  }

  /** Nobody reads the counts of the run before any more, so one member makes them ready for the one after. */
  #beginRun(): void {
    const { calls, taken } = this.payload;
    this.#runs++;
    if (this.team.member > 0) return;
    const next = ((this.#runs + 1) % 2) * calls.length;
    taken.fill(0, next, next + calls.length);
  }

  /** Takes portions of a call until none is left. */
  #work(i: number): void {
    const count = this.#counts[i]!;
    const kernel = this.#kernels[i]!;
    const args = this.#arguments[i]!;
    const { members } = this.team;
    if (members === 1) {
      args[0] = 0;
      args[1] = count;
      kernel(...args);
      return;
    }
    const { calls, taken } = this.payload;
    const at = (this.#runs % 2) * calls.length + i;
    const portion = Math.ceil(count / (calls[i]!.units.together ? members : members * PORTIONS));
    for (;;) {
      const begin = Atomics.add(taken, at, portion);
      if (begin >= count) return;
      args[0] = begin;
      args[1] = Math.min(begin + portion, count);
      kernel(...args);
    }
  }

  #runSearching(rows: number): number {
    const found = this.#found;
    if (this.team.member === 0) found[0] = NOTHING_FOUND;
    for (const [i, call] of this.payload.calls.entries()) {
      this.team.wait();
      this.#work(i);
      this.team.wait();
      if (this.team.member === 0) {
        for (const { id, address, size, batched, capacity } of call.completes) {
          const used = batched ? (size / capacity) * rows : size;
          if (found[0] === NOTHING_FOUND && this.#search(address, used) >= 0) found[0] = id;
        }
      }
      this.team.wait();
      if (found[0] !== NOTHING_FOUND) break;
    }
    return found[0]!;
  }
}

const nothing: Kernel = () => 0;

function kernelNamed(exports: WebAssembly.Exports, name: string): Kernel {
  const kernel = exports[name];
  if (typeof kernel !== 'function') throw new Error(`There is no kernel "${name}".`);
  return kernel as Kernel;
}

export const loadProgram: Loader = (payload, team) => new WasmJob(payload as ProgramPayload, team);
