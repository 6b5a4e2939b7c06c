import { CifraError } from '../numeric/errors.js';
import { checkSome } from './checks.js';
import { colour, standaloneStyle } from './colours.js';
import { element } from './document.js';
import { label, picture } from './frame.js';

export interface ChartSheetOptions {
  readonly title: string;
  readonly subtitle?: string;
  readonly charts: readonly {
    /** What a chart's function gave, without `standalone`. */
    readonly svg: string;
    readonly heading?: string;
    /** A line under the heading. */
    readonly note?: string;
  }[];
  /** How many stand side by side; all, unless told. */
  readonly columns?: number;
}

const MARGIN = 28;
const GAP = 40;
const HEADING = 48;

/**
 * Several charts in one file of its own, for light, dark and print, each under its heading.
 * @returns the text of an `<svg>`
 * @throws CifraError `chart-empty` without charts, `chart-value` for a text that is not a chart's
 */
export function chartSheet({ title, subtitle, charts, columns = charts.length }: ChartSheetOptions): string {
  checkSome(charts, 'charts');
  const sized = charts.map((chart) => ({ ...chart, ...sizeOf(chart.svg) }));
  const rows = Array.from({ length: Math.ceil(sized.length / columns) }, (_, row) =>
    sized.slice(row * columns, (row + 1) * columns),
  );
  const top = subtitle === undefined ? 56 : 78;
  const widths = rows.map((row) => row.reduce((sum, { width }) => sum + width + GAP, -GAP));
  const heights = rows.map((row) => HEADING + Math.max(...row.map(({ height }) => height)));
  const width = 2 * MARGIN + Math.max(...widths);
  const height = top + heights.reduce((sum, tall) => sum + tall + GAP / 2, 0) + MARGIN / 2;

  const headings = [];
  const nested: string[] = [];
  let y = top;
  for (const [i, row] of rows.entries()) {
    let x = MARGIN;
    for (const { svg, heading, note, width: wide } of row) {
      if (heading !== undefined)
        headings.push(label(x, y + 14, heading, 'start', { 'font-size': 15, 'font-weight': 600 }));
      if (note !== undefined) headings.push(label(x, y + 34, note, 'start', { fill: colour('quiet') }));
      nested.push(svg.replace('<svg ', `<svg x="${x}" y="${y + HEADING}" `));
      x += wide + GAP;
    }
    y += heights[i]! + GAP / 2;
  }
  const words = sized.map(({ svg }) => unescaped(/<desc>([^<]*)<\/desc>/.exec(svg)?.[1] ?? ''));
  const outer = picture(width, height, [
    element('title', {}, title),
    element('desc', {}, words.join(' ')),
    element('style', {}, standaloneStyle()),
    element('rect', { width, height, fill: colour('paper') }),
    label(MARGIN, 40, title, 'start', { 'font-size': 19, 'font-weight': 600 }),
    ...(subtitle === undefined ? [] : [label(MARGIN, 62, subtitle, 'start', { fill: colour('quiet') })]),
    ...headings,
  ]).toString();
  return `${outer.slice(0, -'</svg>'.length)}${nested.join('')}</svg>\n`;
}

function sizeOf(svg: string): { width: number; height: number } {
  const [, width, height] = /^<svg xmlns="[^"]*" viewBox="[^"]*" width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
  if (width !== undefined && height !== undefined) return { width: Number(width), height: Number(height) };
  const remedy = 'Give what curvesChart or another of these functions returned.';
  throw new CifraError('chart-value', 'A sheet was given something that is not one of its charts.', remedy);
}

function unescaped(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
}
