import { coreCount, spawnThread } from '#wasm-threads';
import { CifraError } from '../../numeric/errors.js';
import type { TypedData } from '../../numeric/tensor.js';
import { sizeOf } from '../../numeric/tensor.js';
import type { Backend, CallTime, Executable, ExecutableDescription, NonFinite } from '../backend.js';
import { checkRows, checkStateSize, disposedError, outputNamed, sizeInUse, tensorNamed } from '../program/checks.js';
import { changedTensors } from '../program/changes.js';
import type { Program, TensorSpec } from '../program/types.js';
import type { Job } from '../team/protocol.js';
import { inlineTeam, lazyTeam, type Team, threadTeam } from '../team/team.js';
import { Turns } from '../team/turns.js';
import { FRESH, loadProgram, NOTHING_FOUND, PROFILE, type ProgramPayload, SEARCH, STEADY } from './job.js';
import { canRun, canShareMemory, kernelModule, kernelsName, type Numerics } from './module.js';
import { type Plan, type PlannedCall, planProgram, TAIL_BYTES } from './plan.js';

const PAGE_BYTES = 65536;
const MAX_THREADS = 64;
/** Multiply-adds and bytes that take about as long as waking a team and hearing from it: one image of the seed network. */
const SMALL_RUN = 1e7;

export interface WasmBackendOptions {
  /** How many threads share each run: 1 to 64; by default one per core. One where memory cannot be shared. */
  readonly threads?: number;
  /**
   * `strict` (default): the same bits on every machine. `relaxed`: fused multiply-add where the machine has it, about a
   * fifth faster, other bits on other machines.
   */
  readonly numerics?: Numerics;
}

/**
 * Kernels in WebAssembly SIMD, run by a team of threads; the bits of a result never depend on their number.
 * @throws CifraError `threads` if the number of threads is out of range, `numerics` if relaxed SIMD is not to be had
 */
export function wasmBackend({
  threads = Math.min(coreCount(), MAX_THREADS),
  numerics = 'strict',
}: WasmBackendOptions = {}): Backend {
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
    throw new CifraError(
      'threads',
      `The number of threads must be a whole number from 1 to ${MAX_THREADS}, but is ${threads}.`,
    );
  }
  if (numerics !== 'strict' && numerics !== 'relaxed') {
    throw new CifraError(
      'numerics',
      `The numerics must be "strict" or "relaxed", but are ${JSON.stringify(numerics)}.`,
    );
  }
  if (!canRun(numerics)) {
    throw new CifraError(
      'numerics',
      `WebAssembly has no ${numerics === 'relaxed' ? 'relaxed ' : ''}SIMD here, which ${numerics} numerics need.`,
      numerics === 'relaxed' ? 'Use strict numerics, the default.' : 'Use a newer browser or version of Node.',
    );
  }
  const shared = canShareMemory();
  const team = shared
    ? lazyTeam(threads, () => threadTeam(threads, coreCount(), spawnThread))
    : inlineTeam(loadProgram);
  return {
    name: 'wasm',
    threads: team.size,
    numerics,
    kernels: kernelsName(numerics),
    async compile(program) {
      team.check();
      const plan = planProgram(program, team.size);
      const pages = Math.ceil((plan.memory.totalBytes + TAIL_BYTES) / PAGE_BYTES);
      const memory = allocate(pages, shared);
      const module = await kernelModule(shared, numerics);
      const { stages } = plan;
      const calls = stages.reduce((sum, stage) => sum + stage.calls.length, 0);
      const bytes = calls * 2 * team.size * Float64Array.BYTES_PER_ELEMENT;
      const buffer = (size: number) => (shared ? new SharedArrayBuffer(size) : new ArrayBuffer(size));
      const times = new Float64Array(buffer(bytes));
      const taken = new Int32Array(buffer(8 * stages.length));
      const { ownAddress, ownBytes } = plan.memory;
      const payload: ProgramPayload = { module, memory, stages, ownAddress, ownBytes, times, taken };
      return new WasmExecutable(program, plan, payload, team);
    },
    dispose: () => team.dispose(),
  };
}

function allocate(pages: number, shared: boolean): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch (error) {
    const megabytes = Math.ceil((pages * PAGE_BYTES) / 1e6);
    throw new CifraError(
      'out-of-memory',
      `The program needs ${megabytes} MB of memory, which could not be had.`,
      'Use a smaller batch size or a smaller network.',
      { cause: error },
    );
  }
}

class WasmExecutable implements Executable {
  readonly description: ExecutableDescription;
  readonly #calls: readonly PlannedCall[];
  readonly #views = new Map<TensorSpec, TypedData>();
  readonly #readsOnly: boolean;
  readonly #turns = new Turns();
  /** Multiply-adds and bytes at full capacity. */
  readonly #work: number;
  #job: Promise<number> | undefined;
  #here: Job | undefined;
  #stateWritten = true;
  #disposed = false;

