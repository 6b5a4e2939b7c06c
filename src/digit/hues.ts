import type { Rgb } from './composite.js';
import { quantile } from './filters.js';
import { type Box, longSide, type Mask } from './picture.js';

/** The paper around a sign that is looked at, in parts of the sign's longer side. */
const MARGIN = 0.25;
/** It is divided into so many cells along each side. */
const CELLS = 20;
/** In darker cells, as the sum of three colours, differences of hue are noise. */
const DARKEST = 0.4;
/** Of the cells, the share at either end that may be a table or a hand. */
const TAIL = 0.2;

/**
 * How much the paper's hue differs from place to place around a sign, whatever the light: 0 for paper, boards and screens,
 * some tenths for scenes. The larger of the spreads, 20% of the cells left out at either end, of red against green and of
 * both against blue, as parts of the lightness.
 */
export function hueSpread([red, green, blue]: Rgb, inked: Mask, sign: Box): number {
  const margin = Math.ceil(MARGIN * longSide(sign));
  const left = Math.max(0, sign.left - margin);
  const top = Math.max(0, sign.top - margin);
  const width = Math.min(red.width, sign.right + margin) - left;
  const height = Math.min(red.height, sign.bottom + margin) - top;
  const [columns, rows] = [Math.min(CELLS, width), Math.min(CELLS, height)];
  const edge = (from: number, i: number, count: number, size: number) => from + Math.floor((i * size) / count);
  const redGreen: number[] = [];
  const yellowBlue: number[] = [];
  for (let j = 0; j < rows; j++) {
    const [above, below] = [edge(top, j, rows, height), edge(top, j + 1, rows, height)];
    for (let i = 0; i < columns; i++) {
      const [before, after] = [edge(left, i, columns, width), edge(left, i + 1, columns, width)];
      let [r, g, b, count] = [0, 0, 0, 0];
      for (let y = above; y < below; y++) {
        for (let k = y * red.width + before; k < y * red.width + after; k++) {
          if (inked.data[k] === 1) continue;
          r += red.data[k]!;
          g += green.data[k]!;
          b += blue.data[k]!;
          count++;
        }
      }
      // What is left beside ink is its soft edge.
      if (count < 0.5 * (below - above) * (after - before)) continue;
      const sum = Math.max(r + g + b, DARKEST * count);
      redGreen.push((r - g) / sum);
      yellowBlue.push((r + g - 2 * b) / (2 * sum));
    }
  }
  return Math.max(spread(redGreen), spread(yellowBlue));
}

function spread(values: readonly number[]): number {
  const all = Float32Array.from(values);
  return quantile(all, 1 - TAIL) - quantile(all, TAIL);
}
