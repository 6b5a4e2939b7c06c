import { type CalibrationError } from '../numeric/calibration.js';
import { wilsonInterval } from '../numeric/statistics.js';
import { grouped, percent } from '../numeric/words.js';
import { axisFor } from './axis.js';
import { type ChartOptions, checkNumber, checkShare, checkSize, checkSome } from './checks.js';
import { colour } from './colours.js';
import { drawFrame, finish, halo, label, marginsFor } from './frame.js';
import { link, rect, ruleX } from './plot.js';
import { textWidth } from './textWidth.js';

export interface ReliabilityChartOptions extends ChartOptions {
  readonly title?: string;
  readonly calibration: CalibrationError;
  /** In CSS pixels, from 80 to 4000. */
  readonly height?: number;
}

/**
 * The reliability diagram: the accuracy of answers by their confidence, with 95% intervals and how many answers there are;
 * a model whose probabilities can be taken at their word has its bars end on the diagonal.
 * @returns the text of an `<svg>`
 * @throws CifraError `chart-empty` without bins, `chart-value` for shares that are not from 0 to 1
 */
export function reliabilityChart(options: ReliabilityChartOptions): string {
  const { title = 'Reliability diagram', calibration } = options;
  const width = checkSize(options.width, 460, 'width');
  const height = checkSize(options.height, 360, 'height');
  checkSome(calibration.bins, 'bins');
  checkShare(calibration.ece, 'the expected calibration error');
  const bars = calibration.bins
    .filter((bin, i) => {
      for (const key of ['low', 'high', 'accuracy'] as const) checkShare(bin[key], `${key} of bin ${i}`);
      return checkNumber(bin.count, `count of bin ${i}`, 0) > 0;
    })
    .map((bin) => ({ ...bin, interval: wilsonInterval(Math.round(bin.accuracy * bin.count), Math.round(bin.count)) }));
  const axis = axisFor([0, 1], { percent: true });
  const drawing = drawFrame({
    width,
    height,
    margins: marginsFor(axis, 20),
    x: axis,
    y: axis,
    xLabel: 'confidence',
    yLabel: 'accuracy; above the bars, how many images',
    marks: [
      rect(bars, {
        ...{ x1: 'low', x2: 'high', y1: () => 0, y2: 'accuracy', insetLeft: 1, insetRight: 1 },
        ...{ fill: colour(1), fillOpacity: 0.3, stroke: colour(1) },
      }),
      link([0], { x1: 0, y1: 0, x2: 1, y2: 1, stroke: colour('quiet'), strokeWidth: 1.5, strokeDasharray: '5 4' }),
      ruleX(bars, {
        x: (bar: (typeof bars)[number]) => (bar.low + bar.high) / 2,
        y1: (bar: (typeof bars)[number]) => bar.interval.low,
        y2: (bar: (typeof bars)[number]) => bar.interval.high,
        ...{ stroke: colour(2), strokeWidth: 1.5 },
      }),
    ],
  });
  const room = drawing.x(1 / calibration.bins.length) - drawing.x(0);
  const size = room < 26 ? 10 : 11;
  let after = { left: Infinity, top: Infinity };
  // From the right, where most are: one that would touch its neighbour is left out.
  for (const { low, high, count, accuracy, interval } of bars.toReversed()) {
    const [text, middle] = [short(count), drawing.x((low + high) / 2)];
    const top = drawing.y(Math.max(interval.high, accuracy)) - 5;
    const half = textWidth(text, size) / 2;
    if (middle + half + 3 > after.left && Math.abs(top - after.top) < size) continue;
    after = { left: middle - half, top };
    drawing.svg.append(label(middle, top, text, 'middle', { 'font-size': size, fill: colour('quiet'), ...halo }));
  }
  const told = bars.map(
    ({ low, high, count, accuracy }) =>
      `of ${counted(count)} with a confidence of ${percent(low, 0)} to ${percent(high, 0)}, ${percent(accuracy, 1)} are right`,
  );
  const description = `Expected calibration error ${percent(calibration.ece)}. Accuracy by confidence: ${told.join('; ')}.`;
  return finish(drawing.svg, { title, description, standalone: options.standalone });
}

/** 12, 3.4k, 9.8k, 60k */
function short(count: number): string {
  return count < 1000 ? String(count) : `${(count / 1000).toFixed(count < 9_950 ? 1 : 0)}k`;
}

function counted(count: number): string {
  return count === 1 ? '1 answer' : `${grouped(count)} answers`;
}
