import { axisFor, written } from './axis.js';
import { type ChartOptions, checkInterval, checkNumber, checkSize, checkSome } from './checks.js';
import { colour } from './colours.js';
import { drawFrame, finish, halo, label } from './frame.js';
import { dot, link, ruleX } from './plot.js';
import { rowsAxis } from './rows.js';
import { boldWidth, fitted, widest } from './textWidth.js';

export interface IntervalRow {
  readonly label: string;
  readonly estimate: number;
  /** The ends of its interval. */
  readonly low: number;
  readonly high: number;
  /** What it was estimated from, such as one value for each seed. */
  readonly points?: readonly number[];
}

export interface IntervalsChartOptions extends ChartOptions {
  readonly title?: string;
  readonly rows: readonly IntervalRow[];
  /** A value to compare with, such as 0 for "no difference": a vertical line; values are then written with their sign. */
  readonly reference?: number;
  readonly x: {
    readonly label: string;
    /** Values are shares of 1. */
    readonly percent?: boolean;
  };
}

const TOP = 6;
const BOTTOM = 46;

/**
 * Estimates with their 95% intervals, a row each, and what they were estimated from as rings under them (a forest plot).
 * @returns the text of an `<svg>`
 * @throws CifraError `chart-empty` without rows; `chart-value` for a number that is not finite, or an interval whose low
 * end is above its high one
 */
export function intervalsChart(options: IntervalsChartOptions): string {
  const { rows: given, reference, x: about, title = 'Estimates and their 95% intervals' } = options;
  const width = checkSize(options.width, 640, 'width');
  const count = checkSome(given, 'rows');
  if (reference !== undefined) checkNumber(reference, 'the reference');
  const rows = given.map((row, index) => {
    checkNumber(row.estimate, `${row.label}, estimate`);
    checkInterval(row, `${row.label}, interval`);
    return {
      ...row,
      row: index,
      points: (row.points ?? []).map((value, i) => checkNumber(value, `${row.label}, point ${i}`)),
    };
  });
  const seeds = rows.flatMap(({ row, points }) => points.map((value) => ({ row, value })));
  const values = rows.flatMap(({ estimate, low, high, points }) => [estimate, low, high, ...points]);
  const axis = axisFor(reference === undefined ? values : [...values, reference], { percent: about.percent });
  const span = axis.to - axis.from;
  const digits = span > 0 ? digitsFor(span, about.percent) : 2;
  const tell = (value: number): string => {
    const text = written(value, digits, about.percent);
    return reference === 0 && value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
  };
  const told = rows.map(({ estimate, low, high }) => ({
    estimate: tell(estimate),
    range: `${tell(low)} to ${tell(high)}`,
  }));

  // Where names and numbers would leave too little beside them, they stand above their rows.
  const [names, numbers] = [
    widest(rows.map((row) => row.label)),
    widest(told.flatMap(({ estimate, range }) => [estimate, range])),
  ];
  const above = width - names - numbers < 0.5 * width;
  const height = TOP + count * (above ? 54 : 44) + BOTTOM;
  const edge = Math.max(8, widest(axis.ticks.map(signed(axis.format, reference === 0))) / 2 + 1);
  const margins = { left: above ? edge : names + 20, right: above ? edge : numbers + 20, top: TOP, bottom: BOTTOM };
  const shift = above ? 0.2 : 0;
  const drawing = drawFrame({
    ...{
      width,
      height,
      margins,
      x: { ...axis, format: signed(axis.format, reference === 0) },
      y: rowsAxis(count),
      axes: 'x',
    },
    xLabel: about.label,
    marks: [
      ...(reference === undefined ? [] : [ruleX([reference], { stroke: colour('quiet'), strokeWidth: 1.5 })]),
      link(rows, {
        x1: 'low',
        x2: 'high',
        y1: at(shift),
        y2: at(shift),
        stroke: colour(1),
        strokeWidth: 3,
        strokeLinecap: 'round',
      }),
      dot(seeds, { x: 'value', y: at(shift + 0.26), r: 3, fill: 'none', stroke: colour(2), strokeWidth: 1.5 }),
      dot(rows, { x: 'estimate', y: at(shift), r: 5.5, fill: colour(1), stroke: colour('paper'), strokeWidth: 1.5 }),
    ],
  });
  const { svg, y } = drawing;
  rows.forEach((row, i) => {
    const { estimate, range } = told[i]!;
    const strong = { 'font-weight': 600 };
    const quiet = { fill: colour('quiet') };
    if (above) {
      const top = y(i - 0.2);
      svg.append(
        label(0, top, fitted(row.label, width - boldWidth(estimate) - 12), 'start', halo),
        label(width, top, estimate, 'end', { ...strong, ...halo }),
      );
    } else {
      svg.append(
        label(0, y(i) + 4, row.label),
        label(width, y(i) - 3, estimate, 'end', strong),
        label(width, y(i) + 12, range, 'end', quiet),
      );
    }
  });
  const words = rows.map((row, i) => {
    const single = row.points.length > 0 ? `, single values ${row.points.map(tell).join(', ')}` : '';
    return `${row.label}: ${told[i]!.estimate} (95% interval ${told[i]!.range})${single}`;
  });
  const description = `${about.label}. ${words.join('; ')}.`;
  return finish(svg, { title, description, standalone: options.standalone });
}

function at(shift: number) {
  return ({ row }: { readonly row: number }): number => row + shift;
}

function signed(format: (value: number) => string, isSigned: boolean) {
  return (value: number): string => (isSigned && value > 0 ? `+${format(value)}` : format(value));
}

/** As many as tell a hundredth of the scale. */
function digitsFor(span: number, percent = false): number {
  const exponent = Number((percent ? 100 * span : span).toExponential().split('e')[1]);
  return Math.min(8, Math.max(0, 2 - exponent));
}
