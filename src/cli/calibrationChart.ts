import type { CalibrationError, CoveragePoint, ReliabilityBin } from '../numeric/calibration.js';
import { wilsonInterval } from '../numeric/statistics.js';
import { element, group, points, type Svg, type SvgContent, text } from './svg.js';
import { grouped, percent } from './terminal/text.js';

/** What the picture shows. */
export interface ChartData {
  /** Of which model and images, in words. */
  readonly title: string;
  readonly subtitle: string;
  /** How many images. */
  readonly count: number;
  readonly calibration: CalibrationError;
  readonly coverage: readonly CoveragePoint[];
}

const MARGIN = 36;
const AXIS = 72;
const PLOT = { width: 410, height: 330 };
const GAP = 44;
const TOP = 88;
const PANEL = AXIS + PLOT.width;
const WIDTH = 2 * (MARGIN + PANEL) + GAP + 12;
const HEIGHT = TOP + 52 + PLOT.height + 74;

/** Blue and orange can be told apart by everybody; each has a lighter form for dark pages. */
const STYLE = `
  :root { --paper: #fff; --ink: #1f2328; --quiet: #59636e; --grid: #e3e6ea; --main: #1f5fa8; --soft: #a9c8ec; --mark: #b45309 }
  @media (prefers-color-scheme: dark) {
    :root { --paper: #0d1117; --ink: #e6edf3; --quiet: #9aa4af; --grid: #2a313a; --main: #6cb0f7; --soft: #234a73; --mark: #f5a03c }
  }
  text { fill: var(--ink); font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif }
  .title { font-size: 19px; font-weight: 600 } .heading { font-size: 15px; font-weight: 600 }
  .quiet { fill: var(--quiet); font-size: 12px } .small { fill: var(--quiet); font-size: 10px } .mark { fill: var(--mark); font-size: 12px; paint-order: stroke; stroke: var(--paper); stroke-width: 3px }
  .paper { fill: var(--paper) } .bar { fill: var(--soft); stroke: var(--main); stroke-width: 1 }
  .grid { stroke: var(--grid) } .line { stroke: var(--main); stroke-width: 2; fill: none } .band { fill: var(--soft); opacity: 0.55 }
  .ideal { stroke: var(--quiet); stroke-width: 1.5; stroke-dasharray: 5 4 } .whisker { stroke: var(--mark); stroke-width: 1.5 }
  .dot { fill: var(--mark) }
`;

/**
 * Two diagrams side by side as SVG, for light and dark pages: accuracy by confidence (the reliability diagram), and
 * accuracy against the share answered.
 */
export function calibrationChart(data: ChartData): string {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    width: WIDTH,
    height: HEIGHT,
  };
  const picture = element(
    'svg',
    attributes,
    element('title', {}, `${data.title}: calibration and accuracy against the share answered`),
    { svg: `<style>${STYLE}</style>` },
    element('rect', { width: WIDTH, height: HEIGHT, class: 'paper' }),
    text(MARGIN, 42, data.title, 'start', { class: 'title' }),
    text(MARGIN, 64, data.subtitle, 'start', { class: 'quiet' }),
    group(MARGIN, TOP, reliability(data.calibration)),
    group(MARGIN + PANEL + GAP, TOP, coverage(data.coverage, data.count)),
  );
  return `${picture.svg}\n`;
}

interface Scale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** Behind the point, of percents. */
  readonly digits: number;
}

/** A diagram's place for marks: with grid, ticks and the names of its axes. */
function panel(title: string, note: string, x: Scale, y: Scale, names: readonly [x: string, y: string], marks: Axes) {
  const atX = (value: number): number => AXIS + (PLOT.width * (value - x.from)) / (x.to - x.from);
  const atY = (value: number): number => PLOT.height * (1 - (value - y.from) / (y.to - y.from));
  return [
    text(0, 14, title, 'start', { class: 'heading' }),
    text(0, 33, note, 'start', { class: 'quiet' }),
    group(0, 52, [
      y.ticks.map((tick) => [
        element('line', { class: 'grid', x1: AXIS, x2: PANEL, y1: atY(tick), y2: atY(tick) }),
        text(AXIS - 8, atY(tick) + 4, percent(tick, y.digits), 'end', { class: 'quiet' }),
      ]),
      x.ticks.map((tick) => text(atX(tick), PLOT.height + 19, percent(tick, x.digits), 'middle', { class: 'quiet' })),
      text(AXIS + PLOT.width / 2, PLOT.height + 44, names[0], 'middle'),
      element('g', { transform: `translate(12 ${PLOT.height / 2}) rotate(-90)` }, text(0, 0, names[1], 'middle')),
      marks(atX, atY),
    ]),
  ];
}

type Axes = (x: (value: number) => number, y: (value: number) => number) => SvgContent;

