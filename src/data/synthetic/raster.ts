import type { Hand } from './hand.js';
import type { InkPoint } from './ink.js';

/** A square picture: `data[y * side + x]` is how much of pixel (x, y) is ink, 0 to 1. */
export interface Canvas {
  readonly side: number;
  readonly data: Float64Array;
}

export function canvas(side: number): Canvas {
  return { side, data: new Float64Array(side * side) };
}

/**
 * Draws round-ended lines, in pixels, on an emptied canvas. How much of a pixel a line covers follows from the distance
 * of the pixel's centre to the line's edge; over `softness` pixels around the edge it falls from 1 to 0.
 */
export function drawLines(lines: readonly (readonly InkPoint[])[], softness: number, onto: Canvas): void {
  onto.data.fill(0);
  for (const line of lines) {
    for (let i = 1; i < line.length; i++) drawPiece(line[i - 1]!, line[i]!, softness, onto);
  }
}

function drawPiece(from: InkPoint, to: InkPoint, softness: number, { side, data }: Canvas): void {
  const half = softness / 2;
  const reach = Math.max(from.radius, to.radius) + half;
  const reachSquared = reach * reach;
  const core = Math.max(0, Math.min(from.radius, to.radius) - half);
  const coreSquared = core * core;
  const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - reach));
  const right = Math.min(side - 1, Math.floor(Math.max(from.x, to.x) + reach));
  const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - reach));
  const bottom = Math.min(side - 1, Math.floor(Math.max(from.y, to.y) + reach));
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const lengthSquared = dx * dx + dy * dy;
  const inverse = lengthSquared > 0 ? 1 / lengthSquared : 0;
  for (let y = top; y <= bottom; y++) {
    const py = y + 0.5 - from.y;
    for (let x = left; x <= right; x++) {
      const before = data[y * side + x]!;
      if (before === 1) continue;
      const px = x + 0.5 - from.x;
      const along = Math.max(0, Math.min(1, (px * dx + py * dy) * inverse));
      const ex = px - along * dx;
      const ey = py - along * dy;
      const squared = ex * ex + ey * ey;
      if (squared >= reachSquared) continue;
      if (squared < coreSquared) {
        data[y * side + x] = 1;
        continue;
      }
      const radius = from.radius + along * (to.radius - from.radius);
      const coverage = Math.min(1, (radius + half - Math.sqrt(squared)) / softness);
      if (coverage > before) data[y * side + x] = coverage;
    }
  }
}

/** Frays the edges, as ink on paper and scanning do: changes partly covered pixels by up to `amount`. */
export function roughen({ data }: Canvas, amount: number, hand: Hand): void {
  let state = hand.word();
  for (let i = 0; i < data.length; i++) {
    const ink = data[i]!;
    if (ink === 0 || ink === 1) continue;
    // A linear congruential generator will do: nothing but the grain of the edges hangs on it, and it is cheap.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const change = amount * (state / 0x8000_0000 - 1);
    // A trace of ink stays, so that the digit keeps its extent.
    data[i] = Math.min(1, Math.max(ink / 4, ink + change));
  }
}
