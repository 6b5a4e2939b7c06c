import {
  differenceText,
  type Findings,
  type Study,
  type TrainingResult,
  valueText,
  type Variant,
} from '../../study/index.js';
import { bar } from '../terminal/bars.js';
import type { Output, Page } from '../terminal/output.js';
import { clock, columns, grouped, percent, wrapped } from '../terminal/text.js';

/** The table of the trained networks as they end, and below it, where lines can be redrawn, how far all of it is. */
export class StudyView {
  readonly #page: Page;
  readonly #started = performance.now();
  readonly #labelWidth: number;
  #ended = 0;
  #training: { readonly variant: Variant; readonly seed: number } | undefined;

  constructor(
    private readonly study: Study,
    /** How many networks are still to be trained. */
    private readonly count: number,
    private readonly output: Output,
  ) {
    this.#page = output.result;
    this.#labelWidth = Math.max(...study.variants.map(({ label }) => label.length));
  }

  showHeader(): void {
    const { style, line } = this.#page;
    line(
      style.dim(
        this.#row(
          'seed',
          'network',
          this.study.readings.map(({ name }) => name),
          'images/s',
          'time',
        ),
      ),
    );
  }

  begin(variant: Variant, seed: number): void {
    this.#training = { variant, seed };
    this.progress(0);
  }

  /** Of the network in training so much is done, from 0 to 1. */
  progress(share: number): void {
    if (!this.#training) return;
    const { variant, seed } = this.#training;
    const done = (this.#ended + share) / this.count;
    const elapsed = (performance.now() - this.#started) / 1000;
    this.output.live((width) => {
      const head = `Seed ${seed}, ${variant.label}  `;
      const tail = done > 0.01 ? `${clock((elapsed / done) * (1 - done))} left` : `${clock(elapsed)} so far`;
      const room = Math.min(30, width - head.length - tail.length - 2);
      return (room < 4 ? head + tail : `${head}${bar(done, room)}  ${tail}`).slice(0, width);
    });
  }

  end(result: TrainingResult): void {
    this.#ended++;
    this.#training = undefined;
    this.show(result);
  }

  show({ variant, seed, readings, imagesPerSecond, seconds }: TrainingResult): void {
    const label = this.study.variants.find(({ name }) => name === variant)?.label ?? variant;
    const cells = this.study.readings.map(({ name }) => percent(readings[name]?.accuracy ?? 0));
    this.#page.line(this.#row(String(seed), label, cells, grouped(Math.round(imagesPerSecond)), clock(seconds)));
  }

  #row(seed: string, label: string, readings: readonly string[], speed: string, time: string): string {
    const cells = readings.map((reading) => reading.padStart(9)).join('');
    return `  ${seed.padStart(4)}  ${label.padEnd(this.#labelWidth)}${cells}${speed.padStart(10)}${time.padStart(7)}`;
  }
}

/** Differences with intervals and verdicts, and the answer. */
export function showFindings(page: Page, study: Study, { effects, answer }: Findings): void {
  const { line, style, width } = page;
  for (const { name, label } of study.contrasts) {
    const ofContrast = effects.filter(({ contrast }) => contrast === name);
    if (ofContrast.length === 0) continue;
    const rows = ofContrast.map(({ outcome, variantMean, baselineMean, estimate, interval, verdict }) => {
      const { label: title, unit } = study.outcomes.find((one) => one.name === outcome)!;
      const range = interval
        ? `${differenceText(interval.low, unit)} to ${differenceText(interval.high, unit)}`
        : 'one seed: none';
      return [
        ...[title, valueText(variantMean, unit), valueText(baselineMean, unit), differenceText(estimate, unit), range],
        verdict === 'helps' ? '+' : verdict === 'hurts' ? '-' : '0',
      ];
    });
    const [header = '', ...lines] = columns([
      [label === '' ? study.title : label, 'with', 'without', 'diff.', '95% interval', ''],
      ...rows,
    ]);
    line();
    line(`  ${style.accent(header)}`);
    lines.forEach((text, i) => {
      const { verdict } = ofContrast[i]!;
      const paint = verdict === 'helps' ? style.good : verdict === 'hurts' ? style.bad : style.dim;
      line(`  ${text.slice(0, -1)}${paint(text.slice(-1))}`);
    });
  }
  line();
  const key =
    "Means over the seeds. + it helps, - it hurts, 0 no difference found: the interval (paired by seed, Student's t) holds 0. Differences of accuracies are in points.";
  for (const text of wrapped(key, width - 2)) line(`  ${style.dim(text)}`);
  line();
  answer.forEach((sentence, i) => {
    for (const text of wrapped(sentence, width - 2)) line(`  ${i === 0 ? style.bold(text) : text}`);
  });
}
