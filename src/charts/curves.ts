import { type Axis, axisFor } from './axis.js';
import { type ChartOptions, checkNumber, checkSize, checkSome } from './checks.js';
import { colour, seriesColour } from './colours.js';
import { element, type SvgElement } from './document.js';
import { drawFrame, finish, halo, label, marginsFor } from './frame.js';
import { dot, type Drawing, line, ruleX } from './plot.js';
import { fitted, textWidth, widest } from './textWidth.js';

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
    /** The scale's ends, instead of round numbers around the values. Curves are drawn beyond them all the same. */
    readonly domain?: readonly [from: number, to: number];
  };
  /** Vertical lines with a word, such as where a phase begins. */
  readonly marks?: readonly { readonly x: number; readonly label: string }[];
  /** In CSS pixels, from 80 to 4000. */
  readonly height?: number;
}

const LINE = 16;
const SYMBOLS = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross'] as const;

interface Drawn {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly stroke: string;
  readonly symbol: (typeof SYMBOLS)[number];
  readonly dash: string | undefined;
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
  const [first, last] = [Math.min(...ends(xs)), Math.max(...ends(xs))];
  const xAxis = axisFor(xs, {
    steps: 7,
    whole: xs.every(Number.isInteger),
    ...(last > first && { domain: [first, last] }),
  });
  const yAxis = axisFor(
    all.map((point) => point.y),
    y,
  );

  const names = series.length > 1 ? series.map(({ name }) => name) : [];
  const direct = names.length <= 8 && widest(names) <= 0.3 * width;
  const legend = direct ? [] : legendRows(series, width);
  const lanes = marks.length > 0 ? Math.min(2, marks.length) : 0;
  const top = LINE * (legend.length + lanes) + (legend.length > 0 ? 6 : 0);
  const margins = marginsFor(yAxis, direct && names.length > 0 ? widest(names) + 16 : 16, top);

  const drawing = drawFrame({
    width,
    height,
    margins,
    x: xAxis,
    y: yAxis,
    xLabel: x.label,
    yLabel: y.label,
    marks: [
      ruleX(marks, { x: 'x', stroke: colour('quiet'), strokeDasharray: '2 3' }),
      ...series.flatMap((one, i) => marksOf(one, i, series.length)),
    ],
  });
  const { svg } = drawing;
  markLabels(drawing, marks, margins.top, width - 4).forEach((child) => svg.append(child));
  if (direct && names.length > 0) {
    const left = width - margins.right + 10;
    endLabels(series, drawing, left, margins.top, height - margins.bottom).forEach((child) => svg.append(child));
  }
  legend.forEach((row, i) =>
    svg.append(...row.map((child) => element('g', { transform: `translate(0 ${22 + LINE * i})` }, child))),
  );
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
      points: y.log ? points.filter((point) => point.y > 0) : points,
      stroke: seriesColour(index),
      symbol: SYMBOLS[index % SYMBOLS.length]!,
      dash: dashed ? '5 4' : undefined,
    };
  });
}

/** A curve with some of its points marked, so that colour is not needed to follow it. */
function marksOf({ points, stroke, symbol, dash }: Drawn, index: number, count: number) {
  const every = Math.max(1, Math.ceil(points.length / 6));
  const offset = Math.floor((index * every) / count);
  const marked = points.filter((_, i) => (count > 1 && i % every === offset % every) || i === points.length - 1);
  return [
    line(points, {
      x: 'x',
      y: 'y',
      stroke,
      strokeWidth: 2,
      strokeLinejoin: 'round',
      ...(dash && { strokeDasharray: dash }),
    }),
    dot(marked, { x: 'x', y: 'y', r: 3.5, symbol, fill: stroke, stroke: colour('paper'), strokeWidth: 1 }),
  ];
}

function ends(values: readonly number[]): [number, number] {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

/** Names at the ends of the curves, moved apart where they would touch. */
function endLabels(
  series: readonly Drawn[],
  drawing: Drawing,
  left: number,
  top: number,
  bottom: number,
): SvgElement[] {
  const placed = series
    .filter(({ points }) => points.length > 0)
    .map((one) => ({ ...one, at: Math.min(bottom, Math.max(top, drawing.y(one.points.at(-1)!.y))) }))
    .sort((a, b) => a.at - b.at);
  for (let i = 1; i < placed.length; i++) placed[i]!.at = Math.max(placed[i]!.at, placed[i - 1]!.at + LINE);
  const over = (placed.at(-1)?.at ?? 0) - bottom;
  if (over > 0) {
    placed.at(-1)!.at -= over;
    for (let i = placed.length - 2; i >= 0; i--) placed[i]!.at = Math.min(placed[i]!.at, placed[i + 1]!.at - LINE);
  }
  return placed.map(({ name, stroke, at }) => label(left, at + 4, name, 'start', { fill: stroke, 'font-weight': 600 }));
}

/** Each name after a piece of its line, in as many rows as they take. */
function legendRows(series: readonly Drawn[], width: number): SvgElement[][] {
  const rows: SvgElement[][] = [];
  let left = Infinity;
  for (const { name, stroke, dash, symbol } of series) {
    const text = fitted(name, width - 34);
    if (left + 34 + textWidth(text) > width) {
      rows.push([]);
      left = 0;
    }
    const [x, y] = [left + 12, 8];
    rows
      .at(-1)!
      .push(
        element('line', { x1: left, x2: left + 24, y1: y, y2: y, stroke, 'stroke-width': 2, 'stroke-dasharray': dash }),
        element('path', { d: symbolPath(symbol, x, y), fill: stroke }),
        label(left + 30, y + 4, text),
      );
    left += 34 + textWidth(text) + 14;
  }
  return rows;
}

const SHAPES: Readonly<Record<Drawn['symbol'], string>> = {
  circle: 'm-3.5,0a3.5,3.5 0 1 1 7,0a3.5,3.5 0 1 1 -7,0',
  square: 'm-3,-3h6v6h-6z',
  triangle: 'm0,-4l3.8,6.6h-7.6z',
  diamond: 'm0,-4.5l3,4.5l-3,4.5l-3,-4.5z',
  star: 'm0,-4.5l1.2,3.1h3.2l-2.6,2.1l1,3.3l-2.8,-2l-2.8,2l1,-3.3l-2.6,-2.1h3.2z',
  cross: 'm-1.3,-4h2.6v2.7h2.7v2.6h-2.7v2.7h-2.6v-2.7h-2.7v-2.6h2.7z',
};

function symbolPath(symbol: Drawn['symbol'], x: number, y: number): string {
  return `M${x},${y}${SHAPES[symbol]}`;
}

/** The words of the marks above the curves, in two lanes if they would touch in one. */
function markLabels(
  drawing: Drawing,
  marks: readonly { readonly x: number; readonly label: string }[],
  top: number,
  right: number,
): SvgElement[] {
  const used = [-Infinity, -Infinity];
  const placed = [...marks]
    .sort((a, b) => a.x - b.x)
    .flatMap((mark) => {
      const wide = textWidth(mark.label);
      const x = Math.max(0, Math.min(drawing.x(mark.x), right - wide));
      const lane = used.findIndex((end) => end + 10 <= x);
      if (lane < 0) return [];
      used[lane] = x + wide;
      return [{ text: mark.label, x, lane }];
    });
  return placed.map(({ text, x, lane }) =>
    label(x, top - 8 - LINE * lane, text, 'start', { fill: colour('quiet'), ...halo }),
  );
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
