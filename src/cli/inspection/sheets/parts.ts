import { divergingColour, type Rgb, sequentialColour } from '../../../inspect/index.js';
import { Canvas, type Place } from '../../sheets/canvas.js';
import { textWidth } from '../../sheets/letters.js';
import { palette } from '../../sheets/palette.js';
import type { Limits } from '../inspection.js';
import { figure } from '../words.js';

/** What the sheets have in common. */

export const MARGIN = 32;
/** Where what is below a sheet's title begins. */
export const TOP = MARGIN + 66;

/** An empty sheet with its title and a line below that. */
export function sheet(width: number, height: number, title: string, about: string): Canvas {
  const canvas = new Canvas(width, height, palette.paper);
  const room = width - 2 * MARGIN;
  canvas.text(title, MARGIN, MARGIN - 4, { size: 22, colour: palette.ink, width: room });
  canvas.text(about, MARGIN, MARGIN + 26, { size: 13, colour: palette.dim, width: room });
  return canvas;
}

/** The scale of amounts, with the numbers at its ends. */
export function drawAmountScale(canvas: Canvas, place: Place, limits: Limits): void {
  drawScale(canvas, place, sequentialColour, [figure(limits.least), upperLabel(limits, figure)]);
}

/** The scale of what has a sign, with 0 in its middle; `inWords` writes the numbers at its ends. */
export function drawSignedScale(
  canvas: Canvas,
  place: Place,
  limits: Limits,
  inWords: (value: number) => string,
): void {
  const low = `${inWords(limits.least)}${limits.isCut ? ' or less' : ''}`;
  drawScale(canvas, place, (share) => divergingColour(2 * share - 1), [low, upperLabel(limits, inWords), '0']);
}

function upperLabel({ most, isCut }: Limits, inWords: (value: number) => string): string {
  return `${inWords(most)}${isCut ? ' or more' : ''}`;
}

function drawScale(
  canvas: Canvas,
  { x, y, width, height }: Place,
  colour: (share: number) => Rgb,
  [low, high, middle]: readonly [low: string, high: string, middle?: string],
): void {
  for (let column = 0; column < width; column++) {
    canvas.fill({ x: x + column, y, width: 1, height }, colour(column / (width - 1)));
  }
  canvas.frame({ x, y, width, height }, palette.line);
  const style = { size: 12, colour: palette.dim };
  canvas.text(low, x, y + height + 3, style);
  canvas.text(high, x + width - Math.ceil(textWidth(high, 12)), y + height + 3, style);
  if (middle !== undefined)
    canvas.text(middle, x + Math.round((width - textWidth(middle, 12)) / 2), y + height + 3, style);
}
