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
    return this.#started === undefined ? 0 : inSeconds(performance.now() - this.#started - this.#paused);
  }

  /** What `work` gives, and the seconds it took. */
  async without<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
    const begun = performance.now();
    try {
      const result = await work();
      return { result, seconds: inSeconds(performance.now() - begun) };
    } finally {
      this.#paused += performance.now() - begun;
    }
  }
}

/** To the millisecond: no finer than one training is like the next. */
function inSeconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}
