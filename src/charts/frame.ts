import type { Axis } from './axis.js';
import { colour, standaloneStyle } from './colours.js';
import { element, type SvgElement } from './document.js';
import { axisX, axisY, draw, type Drawing, gridX, gridY, type Markish } from './plot.js';
import { textWidth, widest } from './textWidth.js';

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif';
const FONT_SIZE = 12;
/** Around a file of its own, and the height of its title. */
const PAPER = { margin: 16, title: 34 };

export interface Margins {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface FrameOptions {
  readonly width: number;
  readonly height: number;
  readonly margins: Margins;
  readonly x: Axis;
  readonly y: Axis;
  /** Of the axes; the one of y stands above it. */
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Marks under and over those of the axes. */
  readonly marks: readonly Markish[];
  /** Which ticks and grid lines there are. */
  readonly axes?: 'both' | 'x';
}

/** Room for ticks and labels of both axes. */
export function marginsFor(y: Axis, right: number, top = 0): Margins {
  return { left: widest(y.ticks.map(y.format)) + 12, right, top: 26 + top, bottom: 44 };
}

/** Marks on scales with few ticks and a quiet grid. */
export function drawFrame(options: FrameOptions): Drawing {
  const { width, height, margins, x, y, axes = 'both' } = options;
  const tick = { fontSize: FONT_SIZE, color: colour('quiet'), tickSize: 0, label: null } as const;
  const grid = { stroke: colour('grid'), strokeOpacity: 1 } as const;
  const xTicks = fittingTicks(x, width - margins.left - margins.right);
  const rows = [
    gridY({ ticks: y.ticks, ...grid }),
    axisY({ ticks: y.ticks, tickFormat: y.format, tickPadding: 8, ...tick }),
  ];
  const drawing = draw({
    width,
    height,
    marginLeft: margins.left,
    marginRight: margins.right,
    marginTop: margins.top,
    marginBottom: margins.bottom,
    x: { domain: [x.from, x.to], type: x.log ? 'log' : 'linear', axis: null },
    y: { domain: [y.from, y.to], type: y.log ? 'log' : 'linear', axis: null },
    marks: [
      ...(axes === 'both' ? rows : [gridX({ ticks: xTicks, ...grid })]),
      axisX({ ticks: xTicks, tickFormat: x.format, tickPadding: 8, ...tick }),
      ...options.marks,
    ],
  });
  const { svg } = drawing;
  if (options.yLabel !== undefined) svg.append(label(0, 12, options.yLabel, 'start', { fill: colour('quiet') }));
  if (options.xLabel !== undefined) {
    const middle = margins.left + (width - margins.left - margins.right) / 2;
    svg.append(label(middle, height - 6, options.xLabel, 'middle', { fill: colour('quiet') }));
  }
  return drawing;
}

/** Every tick, or every other …: as many as have room for their text, both ends or at least the last among them. */
function fittingTicks({ ticks, format }: Axis, room: number): readonly number[] {
  const wide = widest(ticks.map(format)) + 14;
  let every = Math.max(1, Math.ceil((ticks.length * wide) / (room + wide)));
  if (every > 1 && (ticks.length - 1) % every !== 0 && (ticks.length - 1) % (every + 1) === 0) every++;
  return ticks.filter((_, i) => (ticks.length - 1 - i) % every === 0);
}

type Anchor = 'start' | 'middle' | 'end';

/** Text at a place in pixels. */
export function label(
  x: number,
  y: number,
  text: string,
  anchor: Anchor = 'start',
  attributes: Readonly<Record<string, string | number>> = {},
): SvgElement {
  return element(
    'text',
    { x, y, 'text-anchor': anchor, 'font-size': FONT_SIZE, fill: colour('ink'), ...attributes },
    text,
  );
}

/** For text over lines: they do not run through its letters. */
export const halo = { 'paint-order': 'stroke', stroke: colour('paper'), 'stroke-width': 4, 'stroke-linejoin': 'round' };

export interface FinishOptions {
  readonly title: string;
  /** The figures in words, for those who do not see the picture. */
  readonly description: string;
  readonly standalone: boolean | undefined;
}

/** The text of a finished drawing. */
export function finish(svg: SvgElement, { title, description, standalone = false }: FinishOptions): string {
  // Plot's own style and class are for figures that it puts into a page itself.
  for (const child of [...svg.childNodes]) {
    if (typeof child !== 'string' && child.tagName === 'style') svg.removeChild(child);
  }
  const [width, height] = [Number(svg.getAttribute('width')), Number(svg.getAttribute('height'))];
  const content = svg.childNodes;
  const names = [element('title', {}, title), element('desc', {}, description)];
  if (!standalone) return picture(width, height, [...names, ...content]).toString();
  const { margin, title: room } = PAPER;
  const [outerWidth, outerHeight] = [width + 2 * margin, height + 2 * margin + room];
  const size = Math.min(17, Math.max(11, (17 * width) / textWidth(title, 17)));
  return `${picture(outerWidth, outerHeight, [
    ...names,
    element('style', {}, standaloneStyle()),
    element('rect', { width: outerWidth, height: outerHeight, fill: colour('paper') }),
    label(margin, margin + 14, title, 'start', { 'font-size': size, 'font-weight': 600 }),
    element('g', { transform: `translate(${margin} ${margin + room})` }, ...content),
  ]).toString()}\n`;
}

export function picture(width: number, height: number, content: readonly (SvgElement | string)[]): SvgElement {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'font-family': FONT,
    'font-size': FONT_SIZE,
    'text-anchor': 'middle',
    fill: 'currentColor',
  };
  return element('svg', attributes, ...content);
}
