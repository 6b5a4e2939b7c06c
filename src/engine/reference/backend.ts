import { sizeOf, type TypedData } from '../../numeric/tensor.js';
import type { Backend, Executable, ExecutableDescription, NonFinite } from '../backend.js';
import { checkRows, checkStateSize, disposedError, outputNamed, sizeInUse, tensorNamed } from '../program/checks.js';
import { ops as definitions } from '../program/ops/index.js';
import type { DType, Op, OpName, Program, TensorSpec } from '../program/types.js';
import { kernels } from './ops/index.js';

/**
 * The oracle: every op as its header says, in plain TypeScript and float64, on one thread. Nothing is fused, planned or
 * fast; every other backend is tested against it.
 */
export function referenceBackend(): Backend {
  const executables = new Set<Executable>();
  return {
    name: 'reference',
    threads: 1,
    numerics: 'float64',
    kernels: 'reference',
    async compile(program) {
      const executable = new ReferenceExecutable(program);
      executables.add(executable);
      return executable;
    },
    async dispose() {
      for (const executable of executables) executable.dispose();
      executables.clear();
    },
  };
}

const bytesPerValue: Record<DType, number> = { f32: 8, u8: 1, i32: 4, u32: 4 };

class ReferenceExecutable implements Executable {
  readonly description: ExecutableDescription;
  /** By tensor id; undefined once disposed. */
  #memory: Map<number, TypedData> | undefined;

  constructor(readonly program: Program) {
    this.#memory = new Map(program.tensors.map((tensor) => [tensor.id, allocate(tensor)]));
    const bytes = (tensors: readonly TensorSpec[]) =>
      tensors.reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * bytesPerValue[dtype], 0);
    this.description = {
      calls: program.ops.map((op) => ({
        kernel: op.name,
        label: op.label,
        multiplyAdds: multiplyAdds(op),
        bytes: bytes([...new Set([...op.inputs, ...op.outputs])]),
      })),
      barriers: 0,
      totalBytes: bytes(program.tensors),
      arenaBytes: bytes(program.tensors.filter(({ role }) => role === 'value')),
      multiplyAdds: program.ops.reduce((sum, op) => sum + multiplyAdds(op), 0),
    };
  }

  input(name: string): TypedData {
    return this.#of(tensorNamed(this.program, 'input', name));
  }

  writeState(name: string, values: ArrayLike<number>): void {
    const tensor = tensorNamed(this.program, 'state', name);
    const memory = this.#of(tensor);
    checkStateSize(tensor, values.length);
    memory.set(values);
  }

  readState(name: string): Float64Array {
    return Float64Array.from(this.#of(tensorNamed(this.program, 'state', name)));
  }

  readOutput(name: string, rows?: number): Float64Array {
    const tensor = outputNamed(this.program, name);
    const memory = this.#of(tensor);
    if (rows === undefined) return Float64Array.from(memory);
    checkRows(this.program, rows);
    return Float64Array.from(memory.subarray(0, sizeInUse(tensor, rows)));
  }

  async run(rows: number): Promise<void> {
    checkRows(this.program, rows);
    for (const op of this.program.ops) {
      if (op.name === 'stopUnlessFinite' && !Number.isFinite(this.#of(op.inputs[0]!)[0])) return;
      this.#call(op, rows);
    }
  }

  async findNonFinite(rows: number): Promise<NonFinite | undefined> {
    checkRows(this.program, rows);
    for (const tensor of this.program.tensors) {
      if (tensor.role !== 'input' && tensor.role !== 'state') continue;
      if (this.#hasNonFinite(tensor, rows)) return { tensor, label: tensor.name };
    }
    for (const op of this.program.ops) {
      this.#call(op, rows);
      const tensor = op.outputs.find((output) => this.#hasNonFinite(output, rows));
      if (tensor) return { tensor, label: op.label, op: op.name };
    }
    return undefined;
  }

  dispose(): void {
    this.#memory = undefined;
  }

  #call<N extends OpName>(op: Op<N>, rows: number): void {
    kernels[op.name]({
      op,
      inputs: op.inputs.map((tensor) => this.#of(tensor)),
      outputs: op.outputs.map((tensor) => this.#of(tensor) as Float64Array),
      rows,
    });
  }

  #hasNonFinite(tensor: TensorSpec, rows: number): boolean {
    const values = this.#of(tensor);
    const size = sizeInUse(tensor, rows);
    for (let i = 0; i < size; i++) if (!Number.isFinite(values[i])) return true;
    return false;
  }

  #of(tensor: TensorSpec): TypedData {
    const memory = this.#memory?.get(tensor.id);
    if (memory) return memory;
    throw disposedError();
  }
}

function allocate({ shape, dtype, fill }: TensorSpec): TypedData {
  const size = sizeOf(shape);
  switch (dtype) {
    case 'f32':
      return new Float64Array(size).fill(fill ?? 0);
    case 'u8':
      return new Uint8Array(size);
    case 'i32':
      return new Int32Array(size);
    case 'u32':
      return new Uint32Array(size);
  }
}

function multiplyAdds<N extends OpName>(op: Op<N>): number {
  return definitions[op.name].multiplyAdds?.(op) ?? 0;
}
