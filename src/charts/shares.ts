import { percent } from '../numeric/words.js';
import { axisFor, written } from './axis.js';
import { type ChartOptions, checkNumber, checkShare, checkSize, checkSome } from './checks.js';
import { colour } from './colours.js';
import { drawFrame, finish, label } from './frame.js';
import { rect } from './plot.js';
import { rowsAxis } from './rows.js';
import { fitted, widest } from './textWidth.js';

export interface SharesChartOptions extends ChartOptions {
  readonly title?: string;
  /** Shares of 1, in the order in which they are shown. */
  readonly parts: readonly { readonly name: string; readonly share: number }[];
  /** What the whole is: 48.2 */
  readonly total: number;
  /** Of the total: "ms" */
  readonly unit: string;
}

const ROW = 26;

/**
 * A bar for each part of a whole, such as of the time of a step, with its share and its amount.
 * @returns the text of an `<svg>`
 * @throws CifraError `chart-empty` without parts, `chart-value` for shares that are not from 0 to 1 or a total below 0
 */
export function sharesChart(options: SharesChartOptions): string {
  const { parts, total, unit, title = 'Shares' } = options;
  const width = checkSize(options.width, 640, 'width');
  const count = checkSome(parts, 'parts');
  checkNumber(total, 'the total', 0);
  const rows = parts.map(({ name, share }, row) => {
    checkShare(share, `the share of ${name}`);
    return { name, share, row, of: percent(share, 1), amount: `${rough(share * total)} ${unit}`.trimEnd() };
  });
  const amounts = widest(rows.map(({ amount }) => amount));
  const left = Math.min(0.4 * width, widest(rows.map(({ name }) => name))) + 12;
  const margins = { left, right: amounts + 66, top: 2, bottom: 2 };
  const x = axisFor([0, Math.max(...rows.map(({ share }) => share), 1e-3)], { percent: true });
  const { svg, y } = drawFrame({
    ...{ width, height: count * ROW + 4, margins, y: rowsAxis(count), axes: 'x' },
    x: { ...x, to: Math.max(...rows.map(({ share }) => share), 1e-3), ticks: [] },
    marks: [rect(rows, { x1: () => 0, x2: 'share', y1: lower, y2: upper, fill: colour(1), fillOpacity: 0.85, rx: 2 })],
  });
  for (const { name, row, of, amount } of rows) {
    const at = y(row) + 4;
    svg.append(
      label(0, at, fitted(name, left - 8)),
      label(width - amounts - 10, at, of, 'end', { 'font-weight': 600 }),
      label(width - 1, at, amount, 'end', { fill: colour('quiet') }),
    );
  }
  const told = rows.map(({ name, of, amount }) => `${name} ${of} (${amount})`);
  const description = `Of ${rough(total)} ${unit}: ${told.join(', ')}.`;
  return finish(svg, { title, description, standalone: options.standalone });
}

const lower = ({ row }: { readonly row: number }): number => row + 0.32;
const upper = ({ row }: { readonly row: number }): number => row - 0.32;

/** Three digits: 48.2, 0.513, 1,203 */
function rough(value: number): string {
  if (value === 0) return '0';
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return written(value, digits);
}
