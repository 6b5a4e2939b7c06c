import { colour } from './colours.js';
import { element, type SvgElement } from './document.js';
import { halo, label } from './frame.js';
import { fitted, textWidth } from './textWidth.js';

/** The height of a line of words. */
export const LINE = 16;

/** Outlines around 0, 0 of about 8 pixels, by Plot's names of symbols. */
const SHAPES = {
  circle: 'm-3.5,0a3.5,3.5 0 1 1 7,0a3.5,3.5 0 1 1 -7,0',
  square: 'm-3,-3h6v6h-6z',
  triangle: 'm0,-4l3.8,6.6h-7.6z',
  diamond: 'm0,-4.5l3,4.5l-3,4.5l-3,-4.5z',
  star: 'm0,-4.5l1.2,3.1h3.2l-2.6,2.1l1,3.3l-2.8,-2l-2.8,2l1,-3.3l-2.6,-2.1h3.2z',
  cross: 'm-1.3,-4h2.6v2.7h2.7v2.6h-2.7v2.7h-2.6v-2.7h-2.7v-2.6h2.7z',
} as const;

export type SymbolName = keyof typeof SHAPES;
export const SYMBOLS = Object.keys(SHAPES) as SymbolName[];

/** How a curve looks. */
export interface Look {
  readonly name: string;
  readonly stroke: string;
  readonly symbol: SymbolName;
  /** As SVG's stroke-dasharray. */
  readonly dash: string;
}

function symbolAt({ symbol, stroke }: Look, x: number, y: number): SvgElement {
  return element('path', { d: `M${x},${y}${SHAPES[symbol]}`, fill: stroke });
}

/** Left of the name of a curve: its symbol. */
export const SYMBOL_ROOM = 12;

/** Names beside the ends of the curves, moved apart where they would touch. */
export function endLabels(
  looks: readonly (Look & { readonly end: number })[],
  left: number,
  top: number,
  bottom: number,
): SvgElement[] {
  const placed = looks
    .map((look) => ({ look, at: Math.min(bottom, Math.max(top, look.end)) }))
    .sort((a, b) => a.at - b.at);
  for (let i = 1; i < placed.length; i++) placed[i]!.at = Math.max(placed[i]!.at, placed[i - 1]!.at + LINE);
  let below = bottom;
  for (const label of placed.toReversed()) {
    label.at = Math.min(label.at, below);
    below = label.at - LINE;
  }
  return placed.flatMap(({ look, at }) => [
    symbolAt(look, left + 4, at),
    label(left + SYMBOL_ROOM, at + 4, look.name, 'start', { 'font-weight': 600 }),
  ]);
}

/** Each name after a piece of its line, in as many rows as they take. */
export function legendRows(looks: readonly Look[], width: number): SvgElement[] {
  const rows: SvgElement[] = [];
  let left = Infinity;
  for (const look of looks) {
    const text = fitted(look.name, width - 34);
    if (left + 34 + textWidth(text) > width) {
      rows.push(element('g', { transform: `translate(0 ${22 + LINE * rows.length})` }));
      left = 0;
    }
    const line = { x1: left, x2: left + 24, y1: 8, y2: 8, stroke: look.stroke, 'stroke-width': 2 };
    rows
      .at(-1)!
      .append(
        element('line', { ...line, 'stroke-dasharray': look.dash }),
        symbolAt(look, left + 12, 8),
        label(left + 30, 12, text),
      );
    left += 34 + textWidth(text) + 14;
  }
  return rows;
}

/** A word over a vertical line, and in which lane above the curves it stands. */
export interface PlacedMark {
  readonly text: string;
  readonly x: number;
  readonly lane: number;
}

const LANES = 2;

/** In one lane, or two if they would touch; words that have room in neither are left out. */
export function placedMarks(
  marks: readonly { readonly x: number; readonly label: string }[],
  toPixel: (x: number) => number,
  right: number,
): PlacedMark[] {
  const used = new Array<number>(LANES).fill(-Infinity);
  return [...marks]
    .sort((a, b) => a.x - b.x)
    .flatMap((mark) => {
      const text = fitted(mark.label, right);
      const x = Math.max(0, Math.min(toPixel(mark.x), right - textWidth(text)));
      const lane = used.findIndex((end) => end + 10 <= x);
      if (lane < 0) return [];
      used[lane] = x + textWidth(text);
      return [{ text, x, lane }];
    });
}

export function markLabels(placed: readonly PlacedMark[], top: number): SvgElement[] {
  return placed.map(({ text, x, lane }) =>
    label(x, top - 8 - LINE * lane, text, 'start', { fill: colour('quiet'), ...halo }),
  );
}
