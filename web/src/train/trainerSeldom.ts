/** Something that is done now and then while other work goes on, without slowing it down: of its time it takes 5% at most. */
export class Seldom {
  #next = -Infinity;

  /** @param seconds between two times, at least */
  constructor(private readonly seconds: number) {}

  async do(what: () => void | Promise<void>): Promise<void> {
    if (performance.now() < this.#next) return;
    await this.now(what);
  }

  /** Whether it is time or not. */
  async now(what: () => void | Promise<void>): Promise<void> {
    const begin = performance.now();
    await what();
    const end = performance.now();
    this.#next = end + Math.max(this.seconds * 1000, 20 * (end - begin));
  }
}
