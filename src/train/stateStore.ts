import type { Executable } from '../engine/backend.js';

/** The version whose values an executable was given last: a model may have several stores. */
const heldBy = new WeakMap<Executable, object>();

/**
 * The weights and optimizer slots of a model, by name. Each program has its own memory; the newest values are either
 * here or in the program that trained last, and are copied when another program needs them.
 */
export class StateStore {
  readonly #values = new Map<string, Float32Array>();
  /** First values that nobody has asked for yet. */
  readonly #makers: Map<string, () => Float32Array>;
  /** Stands for the values there are: every change makes a new one. */
  #version: object = {};
  #newest: Executable | undefined;

  /** @param makers the first values of states */
  constructor(makers: ReadonlyMap<string, () => Float32Array> = new Map()) {
    this.#makers = new Map(makers);
  }

  /** Brings the executable's state up to date. States that are not known yet (optimizer slots) start at zero. */
  lend(executable: Executable): void {
    if (this.#newest === executable || heldBy.get(executable) === this.#version) return;
    this.#collect();
    for (const { role, name, shape } of executable.program.tensors) {
      if (role !== 'state') continue;
      const size = shape.reduce((product, length) => product * length, 1);
      executable.writeState(name, this.#value(name) ?? new Float32Array(size));
    }
    heldBy.set(executable, this.#version);
  }

  /** The executable has changed its state: it now holds the newest values. */
  changedBy(executable: Executable): void {
    this.#newest = executable;
    this.#version = {};
    heldBy.set(executable, this.#version);
  }

  /** Values by name, as copies. */
  get(name: string): Float32Array | undefined {
    this.#collect();
    return this.#value(name)?.slice();
  }

  #value(name: string): Float32Array | undefined {
    const make = this.#makers.get(name);
    if (make) {
      this.#values.set(name, make());
      this.#makers.delete(name);
    }
    return this.#values.get(name);
  }

  /** Every state that is known, as copies. */
  all(): Map<string, Float32Array> {
    this.#collect();
    for (const name of [...this.#makers.keys()]) this.#value(name);
    return new Map([...this.#values].map(([name, values]) => [name, values.slice()]));
  }

  set(name: string, values: Float32Array): void {
    this.#collect();
    this.#makers.delete(name);
    this.#values.set(name, values.slice());
    this.#version = {};
  }

  /** Forgets every state that is not in `kept`: the optimizer starts anew. */
  keepOnly(kept: ReadonlySet<string>): void {
    this.#collect();
    for (const name of this.#values.keys()) if (!kept.has(name)) this.#values.delete(name);
    for (const name of this.#makers.keys()) if (!kept.has(name)) this.#makers.delete(name);
    this.#version = {};
  }

  /** Takes the newest values back before the executable that holds them goes. */
  #collect(): void {
    const executable = this.#newest;
    if (!executable) return;
    this.#newest = undefined;
    for (const { role, name } of executable.program.tensors) {
      if (role !== 'state') continue;
      this.#makers.delete(name);
      this.#values.set(name, Float32Array.from(executable.readState(name)));
    }
  }

  release(executable: Executable): void {
    if (this.#newest === executable) this.#collect();
  }
}
