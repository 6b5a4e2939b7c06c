import type { Point } from '../../../src/charts/clip.js';

/** The newest step's share in the running mean is never below this: about the last eight steps decide. */
const LEAST_SHARE = 1 / 8;

/** The loss of each step of a run, and their running mean. It only grows, so drawing takes a thinned copy. */
export class LossCurve {
  readonly #steps: number[] = [];
  readonly #losses: number[] = [];
  readonly #means: number[] = [];

  get length(): number {
    return this.#steps.length;
  }

  get lastStep(): number {
    return this.#steps.at(-1) ?? 0;
  }

  /** @param pairs steps made and loss, in turn; what is known of these steps, or later ones, is forgotten */
  add(pairs: Float32Array): void {
    if (pairs.length > 0) this.cutAfter(pairs[0]! - 1);
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      const loss = pairs[i + 1]!;
      const mean = this.#means.at(-1) ?? loss;
      const share = Math.max(LEAST_SHARE, 2 / (this.length + 2));
      this.#steps.push(pairs[i]!);
      this.#losses.push(loss);
      this.#means.push(mean + (loss - mean) * share);
    }
  }

  /** Forgets the steps after this one: a run that goes on from a checkpoint makes them again. */
  cutAfter(step: number): void {
    while (this.length > 0 && this.lastStep > step) {
      this.#steps.pop();
      this.#losses.pop();
      this.#means.pop();
    }
  }

  /**
   * At most about so many points of the running mean, and the single losses' lowest and highest around each: enough to
   * see all there is where the chart is so many pixels wide.
   */
  thinned(most: number): { readonly means: readonly Point[]; readonly dots: readonly Point[] } {
    const every = Math.max(1, Math.ceil(this.length / most));
    const means: Point[] = [];
    const dots: Point[] = [];
    for (let from = 0; from < this.length; from += every) {
      const to = Math.min(this.length, from + every);
      let [low, high, sum] = [from, from, 0];
      for (let i = from; i < to; i++) {
        if (this.#losses[i]! < this.#losses[low]!) low = i;
        if (this.#losses[i]! > this.#losses[high]!) high = i;
        sum += this.#means[i]!;
      }
      dots.push(this.#dot(low));
      if (high !== low) dots.push(this.#dot(high));
      means.push({ x: this.#steps[to - 1]!, y: sum / (to - from) });
    }
    return { means, dots };
  }

  #dot(i: number): Point {
    return { x: this.#steps[i]!, y: this.#losses[i]! };
  }
}

/** Where the axis of steps ends: a round number ahead of the steps made, and never beyond the run's end. */
export function stepsAhead(made: number, total: number): number {
  for (let power = 10; ; power *= 10) {
    const round = [2, 5, 10].map((times) => times * power).find((steps) => steps >= made * 1.02 && steps >= 50);
    if (round !== undefined) return Math.max(1, Math.min(round, total || round));
  }
}
