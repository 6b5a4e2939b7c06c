import type { Interval } from '../numeric/statistics.js';
import { percent } from '../numeric/words.js';
import { axisFor } from './axis.js';
import { type ChartOptions, checkInterval, checkNumber, checkShare, checkSize, checkSome } from './checks.js';
import { CifraError } from '../numeric/errors.js';
import { colour } from './colours.js';
import { drawFrame, finish, halo, label, marginsFor } from './frame.js';
import { areaY, dot, line, ruleX } from './plot.js';
import { widest } from './textWidth.js';

export interface StripChartOptions extends ChartOptions {
  readonly title?: string;
  /** What is done to the images: "rotation". */
  readonly name: string;
  /** Of the values: "degrees". */
  readonly unit: string;
  readonly values: readonly number[];
  /** The value at which an image is as it is. */
  readonly neutral: number;
  /** For each value, 0 to 1. */
  readonly accuracy: readonly number[];
  /** Of the accuracy, for each value. */
  readonly intervals: readonly Interval[];
  /** The ends of the scale of accuracy, to compare several strips: round numbers around the values, unless told. */
  readonly domain?: readonly [from: number, to: number];
  /** In CSS pixels, from 80 to 4000. */
  readonly height?: number;
}

/**
 * Accuracy over one way to change the images, with its interval, and the images as they are marked.
 * @returns the text of an `<svg>`
 * @throws CifraError `chart-empty` without values, `chart-value` for accuracies that are not from 0 to 1, or if there is not
 * one and an interval for each value
 */
export function stripChart(options: StripChartOptions): string {
  const { name, unit, values, neutral, accuracy, intervals, title = `Accuracy by ${name}` } = options;
  const width = checkSize(options.width, 360, 'width');
  const height = checkSize(options.height, 200, 'height');
  checkSome(values, 'values');
  checkNumber(neutral, `the neutral value of ${name}`);
  if (accuracy.length !== values.length || intervals.length !== values.length) {
    const counts = `${values.length} values, ${accuracy.length} accuracies and ${intervals.length} intervals`;
    throw new CifraError('chart-value', `A chart cannot show this: ${name} has ${counts}.`, 'Give as many of each.');
  }
  const points = values.map((value, i) => {
    checkInterval(intervals[i]!, `${name}, interval ${i}`);
    return {
      value: checkNumber(value, `${name}, value ${i}`),
      accuracy: checkShare(accuracy[i]!, `${name}, accuracy ${i}`),
      low: checkShare(intervals[i]!.low, `${name}, low end ${i}`),
      high: checkShare(intervals[i]!.high, `${name}, high end ${i}`),
    };
  });
  points.sort((a, b) => a.value - b.value);
  const places = [neutral, ...values];
  const [from, to] = [Math.min(...places), Math.max(...places)];
  const x = { ...axisFor(places, from < to ? { domain: [from, to] } : {}), ...valueTicks(values, neutral, width) };
  const shown = points.flatMap(({ low, high, accuracy: share }) => [low, high, share]);
  const y = axisFor(shown, { percent: true, steps: 4, domain: options.domain });
  const drawing = drawFrame({
    ...{ width, height, margins: marginsFor(y, 18), x, y },
    xLabel: unit === '' ? name : `${name}, ${unit}`,
    yLabel: 'accuracy',
    marks: [
      ruleX([neutral], { stroke: colour('quiet'), strokeDasharray: '2 3' }),
      areaY(points, { x: 'value', y1: 'low', y2: 'high', fill: colour(1), fillOpacity: 0.2 }),
      line(points, { x: 'value', y: 'accuracy', stroke: colour(1), strokeWidth: 2 }),
      dot(points, { x: 'value', y: 'accuracy', r: 3, fill: colour(1), stroke: colour('paper') }),
    ],
  });
  const [middle, floor] = [drawing.x(neutral), drawing.y(y.from) - 8];
  const after = middle < width - 90;
  const place = after ? middle + 6 : middle - 6;
  drawing.svg.append(label(place, floor, 'unchanged', after ? 'start' : 'end', { fill: colour('quiet'), ...halo }));
  const told = points.map((point) => `${percent(point.accuracy, 1)} at ${point.value}`);
  const description = `Accuracy by ${name} in ${unit || 'steps'}: ${told.join(', ')}. Images are unchanged at ${neutral}.`;
  return finish(drawing.svg, { title, description, standalone: options.standalone });
}

/** The values themselves, every other … where they have no room, the neutral one among them. */
function valueTicks(values: readonly number[], neutral: number, width: number) {
  const format = (value: number): string => String(value).replace('-', '−');
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const every = Math.ceil((sorted.length * (widest(sorted.map(format)) + 14)) / (width - 60));
  const offset = Math.max(0, sorted.indexOf(neutral)) % every;
  return { ticks: sorted.filter((_, i) => i % every === offset), format };
}