function reliability({ ece, bins }: CalibrationError): SvgContent {
  const whole: Scale = { from: 0, to: 1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1], digits: 0 };
  const note = `Expected calibration error ${percent(ece)}, ${bins.length} bins. Above each bar, its images.`;
  const names = ['confidence', 'accuracy'] as const;
  return panel('Does it know how sure it may be?', note, whole, { ...whole }, names, (x, y) => [
    bins.map((bin) => bar(bin, x, y)),
    element('line', { class: 'ideal', x1: x(0), y1: y(0), x2: x(1), y2: y(1) }),
  ]);
}

function bar(
  { low, high, count, accuracy }: ReliabilityBin,
  x: (v: number) => number,
  y: (v: number) => number,
): Svg[] {
  if (count === 0) return [];
  const interval = wilsonInterval(Math.round(accuracy * count), count);
  const middle = (x(low) + x(high)) / 2;
  const top = Math.min(y(interval.high), y(accuracy));
  return [
    element('rect', {
      class: 'bar',
      x: x(low) + 1.5,
      width: x(high) - x(low) - 3,
      y: y(accuracy),
      height: y(0) - y(accuracy),
    }),
    element('line', { class: 'whisker', x1: middle, x2: middle, y1: y(interval.low), y2: y(interval.high) }),
    text(middle, top - 4, short(count), 'middle', { class: 'small' }),
  ];
}

function coverage(curve: readonly CoveragePoint[], count: number): SvgContent {
  const all = curve.at(-1)!;
  const x = shareScale(curve);
  const shown = thinned(curve, x.from);
  const band = shown.map(({ share, accuracy }) => {
    const answered = Math.round(share * count);
    return { share, ...wilsonInterval(Math.round(accuracy * answered), answered) };
  });
  const y = accuracyScale(Math.min(...band.map(({ low }) => low)));
  const note = 'The least certain answers are withheld first. Band: 95% interval.';
  const names = ['share of the images answered', 'accuracy of the answers'] as const;
  return panel('What if it may decline to answer?', note, x, y, names, (atX, atY) => [
    element('polygon', {
      class: 'band',
      points: points([
        ...band.map(({ share, high }) => [atX(share), atY(high)] as const),
        ...band.toReversed().map(({ share, low }) => [atX(share), atY(low)] as const),
      ]),
    }),
    element('polyline', {
      class: 'line',
      points: points(shown.map(({ share, accuracy }) => [atX(share), atY(accuracy)] as const)),
    }),
    dot(all, atX, atY, `${percent(all.accuracy)} of all ${grouped(count)}`),
    milestones(curve, all, x.from).map((point) =>
      dot(point, atX, atY, `${percent(point.accuracy)} of ${percent(point.share, 1)}`),
    ),
  ]);
}

function dot({ share, accuracy }: CoveragePoint, x: (v: number) => number, y: (v: number) => number, words: string) {
  return [
    element('circle', { class: 'dot', cx: x(share), cy: y(accuracy), r: 4 }),
    text(x(share) - 9, y(accuracy) + 16, words, 'end', { class: 'mark' }),
  ];
}

/** Where half of the errors, and nine in ten, are withheld. */
function milestones(curve: readonly CoveragePoint[], all: CoveragePoint, from: number): CoveragePoint[] {
  const errors = (point: CoveragePoint): number => point.share * (1 - point.accuracy);
  return [0.5, 0.1].flatMap((left) => {
    const point = curve.findLast((candidate) => errors(candidate) <= left * errors(all));
    return point && point.share > from && point.share < all.share ? [point] : [];
  });
}

/** From where on the curve is worth seeing, to all. */
function shareScale(curve: readonly CoveragePoint[]): Scale {
  const all = curve.at(-1)!;
  const few = 0.05 * (1 - all.accuracy);
  const last = curve.findLast(({ share, accuracy }) => share * (1 - accuracy) <= few)?.share ?? 0;
  const from = [0.9, 0.8, 0.5].find((start) => start < last) ?? 0;
  const step = (1 - from) / 5;
  return { from, to: 1, ticks: Array.from({ length: 6 }, (_, i) => from + i * step), digits: 0 };
}

function accuracyScale(least: number): Scale {
  const range = 1 - least;
  const step = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2].find((size) => range <= 6 * size) ?? 0.25;
  const count = Math.max(1, Math.ceil(range / step));
  const ticks = Array.from({ length: count + 1 }, (_, i) => 1 - i * step);
  return { from: ticks.at(-1)!, to: 1, ticks, digits: step < 0.001 ? 2 : step < 0.01 ? 1 : 0 };
}

/** The points from a share on, at most some hundred: more could not be told apart. */
function thinned(curve: readonly CoveragePoint[], from: number): CoveragePoint[] {
  const step = (1 - from) / 300;
  const kept: CoveragePoint[] = [];
  for (const [i, point] of curve.entries()) {
    if (point.share < from) continue;
    const last = kept.at(-1);
    if (!last || point.share - last.share >= step || i + 1 === curve.length) kept.push(point);
  }
  return kept;
}

/** 12, 3.4k, 9.8k */
function short(count: number): string {
  return count < 1000 ? String(count) : `${(count / 1000).toFixed(count < 99_500 ? 1 : 0)}k`;
}
