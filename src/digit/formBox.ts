import type { Component, Components } from './components.js';
import { longSide, type Mask } from './picture.js';

/** The sides of a box lie this near to its outline, in parts of its longer side: it may be turned by a few degrees. */
const BAND = 0.08;
/** The share of its pixels that lie there: of a round 0 it is three quarters. */
const IN_BAND = 0.92;
/** Of each side, how much must be there. */
const ALONG = 0.85;
/** What is written in a box has at least this part of its height. */
const LEAST_INSIDE = 0.3;

/**
 * The components without the printed boxes of forms: rectangles of lines around something else.
 * A rectangle with nothing in it may be a 0, and stays.
 */
export function withoutFormBoxes(found: Components, inked: Mask): readonly Component[] {
  const { components } = found;
  const boxes = components.filter((box) => components.some((part) => isInside(part, box)) && isBox(box, found, inked));
  return boxes.length === 0 ? components : components.filter((part) => !boxes.includes(part));
}

function isInside(part: Component, box: Component): boolean {
  return (
    part !== box &&
    part.left >= box.left &&
    part.right <= box.right &&
    part.top >= box.top &&
    part.bottom <= box.bottom &&
    part.bottom - part.top >= LEAST_INSIDE * (box.bottom - box.top)
  );
}

function isBox(box: Component, { labels }: Components, picture: Mask): boolean {
  const { left, top, right, bottom, label, area } = box;
  const band = Math.max(2, Math.ceil(BAND * longSide(box)));
  const [wide, high] = [right - left, bottom - top];
  if (2 * band >= Math.min(wide, high)) return false;
  const columns = [new Uint8Array(wide), new Uint8Array(wide)] as const;
  const rows = [new Uint8Array(high), new Uint8Array(high)] as const;
  let near = 0;
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      if (labels[(y + top) * picture.width + x + left] !== label) continue;
      const inRow = x < band || x >= wide - band;
      const inColumn = y < band || y >= high - band;
      if (inRow || inColumn) near++;
      if (inRow) rows[x < band ? 0 : 1][y] = 1;
      if (inColumn) columns[y < band ? 0 : 1][x] = 1;
    }
  }
  const filled = (side: Uint8Array): boolean => side.reduce((sum, bit) => sum + bit, 0) >= ALONG * side.length;
  // Of a box that goes on beyond the picture some sides are not seen.
  const beyond = [top === 0, bottom === picture.height, left === 0, right === picture.width];
  return near >= IN_BAND * area && [...columns, ...rows].every((side, i) => beyond[i] || filled(side));
}
