/**
 * One reading a frame, a frame being a sixtieth of a second: more of them nobody sees. One may come early, since
 * the hand does not keep the screen's time; those after it then wait the longer.
 */
const FRAME = 1000 / 60;

export class Pace {
  /** When the next is due. */
  #due = -Infinity;

  /** How long to wait for the next reading, in ms; it is taken as begun where that is 0. */
  next(now: number): number {
    const early = this.#due - FRAME - now;
    if (early > 0) return early;
    this.#due = Math.max(this.#due, now) + FRAME;
    return 0;
  }
}
