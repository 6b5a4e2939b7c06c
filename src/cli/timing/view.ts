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
  /** Of the seed in training; the last epoch may be a part of one. */
  #epochs = 0;
  #accuracy: number | undefined;

  constructor(private readonly options: TimingViewOptions) {
    this.#page = options.output.result;
    // A second is enough to see it go on, and does not disturb what is measured.
    this.#timer = setInterval(() => this.#draw(), 1000).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.options.output.clear();
  }

  /** `epochs`: so many, with parts. */
  progress(epochs: number): void {
    this.#epochs = epochs;
  }

  endEpoch({ epoch, seconds, accuracy }: TimedEpoch): void {
    const { output, seeds, epochs } = this.options;
    this.#epochs = epoch;
    this.#accuracy = accuracy;
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
    this.#epochs = 0;
    this.#accuracy = undefined;
    const { seed, seconds, accuracy } = result;
    const row = rowOf(String(seed), secondsText(seconds), percent(accuracy), reachedText(result));
    line(accuracy >= target ? row : style.warn(row));
    this.#draw();
  }

  #draw(): void {
    const { output, seeds, epochs } = this.options;
    const number = this.#ended + 1;
    if (number > seeds.length) return;
    const share = (this.#ended + this.#epochs / epochs) / seeds.length;
    const elapsed = (performance.now() - this.#started) / 1000;
    output.live((width) => {
      const epoch = Math.min(epochs, Math.floor(this.#epochs) + 1);
      const head = `Seed ${seeds[this.#ended]} (${number} of ${seeds.length})  `;
      const tail = [
        `epoch ${epoch} of ${epochs}`,
        this.#accuracy === undefined ? '' : `last ${percent(this.#accuracy)}`,
        share > 0 ? `${clock((elapsed / share) * (1 - share))} left` : `${clock(elapsed)} so far`,
      ].filter((part) => part !== '');
      const room = Math.min(30, width - head.length - tail.join('  ').length - 2);
      return (room < 4 ? head + tail.join('  ') : `${head}${bar(share, room)}  ${tail.join('  ')}`).slice(0, width);
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

/** Mean, deviation, extremes and interval of every figure, and where the seeds lie. */
export function showSpreads(page: Page, results: readonly SeedResult[], spreads: Spreads, target: number): void {
  const { style, line, width } = page;
  const { seconds, accuracy, secondsToTarget, reached, reachedAtEnd } = spreads;
  const targetName = targetText(target);
  const table = [
    [counted(results.length, 'seed'), 'mean', 'deviation', 'least', 'most', '95% interval of the mean'],
    spreadRow('training', seconds, secondsText),
    spreadRow('accuracy', accuracy, percent, points),
    ...(secondsToTarget ? [spreadRow(`to ${targetName}`, secondsToTarget, secondsText)] : []),
  ];
  const [header = '', ...rows] = columns(table);
  line();
  line(style.dim(`  ${header}`));
  for (const row of rows) line(`  ${row}`);
  if (results.length > 1) {
    const room = width - 4;
    line();
    for (const row of [
      ...strip(
        'training',
        results.map((result) => result.seconds),
        secondsText,
        room,
      ),
      ...strip(
        'accuracy',
        results.map((result) => result.accuracy),
        percent,
        room,
        target,
      ),
    ])
      line(`  ${row}`);
  }
  line();
  const ofSeeds = (count: number): string => `${count} of ${counted(results.length, 'seed')}`;
  const paint = reachedAtEnd === results.length ? style.good : style.warn;
  line(
    `  ${paint(`${targetName} or more at the end: ${ofSeeds(reachedAtEnd)}; after some epoch: ${ofSeeds(reached)}.`)}`,
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
