import { bar } from '../terminal/bars.js';
import type { Output, Page } from '../terminal/output.js';
import { clock, columns, counted, percent } from '../terminal/text.js';
import type { SeedResult, TimedEpoch } from './seedResult.js';
import type { Spread, Spreads } from './spread.js';

export interface TimingViewOptions {
  readonly output: Output;
  readonly seeds: readonly number[];
  /** Of one seed. */
  readonly epochs: number;
  readonly target: number;
}

/** The table of the seeds as they end, and below it, where lines can be redrawn, how far all of it is. */
export class TimingView {
  readonly #page: Page;
  readonly #started = performance.now();
  readonly #timer: NodeJS.Timeout;
  #ended = 0;
  /** Of the seed in training. */
  #last: TimedEpoch | undefined;
  /** Of all there is to do, when it was last heard of, in seconds since the start. */
  #done = { share: 0, at: 0 };

  constructor(private readonly options: TimingViewOptions) {
    this.#page = options.output.result;
    // A second is enough to see it go on, and does not disturb what is measured.
    this.#timer = setInterval(() => this.#draw(), 1000).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.options.output.clear();
  }

  /** How many epochs have ended of the seed that is in training. */
  get endedEpochs(): number {
    return this.#last?.epoch ?? 0;
  }

  /** `epochs` of the seed are done; the last may be a part of one. */
  progress(epochs: number): void {
    const share = (this.#ended + epochs / this.options.epochs) / this.options.seeds.length;
    this.#done = { share, at: this.#elapsed };
  }

  endEpoch(ended: TimedEpoch): void {
    const { output, seeds, epochs } = this.options;
    const { epoch, seconds, accuracy } = ended;
    this.#last = ended;
    this.progress(epoch);
    if (output.canRedraw) this.#draw();
    else {
      const place = `Seed ${seeds[this.#ended]}, epoch ${epoch} of ${epochs}`;
      output.notes.line(`${place}: ${percent(accuracy)} after ${secondsText(seconds)}.`);
    }
  }

  endSeed(result: SeedResult): void {
    const { style, line } = this.#page;
    const { target } = this.options;
    if (this.#ended === 0)
      line(style.dim(rowOf('seed', 'training', 'accuracy', `${targetText(target)} first reached`)));
    this.#ended++;
    this.#last = undefined;
    this.progress(0);
    const { seed, seconds, accuracy } = result;
    const row = rowOf(String(seed), secondsText(seconds), percent(accuracy), reachedText(result));
    line(accuracy >= target ? row : style.warn(row));
    this.#draw();
  }

  get #elapsed(): number {
    return (performance.now() - this.#started) / 1000;
  }

  #draw(): void {
    const { output, seeds, epochs } = this.options;
    const number = this.#ended + 1;
    if (number > seeds.length) return;
    output.live((width) => {
      const { share, at } = this.#done;
      const elapsed = this.#elapsed;
      // Counted down until there is news.
      const left = (at / share) * (1 - share) - (elapsed - at);
      const head = `Seed ${seeds[this.#ended]} (${number} of ${seeds.length})  `;
      const tail = [
        `epoch ${Math.min(epochs, this.endedEpochs + 1)} of ${epochs}`,
        ...(this.#last ? [`last ${percent(this.#last.accuracy)}`] : []),
        share > 0 ? `${clock(left)} left` : `${clock(elapsed)} so far`,
      ].join('  ');
      const room = Math.min(30, width - head.length - tail.length - 2);
      return (room < 4 ? head + tail : `${head}${bar(share, room)}  ${tail}`).slice(0, width);
    });
  }
}

function rowOf(seed: string, seconds: string, accuracy: string, reached: string): string {
  return `  ${seed.padStart(5)}${seconds.padStart(12)}${accuracy.padStart(11)}   ${reached}`;
}

function reachedText({ epochs, epochOfTarget, secondsToTarget }: SeedResult): string {
  if (epochOfTarget !== null) return `epoch ${epochOfTarget}, after ${secondsText(secondsToTarget!)}`;
  return `never: ${percent(Math.max(...epochs.map(({ accuracy }) => accuracy)))} at best`;
}

/** Mean, deviation, extremes and interval of every figure, where the seeds lie, and how many reached the target. */
export function showSpreads(page: Page, results: readonly SeedResult[], spreads: Spreads, target: number): void {
  const { style, line, width } = page;
  const { seconds, accuracy, secondsToTarget, reached, reachedAtEnd } = spreads;
  const count = results.length;
  const targetName = targetText(target);
  const ofThem = reached === count ? '' : ` (${counted(reached, 'seed')})`;
  line();
  if (count > 1) {
    const [header = '', ...rows] = columns([
      [counted(count, 'seed'), 'mean', 'deviation', 'least', 'most', '95% interval of the mean'],
      spreadRow('training', seconds, secondsText),
      spreadRow('accuracy', accuracy, percent, points),
      ...(secondsToTarget ? [spreadRow(`to ${targetName}${ofThem}`, secondsToTarget, secondsText)] : []),
    ]);
    line(style.dim(`  ${header}`));
    for (const row of rows) line(`  ${row}`);
    line();
    const room = width - 4;
    const times = results.map((result) => result.seconds);
    const accuracies = results.map((result) => result.accuracy);
    for (const row of [
      ...strip('training', times, secondsText, room),
      ...strip('accuracy', accuracies, percent, room, target),
    ]) {
      line(`  ${row}`);
    }
    line();
  }
  const of = count === 1 ? 'seed' : 'seeds';
  const paint = reachedAtEnd === count ? style.good : style.warn;
  line(
    `  ${paint(`${targetName} or more at the end: ${reachedAtEnd} of ${count} ${of}; after some epoch: ${reached} of ${count}.`)}`,
  );
}

function spreadRow(
  name: string,
  { mean, standardDeviation, minimum, maximum, interval }: Spread,
  format: (value: number) => string,
  formatDifference = format,
): string[] {
  const or = (value: string | undefined): string => value ?? '-';
  return [
    name,
    format(mean),
    or(standardDeviation === null ? undefined : formatDifference(standardDeviation)),
    format(minimum),
    format(maximum),
    or(interval === null ? undefined : `${format(interval[0])} to ${format(interval[1])}`),
  ];
}

/** The values on a line: a dot each, a number where several lie at one place, and a bar at the target. */
function strip(
  name: string,
  values: readonly number[],
  format: (value: number) => string,
  width: number,
  target?: number,
): string[] {
  const all = target === undefined ? values : [...values, target];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const [left, right] = [format(low), format(high)];
  const room = Math.min(60, width - name.length - left.length - right.length - 6);
  if (room < 10) return [];
  const at = (value: number): number => (high > low ? Math.round(((value - low) / (high - low)) * (room - 1)) : 0);
  const counts = new Array<number>(room).fill(0);
  for (const value of values) counts[at(value)]!++;
  const cells = counts.map((count) => (count === 0 ? '·' : count === 1 ? '●' : count < 10 ? String(count) : '#'));
  if (target !== undefined && counts[at(target)] === 0) cells[at(target)] = '│';
  return [`${name}  ${left}  ${cells.join('')}  ${right}`];
}

/** 99% as 99%, 99.55% as 99.55% */
export function targetText(target: number): string {
  return `${Number((100 * target).toFixed(4))}%`;
}

function secondsText(seconds: number): string {
  return `${seconds.toFixed(seconds < 100 ? 2 : 1)} s`;
}

/** A difference of shares, in percentage points. */
function points(difference: number): string {
  return `${(100 * difference).toFixed(2)} pp`;
}
