import type { TypedData } from '../numeric/tensor.js';
import type { Program, TensorSpec } from './program/types.js';

/**
 * What runs programs. Nothing above this interface knows which backend it talks to:
 *
 *     const executable = await backend.compile(program);
 *     executable.writeState('dense/kernel', weights);
 *     executable.input('images').set(pixels);
 *     await executable.run(rows);
 *     const loss = executable.readOutput('loss')[0];
 */
export interface Backend {
  readonly name: string;
  /** How many threads share each run. */
  readonly threads: number;
  /**
   * `strict`: the same bits on every machine. `relaxed`: fused multiply-add where the machine has it. `float64`: the
   * oracle's arithmetic.
   */
  readonly numerics: 'strict' | 'relaxed' | 'float64';
  /** Names the code that computes: with another, the same program may give other bits. */
  readonly kernels: string;
  /** Plans memory, chooses kernels and makes the program ready to run. State is zero until written. */
  compile(program: Program): Promise<Executable>;
  /** Stops the threads and frees every executable. */
  dispose(): Promise<void>;
}

export interface Executable {
  readonly program: Program;
  readonly description: ExecutableDescription;
  /**
   * The memory of an input, to be filled before a run: rows of a batched input from the start, f32 as the backend
   * stores it. It keeps its contents from run to run.
   */
  input(name: string): TypedData;
  /** Copies values into a state tensor. */
  writeState(name: string, values: ArrayLike<number>): void;
  /** A copy of a state tensor, in the backend's own precision. */
  readState(name: string): Float32Array | Float64Array;
  /** A copy of an output of the last run: all of it, or its first `rows` rows. */
  readOutput(name: string, rows?: number): Float32Array | Float64Array;
  /**
   * Runs the program over the first `rows` rows (1 to the program's capacity); the batch is then as if it had that
   * size. @throws CifraError `engine-failure` if a thread died or trapped; the backend is then unusable.
   */
  run(rows: number): Promise<void>;
  /**
   * Runs again, looking for the first tensor (inputs and state first, then values in the order they are computed) that
   * holds NaN or infinity. State ends up changed: this is for explaining a failure, not for going on.
   */
  findNonFinite(rows: number): Promise<NonFinite | undefined>;
  /**
   * Where the time of a run goes: the mean over `runs` runs, call by call. State changes as in any run. Not every
   * backend has it.
   */
  profile?(rows: number, runs: number): Promise<CallTime[]>;
  dispose(): void;
}

export interface CallTime extends CallDescription {
  readonly op: string;
  /** Of each thread, in milliseconds: in the kernel, and waiting for the others before it. */
  readonly work: readonly number[];
  readonly wait: readonly number[];
}

export interface NonFinite {
  readonly tensor: TensorSpec;
  /** The layer whose op computed it; the tensor's own name for inputs and state. */
  readonly label: string;
  /** The op that computed it; undefined for inputs and state. */
  readonly op?: string;
}

export interface ExecutableDescription {
  /** Kernel calls of one run, in order. */
  readonly calls: readonly CallDescription[];
  /** How often the threads of a team wait for each other. */
  readonly barriers: number;
  /** Bytes of the planned memory: everything, and the part for values that come and go. */
  readonly totalBytes: number;
  readonly arenaBytes: number;
  /** Multiply-adds of one run at full capacity (convolutions and matrix products). */
  readonly multiplyAdds: number;
}

export interface CallDescription {
  readonly kernel: string;
  readonly label: string;
  /** Those the kernel does at full capacity, which may be fewer than the op's; 0 where they are not what it costs. */
  readonly multiplyAdds: number;
  /** The bytes of everything it reads or writes at full capacity, counted once. */
  readonly bytes: number;
}
