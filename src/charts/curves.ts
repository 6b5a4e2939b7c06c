import { type Axis, axisFor } from './axis.js';
import { type ChartOptions, checkNumber, checkSize, checkSome, SMALLEST } from './checks.js';
import { clipped, type Point } from './clip.js';
import { colour, seriesColour } from './colours.js';
import { laterDomain } from './domain.js';
import { drawFrame, finish, marginsFor } from './frame.js';
import { endLabels, legendRows, LINE, type Look, markLabels, placedMarks, SYMBOL_ROOM, SYMBOLS } from './legend.js';
import { dot, line, ruleX } from './plot.js';
import { widest } from './textWidth.js';

export interface CurveSeries {
  readonly name: string;
  /** In the order in which they are joined. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Drawn with dashes: to tell training from validation, say. */
  readonly dashed?: boolean;
  /** Which of the six colours, from 1: series of one run may share theirs. Its place in the list, unless told. */
  readonly colour?: number;
}

export interface CurvesChartOptions extends ChartOptions {
  readonly title: string;
  readonly series: readonly CurveSeries[];
  readonly x: { readonly label: string };
  readonly y: {
    readonly label: string;
    /** A scale by powers of ten. Values of 0 and below have no place on it, and are left out. */
    readonly log?: boolean;
    /** Values are shares of 1. */
    readonly percent?: boolean;
    /**
     * The scale's ends, instead of round numbers around the values; `later`: so that shares can be told apart after the
     * first fifth of the curves, where they begin far below. What lies beyond them is not drawn.
     */
    readonly domain?: readonly [from: number, to: number] | 'later';
  };
  /** Vertical lines with a word, such as where a phase begins. */
  readonly marks?: readonly { readonly x: number; readonly label: string }[];
  /** In CSS pixels, from 80 to 4000. */
  readonly height?: number;
}

interface Drawn extends Look {
  readonly points: readonly Point[];
}

/**
 * Curves over one scale: loss, accuracy or learning rate by epoch, of one run or several. Names stand at the ends of the
 * curves where there is room, otherwise above them.
 * @returns the text of an `<svg>`
 * @throws CifraError `chart-empty` without series, or without any point that can be shown; `chart-value` for a number that
 * is not finite
 */
export function curvesChart(options: CurvesChartOptions): string {
  const { title, x, y, marks = [] } = options;
  const width = checkSize(options.width, 640, 'width');
  const height = checkSize(options.height, 280, 'height');
  const series = drawnSeries(options);
  const all = series.flatMap(({ points }) => points);
  checkSome(all, 'points');
  for (const mark of marks) checkNumber(mark.x, `the place of mark ${mark.label}`);
  const xs = [...all.map((point) => point.x), ...marks.map((mark) => mark.x)];
  const [first, last] = ends(xs);
  const xAxis = axisFor(xs, {
    steps: 7,
    whole: xs.every(Number.isInteger),
    ...(last > first && { domain: [first, last] }),
  });
  const { domain, ...scale } = y;
  const ofScale = domain === 'later' ? laterDomain(series) : domain;
  const yAxis = axisFor(
    all.map((point) => point.y),
    { ...scale, ...(ofScale && { domain: ofScale }) },
  );

  const named = series.length > 1;
  const beside = named ? 1.12 * widest(series.map(({ name }) => name)) + SYMBOL_ROOM + 14 : 16;
  const direct = series.length <= 8 && beside <= 0.36 * width;
  const [right, legend] = direct ? [beside, []] : [16, legendRows(series, width)];
  const { left } = marginsFor(yAxis, right);
  const toPixel = (value: number): number =>
    left + ((value - xAxis.from) / (xAxis.to - xAxis.from)) * (width - left - right);
  const words = placedMarks(marks, toPixel, width - 4);
  const lanes = words.reduce((most, { lane }) => Math.max(most, lane + 1), 0);
  const margins = marginsFor(yAxis, right, LINE * (legend.length + lanes) + (legend.length > 0 ? 6 : 0));

  const { svg, y: toHeight } = drawFrame({
    ...{ width, height, margins, x: xAxis, y: yAxis, xLabel: x.label, yLabel: y.label },
    marks: [
      ruleX(marks, { x: 'x', stroke: colour('quiet'), strokeDasharray: '2 3' }),
      ...series.flatMap((one, i) => marksOf(one, yAxis, i, series.length)),
    ],
  });
  svg.append(...markLabels(words, margins.top), ...legend);
  if (named && direct) {
    const ended = series.flatMap((one) => one.points.slice(-1).map((last) => ({ ...one, end: toHeight(last.y) })));
    svg.append(...endLabels(ended, width - right + 10, margins.top, height - margins.bottom));
  }
  return finish(svg, { title, description: inWords(options, series, yAxis), standalone: options.standalone });
}

/** What is drawn of the series, checked. */
function drawnSeries({ series, y }: CurvesChartOptions): Drawn[] {
  checkSome(series, 'series');
  return series.map(({ name, points, dashed = false, colour: slot }, i) => {
    points.forEach((point, at) => {
      checkNumber(point.x, `${name}, x of point ${at}`);
      checkNumber(point.y, `${name}, y of point ${at}`);
    });
    const index = slot === undefined ? i : checkNumber(Math.trunc(slot), `${name}, its colour`, 1, 6) - 1;
    return {
      name,
      points: y.log ? points.filter((point) => point.y > SMALLEST) : points,
      stroke: seriesColour(index),
      symbol: SYMBOLS[index % SYMBOLS.length]!,
      dash: dashed ? '5 4' : 'none',
    };
  });
}

/** A curve with some of its points marked, so that colour is not needed to follow it. */
function marksOf({ points, stroke, symbol, dash }: Drawn, { from, to }: Axis, index: number, count: number) {
  const every = Math.max(1, Math.ceil(points.length / 6));
  const offset = Math.floor((index * every) / count);
  const marked = points.filter((_, i) => (count > 1 && i % every === offset % every) || i === points.length - 1);
  return [
    line(clipped(points, from, to), {
      ...{ x: 'x', y: 'y', stroke, strokeWidth: 2, strokeLinejoin: 'round', strokeDasharray: dash },
    }),
    dot(
      marked.filter(({ y }) => y >= from && y <= to),
      { x: 'x', y: 'y', r: 3.5, symbol, fill: stroke, stroke: colour('paper'), strokeWidth: 1 },
    ),
  ];
}

function ends(values: readonly number[]): [number, number] {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

function inWords({ x, y, marks = [] }: CurvesChartOptions, series: readonly Drawn[], axis: Axis): string {
  const about = series.map(({ name, points }) => {
    const [begin, end] = [points[0], points.at(-1)];
    if (!begin || !end) return `${name}: no points.`;
    const ys = ends(points.map((point) => point.y));
    const told = (value: number): string => precise(value, axis, y.percent);
    if (points.length === 1) return `${name}: ${told(begin.y)} at ${begin.x}.`;
    return `${name}: ${told(begin.y)} at ${begin.x} to ${told(end.y)} at ${end.x}, between ${told(ys[0])} and ${told(ys[1])}.`;
  });
  const marked = marks.map((mark) => `${mark.label} at ${mark.x}`).join(', ');
  return [`${y.label} by ${x.label}.`, ...about, ...(marked ? [`Marked: ${marked}.`] : [])].join(' ');
}

/** A digit or two more than the axis has. */
function precise(value: number, axis: Axis, percent = false): string {
  if (percent) return `${(100 * value).toFixed(2)}%`;
  return Number(value.toPrecision(4)) === Math.trunc(value) ? axis.format(value) : String(Number(value.toPrecision(4)));
}
