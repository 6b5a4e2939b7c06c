import type { RunComparison, RunPair } from '../../compare/index.js';
import type { MetricsRow } from '../../runs/metrics.js';
import type { Page } from '../terminal/output.js';
import { clock, columns, counted, grouped, percent, shortened, wrapped } from '../terminal/text.js';
import { conclusion, letterOf, METHODS, points, probability, rangeText, settingText, shortKey } from './words.js';

export interface ViewOptions {
  readonly classNames: readonly string[];
  /** How many changed images are named at most. */
  readonly most: number;
  readonly notes: readonly string[];
}

const MOST_ROWS = 12;

/** The comparison in lines. */
export function showComparison(page: Page, comparison: RunComparison, options: ViewOptions): void {
  const { line, style, width } = page;
  const { runs, settings, pairs } = comparison;
  runs.forEach(({ name }, i) => line(`  ${style.bold(letterOf(i))}  ${shortened(name, width - 5)}`));
  line();
  line(style.accent('  Settings that differ'));
  if (settings.length === 0) line('  none: the same recipe, seed, data, engine and versions');
  else showSettings(page, comparison);
  line();
  line(style.accent(`  On the ${counted(runs[0]!.count, 'test image')}`));
  table(page, [
    ['', 'accuracy', '95% interval', 'errors', 'epochs', 'time'],
    ...runs.map(({ accuracy, interval, errors, epochs, seconds }, i) => [
      ...[letterOf(i), percent(accuracy), rangeText(interval), grouped(errors), String(epochs), clock(seconds)],
    ]),
  ]);
  for (const pair of pairs) showPair(page, pair, options);
  line();
  showCurves(page, comparison);
  line();
  for (const text of wrapped(METHODS, width - 2)) line(`  ${style.dim(text)}`);
  for (const note of options.notes)
    for (const text of wrapped(`Note: ${note}`, width - 2)) line(`  ${style.warn(text)}`);
}

/** A row each, or where that is too wide a paragraph. */
function showSettings(page: Page, { runs, settings }: RunComparison): void {
  const rows = settings.map(({ key, values }) => [
    shortKey(key),
    ...values.map((value) => shortValue(settingText(value))),
  ]);
  const all = [['', ...runs.map((_, i) => letterOf(i))], ...rows];
  if (Math.max(...columns(all).map((row) => row.length)) + 2 <= page.width) return table(page, all);
  for (const [key = '', ...values] of rows) {
    page.line(`  ${key}`);
    for (const text of inLines(
      values.map((value, i) => `${letterOf(i)} ${value}`),
      page.width - 4,
    )) {
      page.line(`    ${page.style.dim(text)}`);
    }
  }
}

function showPair(page: Page, pair: RunPair, { classNames, most }: ViewOptions): void {
  const { line, style, width } = page;
  const [a, b] = [letterOf(pair.first), letterOf(pair.second)];
  const { paired } = pair;
  line();
  line(style.accent(`  ${b} against ${a}`));
  const interval = paired ? `, 95% interval ${points(paired.interval.low)} to ${points(paired.interval.high)}` : '';
  line(`  ${style.bold(`${points(pair.difference)} points`)} of test accuracy${interval}`);
  if (paired) {
    const { counts, test, changed } = paired;
    line(`  McNemar's test: p = ${probability(test.pValue)} (mid-p ${probability(test.midP)})`.replace('= <', '<'));
    line();
    table(page, [
      ['', `${b} right`, `${b} wrong`],
      [`${a} right`, grouped(counts.bothRight), grouped(counts.onlyFirst)],
      [`${a} wrong`, grouped(counts.onlySecond), grouped(counts.bothWrong)],
    ]);
    line();
    line(`  ${counted(changed.length, 'prediction')} changed${changed.length === 0 ? '.' : ':'}`);
    const named = changed.slice(0, most).map(({ index, label, first, second }) => {
      const name = (one: number): string => classNames[one] ?? String(one);
      const mark = first === label ? '-' : second === label ? '+' : '~';
      return `${mark}${index} (${name(label)}: ${name(first)}>${name(second)})`;
    });
    const more = changed.length > named.length ? [`and ${grouped(changed.length - named.length)} more`] : [];
    for (const text of inLines([...named, ...more], width - 4)) line(`    ${text}`);
    if (named.length > 0) {
      const legend = `image (label: ${a} > ${b}); + now right, - now wrong, ~ wrong in both`;
      line(`    ${style.dim(legend)}`);
    }
  }
  for (const text of wrapped(conclusion(pair), width - 2)) line(`  ${text}`);
}

/** Loss and accuracy of validation after the epochs, run beside run. */
function showCurves(page: Page, { runs }: RunComparison): void {
  const { line, style } = page;
  const epochs = Math.max(...runs.map((run) => run.epochs));
  if (epochs === 0) return;
  line(style.accent('  Validation after each epoch: accuracy, loss'));
  // Where there are many epochs, so many of them, evenly, the first and the last among them.
  const shown = new Set(
    Array.from({ length: Math.min(MOST_ROWS, epochs) }, (_, i, count = Math.min(MOST_ROWS, epochs)) =>
      count === 1 ? 0 : Math.round((i * (epochs - 1)) / (count - 1)),
    ),
  );
  table(page, [
    ['epoch', ...runs.flatMap((_, i) => [letterOf(i), ''])],
    ...[...shown].map((row) => [
      String(row + 1),
      ...runs.flatMap(({ metrics }) => [
        cell(metrics[row], 'valAccuracy', percent),
        cell(metrics[row], 'valLoss', loss),
      ]),
    ]),
  ]);
}

const loss = (value: number): string => value.toFixed(4);

function cell(row: MetricsRow | undefined, key: string, format: (value: number) => string): string {
  const value = row?.[key];
  return typeof value === 'number' ? format(value) : '-';
}

/** The first row is the header. */
function table({ line, style, width }: Page, rows: readonly (readonly string[])[]): void {
  columns(rows).forEach((row, i) => {
    const shown = `  ${row}`.slice(0, width);
    line(i === 0 ? style.dim(shown) : shown);
  });
}

/** Of hashes the beginning says which it is. */
function shortValue(text: string): string {
  return /^[0-9a-f]{64}$/.test(text) ? `${text.slice(0, 12)}…` : text.length > 24 ? `${text.slice(0, 23)}…` : text;
}

function inLines(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 2 + word.length <= width) lines[lines.length - 1] = `${last}  ${word}`;
    else lines.push(word);
  }
  return lines;
}
