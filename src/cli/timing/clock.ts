/** Measures a training in seconds; what is not to count is done while it stands still. */
export class Clock {
  #started: number | undefined;
  /** In milliseconds. */
  #paused = 0;

  /** Only the first call counts. */
  start(): void {
    this.#started ??= performance.now();
  }

  /** 0 before the start. */
  get seconds(): number {
    return this.#started === undefined ? 0 : (performance.now() - this.#started - this.#paused) / 1000;
  }

  /** What `work` gives, and the seconds it took. */
  async without<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
    const begun = performance.now();
    try {
      const result = await work();
      return { result, seconds: (performance.now() - begun) / 1000 };
    } finally {
      this.#paused += performance.now() - begun;
    }
  }
}
