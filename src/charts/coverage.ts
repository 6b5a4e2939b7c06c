import type { CoveragePoint } from '../numeric/calibration.js';
import { wilsonInterval } from '../numeric/statistics.js';
import { grouped, percent } from '../numeric/words.js';
import { axisFor } from './axis.js';
import { type ChartOptions, checkNumber, checkShare, checkSize, checkSome } from './checks.js';
import { colour } from './colours.js';
import { drawFrame, finish, halo, label, marginsFor } from './frame.js';
import { areaY, dot, line } from './plot.js';

export interface CoverageChartOptions extends ChartOptions {
  readonly title?: string;
  /** From `coverageCurve`: its last point answers everything. */
  readonly coverage: readonly CoveragePoint[];
  /** How many images there are. */
  readonly count: number;
  /** In CSS pixels, from 80 to 4000. */
  readonly height?: number;
}

/**
 * Accuracy against the share of the images that is answered, where the least certain answers are withheld first, with its
 * 95% interval. Marked: where half of the errors, and nine in ten of them, are withheld.
 * @returns the text of an `<svg>`
 * @throws CifraError `chart-empty` without points, `chart-value` for shares that are not from 0 to 1
 */
export function coverageChart(options: CoverageChartOptions): string {
  const { title = 'Accuracy by share answered', coverage, count } = options;
  const width = checkSize(options.width, 460, 'width');
  const height = checkSize(options.height, 360, 'height');
  checkSome(coverage, 'points');
  checkNumber(count, 'the number of images', 1);
  coverage.forEach((point, i) => {
    checkShare(point.share, `share of point ${i}`);
    checkShare(point.accuracy, `accuracy of point ${i}`);
  });

  const all = coverage.at(-1)!;
  const from = firstShare(coverage, all);
  const shown = thinned(coverage, from).map((point) => {
    const answered = Math.max(1, Math.round(point.share * count));
    return { ...point, ...wilsonInterval(Math.round(point.accuracy * answered), answered) };
  });
  const marked = [all, ...milestones(coverage, all, from)];
  const x = axisFor([], { percent: true, domain: [from, 1] });
  const y = axisFor([1, ...shown.map(({ low }) => low)], { percent: true });
  const drawing = drawFrame({
    ...{ width, height, margins: marginsFor(y, 20), x, y },
    xLabel: 'share of the images answered',
    yLabel: 'accuracy of the answers; band: 95% interval',
    marks: [
      areaY(shown, { x: 'share', y1: 'low', y2: 'high', fill: colour(1), fillOpacity: 0.2 }),
      line(shown, { x: 'share', y: 'accuracy', stroke: colour(1), strokeWidth: 2 }),
      dot(marked, { x: 'share', y: 'accuracy', r: 4.5, fill: colour(2), stroke: colour('paper') }),
    ],
  });
  const words = marked.map((point, i) =>
    i === 0
      ? `${percent(point.accuracy)} of all ${grouped(count)}`
      : `${percent(point.accuracy)} of ${percent(point.share, 1)}`,
  );
  let lowest = Infinity;
  marked.forEach((point, i) => {
    // Under its dot, and above the one before.
    const place = Math.min(drawing.y(point.accuracy) + 17, lowest - 16, drawing.y(y.from) - 6);
    lowest = place;
    drawing.svg.append(
      label(drawing.x(point.share) - 9, place, words[i]!, 'end', { fill: colour(2), 'font-weight': 600, ...halo }),
    );
  });
  const description = `Accuracy of the answers where the least certain are withheld: ${words.join('; ')} of the images.`;
  return finish(drawing.svg, { title, description, standalone: options.standalone });
}

/** Where half of the errors, and nine in ten, are withheld. */
function milestones(curve: readonly CoveragePoint[], all: CoveragePoint, from: number): CoveragePoint[] {
  const errors = (point: CoveragePoint): number => point.share * (1 - point.accuracy);
  return [0.5, 0.1].flatMap((left) => {
    const point = curve.findLast((candidate) => errors(candidate) <= left * errors(all));
    return point && point.share > from && point.share < all.share ? [point] : [];
  });
}

/** From where on the curve is worth seeing. */
function firstShare(curve: readonly CoveragePoint[], all: CoveragePoint): number {
  const few = 0.05 * (1 - all.accuracy);
  const last = curve.findLast(({ share, accuracy }) => share * (1 - accuracy) <= few)?.share ?? 0;
  return [0.9, 0.8, 0.5].find((start) => start < last) ?? 0;
}

/** The points from a share on, at most 160: more could not be told apart. */
function thinned(curve: readonly CoveragePoint[], from: number): CoveragePoint[] {
  const step = (1 - from) / 160;
  const kept: CoveragePoint[] = [];
  for (const [i, point] of curve.entries()) {
    if (point.share < from) continue;
    const last = kept.at(-1);
    if (!last || point.share - last.share >= step || i + 1 === curve.length) kept.push(point);
  }
  return kept;
}