  constructor(
    readonly program: Program,
    private readonly plan: Plan,
    private readonly payload: ProgramPayload,
    private readonly team: Team,
  ) {
    this.#calls = plan.stages.flatMap(({ calls }) => calls);
    this.#work = this.#calls.reduce((sum, call) => sum + (call.once ? 0 : call.multiplyAdds + call.bytes), 0);
    this.#readsOnly = changedTensors(plan.program).size === 0;
    this.description = {
      calls: this.#calls.map(({ kernel, label, multiplyAdds, bytes }) => ({ kernel, label, multiplyAdds, bytes })),
      barriers: plan.stages.filter(({ barrier }) => barrier).length,
      totalBytes: payload.memory.buffer.byteLength,
      arenaBytes: plan.memory.arenaBytes,
      multiplyAdds: plan.multiplyAdds,
    };
    for (const tensor of program.tensors) {
      if (tensor.role === 'constant') (this.#view(tensor) as Float32Array).fill(tensor.fill ?? 0);
    }
  }

  input(name: string): TypedData {
    return this.#view(tensorNamed(this.program, 'input', name));
  }

  writeState(name: string, values: ArrayLike<number>): void {
    const tensor = tensorNamed(this.program, 'state', name);
    checkStateSize(tensor, values.length);
    this.#view(tensor).set(values);
    this.#stateWritten = true;
  }

  readState(name: string): Float32Array {
    return this.#copy(tensorNamed(this.program, 'state', name));
  }

  readOutput(name: string, rows?: number): Float32Array {
    return this.#copy(outputNamed(this.program, name), rows);
  }

  async run(rows: number): Promise<void> {
    this.#check(rows);
    const mode = this.#stateWritten ? FRESH : STEADY;
    this.#stateWritten = false;
    if (this.#isSmall(rows)) await this.#runHere(rows, mode);
    else await this.team.run(await this.#loaded(), rows, mode);
  }

  /** The team's number of this program, once it has it. */
  #loaded(): Promise<number> {
    return (this.#job ??= this.team.load(this.payload));
  }

  /** Whether a run is over before the threads of a team would have heard of it. */
  #isSmall(rows: number): boolean {
    return this.#readsOnly && (this.#work * rows) / this.program.capacity <= SMALL_RUN;
  }

  /** Does a small run on the caller's thread, and lets others have it now and then. */
  async #runHere(rows: number, mode: number): Promise<void> {
    this.team.check();
    await this.#turns.pass();
    this.#here ??= loadProgram(this.payload, { member: 0, members: 1, wait: () => undefined });
    this.#here.run(rows, mode);
  }

  async findNonFinite(rows: number): Promise<NonFinite | undefined> {
    this.#check(rows);
    for (const tensor of this.program.tensors) {
      if (tensor.dtype !== 'f32' || (tensor.role !== 'input' && tensor.role !== 'state')) continue;
      if (!this.#copy(tensor, rows).every(Number.isFinite)) {
        return { tensor, label: tensor.name };
      }
    }
    const id = await this.team.run(await this.#loaded(), rows, SEARCH);
    this.#stateWritten = true;
    if (id === NOTHING_FOUND) return undefined;
    const op = this.plan.program.ops.find(({ outputs }) => outputs.some((output) => output.id === id))!;
    return { tensor: op.outputs.find((output) => output.id === id)!, label: op.label, op: op.name };
  }

  async profile(rows: number, runs: number): Promise<CallTime[]> {
    await this.run(rows);
    const { times } = this.payload;
    times.fill(0);
    const job = await this.#loaded();
    for (let i = 0; i < runs; i++) await this.team.run(job, rows, PROFILE);
    const { size } = this.team;
    return this.#calls.map(({ kernel, label, op, multiplyAdds, bytes }, i) => {
      const mean = (from: number) => Array.from(times.subarray(from, from + size), (sum) => sum / runs);
      return { kernel, label, op, multiplyAdds, bytes, work: mean(2 * i * size), wait: mean((2 * i + 1) * size) };
    });
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#views.clear();
    this.#here = undefined;
    void this.#job?.then((job) => this.team.unload(job)).catch(() => undefined);
  }

  #check(rows: number): void {
    checkRows(this.program, rows);
    if (this.#disposed) throw disposedError();
  }

  #copy(tensor: TensorSpec, rows = this.program.capacity): Float32Array {
    checkRows(this.program, rows);
    return Float32Array.from(this.#view(tensor).subarray(0, sizeInUse(tensor, rows)));
  }

  /** The tensor's own memory. Only inputs, state, constants and outputs keep theirs. */
  #view(tensor: TensorSpec): TypedData {
    if (this.#disposed) throw disposedError();
    let view = this.#views.get(tensor);
    if (!view) {
      const size = sizeOf(tensor.shape);
      const { buffer } = this.payload.memory;
      const place = this.plan.memory.place(tensor);
      if (!('address' in place)) throw new Error(`"${tensor.name}" has no memory of its own.`);
      const offset = place.address;
      if (tensor.dtype === 'f32') view = new Float32Array(buffer, offset, size);
      else if (tensor.dtype === 'u8') view = new Uint8Array(buffer, offset, size);
      else if (tensor.dtype === 'i32') view = new Int32Array(buffer, offset, size);
      else view = new Uint32Array(buffer, offset, size);
      this.#views.set(tensor, view);
    }
    return view;
  }
}
