import { wilsonInterval } from '../numeric/statistics.js';
import { grouped, percent } from '../numeric/words.js';
import { axisFor } from './axis.js';
import { type ChartOptions, checkNumber, checkShare, checkSize, checkSome } from './checks.js';
import { colour } from './colours.js';
import { drawFrame, finish, label } from './frame.js';
import { dot, link } from './plot.js';
import { rowsAxis } from './rows.js';
import { boldWidth, fitted, widest } from './textWidth.js';

export interface ClassesChartOptions extends ChartOptions {
  readonly title?: string;
  readonly classes: readonly {
    readonly name: string;
    /** Of those taken for it, the share that were; undefined if none was. */
    readonly precision?: number;
    /** Of those that were, the share taken for it. */
    readonly recall: number;
    /** How many images of it there are. */
    readonly count: number;
  }[];
}

const ROW = 26;
const TOP = 24;
const HEADINGS = ['● recall', '◇ precision'] as const;

/**
 * Precision and recall of each class, as dots on a scale that begins where the values do, with the numbers beside them.
 * The line is the 95% interval of recall: most differences between classes are not larger than that.
 * @returns the text of an `<svg>`
 * @throws CifraError `chart-empty` without classes, `chart-value` for shares that are not from 0 to 1
 */
export function classesChart(options: ClassesChartOptions): string {
  const { title = 'Precision and recall by class', classes } = options;
  const width = checkSize(options.width, 640, 'width');
  const count = checkSome(classes, 'classes');
  const rows = classes.map(({ name, precision, recall, count: images }, row) => {
    checkShare(recall, `recall of class ${name}`);
    if (precision !== undefined) checkShare(precision, `precision of class ${name}`);
    const total = Math.round(checkNumber(images, `count of class ${name}`, 0));
    const interval = total > 0 ? wilsonInterval(Math.round(recall * total), total) : { low: recall, high: recall };
    return { name, precision, recall, total, row, ...interval };
  });
  const precise = rows.flatMap(({ row, precision }) => (precision === undefined ? [] : [{ row, precision }]));
  const x = axisFor([1, ...precise.map(({ precision }) => precision), ...rows.map(({ low }) => low)], {
    percent: true,
  });
  const left = Math.min(0.3 * width, widest(['class', ...rows.map(({ name }) => name)])) + 16;
  const [recallWidth, precisionWidth] = [boldWidth(HEADINGS[0]) + 10, boldWidth(HEADINGS[1]) + 14];
  const height = TOP + count * ROW + 28;
  const margins = { left, right: recallWidth + precisionWidth + 14, top: TOP, bottom: 28 };
  const { svg, y } = drawFrame({
    ...{ width, height, margins, x, y: rowsAxis(count), axes: 'x' },
    marks: [
      link(rows, {
        x1: 'low',
        x2: 'high',
        y1: 'row',
        y2: 'row',
        stroke: colour(1),
        strokeOpacity: 0.45,
        strokeWidth: 3,
      }),
      dot(rows, { x: 'recall', y: 'row', r: 5, fill: colour(1), stroke: colour('paper') }),
      dot(precise, {
        x: 'precision',
        y: 'row',
        r: 5,
        symbol: 'diamond',
        fill: 'none',
        stroke: colour(2),
        strokeWidth: 2,
      }),
    ],
  });
  const [recallAt, precisionAt] = [width - precisionWidth - 2, width - 2];
  const heading = { 'font-weight': 600 };
  svg.append(
    label(0, 12, 'class', 'start', { fill: colour('quiet') }),
    label(recallAt, 12, HEADINGS[0], 'end', { fill: colour(1), ...heading }),
    label(precisionAt, 12, HEADINGS[1], 'end', { fill: colour(2), ...heading }),
  );
  for (const { name, precision, recall, row } of rows) {
    const at = y(row) + 4;
    svg.append(
      label(0, at, fitted(name, left - 12)),
      label(recallAt, at, percent(recall), 'end'),
      label(precisionAt, at, precision === undefined ? '–' : percent(precision), 'end'),
    );
  }
  const told = rows.map(({ name, precision, recall, total, low, high }) => {
    const taken = precision === undefined ? 'nothing was taken for it' : `precision ${percent(precision)}`;
    return `${name}: recall ${percent(recall)} of ${grouped(total)} (95% interval ${percent(low)} to ${percent(high)}), ${taken}`;
  });
  return finish(svg, { title, description: `${told.join('; ')}.`, standalone: options.standalone });
}
