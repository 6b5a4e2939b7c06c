/** How far a training may go on: until it is told more, one step, to the end of the epoch, or not at all. */
export type Leave = 'all' | 'step' | 'epoch' | 'none';
/** Where a training may come to stand: before its first step, after a step, after the last one of an epoch, after that. */
export type Point = 'begin' | 'step' | 'lastStep' | 'epoch';

/** Where each leave ends. The step that is an epoch's last one includes the validation after it. */
const ends: Readonly<Record<Leave, readonly Point[]>> = {
  all: [],
  step: ['step', 'epoch'],
  epoch: ['epoch'],
  none: [],
};

/** Lets a training go on and makes it stand still, as the page wants it. */
export class Gate {
  #leave: Leave = 'none';
  #ended: { readonly reason: unknown } | undefined;
  #open: (() => void) | undefined;
  readonly #waiting = new Set<() => void>();

  /** From now on. What waited for the training to stand waits no longer. */
  allow(leave: Leave): void {
    this.#leave = leave;
    this.#tell();
    if (leave !== 'none') this.#goOn();
  }

  /** Fulfilled when the training stands, has ended, or is told something else. */
  async stands(): Promise<void> {
    if (this.#open || this.#ended) return;
    await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  get isStanding(): boolean {
    return this.#open !== undefined;
  }

  /** Whether the training comes to stand at a point. A leave that ends there is used up. */
  holds(point: Point): boolean {
    if (ends[this.#leave].includes(point)) this.#leave = 'none';
    return this.#leave === 'none';
  }

  /**
   * The training stands here until it may go on.
   * @returns for how many seconds it did
   * @throws the reason with which it was ended
   */
  async stand(): Promise<number> {
    const begin = performance.now();
    if (this.#leave === 'none' && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#open = resolve;
        this.#tell();
      });
    }
    if (this.#ended) throw this.#ended.reason;
    return (performance.now() - begin) / 1000;
  }

  /** The training has ended, or shall where it stands. */
  end(reason: unknown): void {
    this.#ended ??= { reason };
    this.#tell();
    this.#goOn();
  }

  #goOn(): void {
    const open = this.#open;
    this.#open = undefined;
    open?.();
  }

  #tell(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
