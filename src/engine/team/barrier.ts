/**
 * What a team shares: a barrier and an abort flag, in an Int32Array over shared memory.
 *
 * The barrier counts arrivals; the last one opens the next generation. The others spin for a while, since a round of
 * kernels takes microseconds and waking a sleeping thread takes about twenty, and then sleep.
 */
const GENERATION = 0;
const ARRIVED = 1;
const SLEEPING = 2;
const ABORTED = 3;

export const CONTROL_BYTES = 16;

/** Thrown out of a barrier when another thread has failed. */
export class Aborted extends Error {}

export class Barrier {
  readonly #control: Int32Array<SharedArrayBuffer>;

  /** @param spins how often to look before sleeping; 0 where there are more threads than cores */
  constructor(
    control: SharedArrayBuffer,
    private readonly members: number,
    private readonly spins: number,
  ) {
    this.#control = new Int32Array(control);
  }

  /** Returns when every member has come here. @throws Aborted */
  wait(): void {
    const control = this.#control;
    const generation = Atomics.load(control, GENERATION);
    this.#throwIfAborted();
    if (Atomics.add(control, ARRIVED, 1) === this.members - 1) {
      Atomics.store(control, ARRIVED, 0);
      Atomics.add(control, GENERATION, 1);
      if (Atomics.load(control, SLEEPING) > 0) Atomics.notify(control, GENERATION);
    } else {
      this.#sleepUntilOpen(generation);
    }
    this.#throwIfAborted();
  }

  #throwIfAborted(): void {
    if (Atomics.load(this.#control, ABORTED) !== 0) throw new Aborted('Another thread failed.');
  }

  #sleepUntilOpen(generation: number): void {
    const control = this.#control;
    for (let i = 0; i < this.spins; i++) {
      if (Atomics.load(control, GENERATION) !== generation) return;
    }
    Atomics.add(control, SLEEPING, 1);
    while (Atomics.load(control, GENERATION) === generation) Atomics.wait(control, GENERATION, generation);
    Atomics.sub(control, SLEEPING, 1);
  }

  /** Opens the barrier for good: everyone who waits, now or later, throws. */
  abort(): void {
    Atomics.store(this.#control, ABORTED, 1);
    Atomics.add(this.#control, GENERATION, 1);
    Atomics.notify(this.#control, GENERATION);
  }
}
