import { plot, type PlotOptions } from '@observablehq/plot';
import { svgDocument, SvgElement } from './document.js';

// The only file that imports Observable Plot. The build puts what it uses of it into dist/charts/plot.js, so that the
// package needs no other: see scripts/build.mjs.

export { areaY, axisX, axisY, dot, gridX, gridY, line, link, rect, ruleX } from '@observablehq/plot';
export type { Markish } from '@observablehq/plot';

export interface Drawing {
  readonly svg: SvgElement;
  /** From values to pixels. */
  x(value: number): number;
  y(value: number): number;
}

/** Draws marks by Plot into a document of our own: the same everywhere, with or without a page. */
export function draw(options: PlotOptions): Drawing {
  const figure = plot({ ...options, ...({ document: svgDocument() } as object) });
  const svg: unknown = figure;
  if (!(svg instanceof SvgElement)) throw new TypeError('Plot drew no SVG.');
  const [x, y] = [figure.scale('x'), figure.scale('y')];
  return { svg, x: (value) => Number(x?.apply(value)), y: (value) => Number(y?.apply(value)) };
}
