import type { Point } from './curve.js';

export interface PenPoint extends Point { readonly radius: number }

/** Draws round-capped lines onto a square of `size` pixels: coverage 0 to 1, from the distance to the line. */
export function drawStrokes(strokes: readonly (readonly PenPoint[])[], size: number, softness: number, out: Float64Array): void {
  out.fill(0);
  for (const stroke of strokes) {
    if (stroke.length === 1) drawSegment(stroke[0]!, stroke[0]!, size, softness, out);
    for (let i = 1; i < stroke.length; i++) drawSegment(stroke[i - 1]!, stroke[i]!, size, softness, out);
  }
}

function drawSegment(a: PenPoint, b: PenPoint, size: number, softness: number, out: Float64Array): void {
  const half = softness / 2;
  const reach = Math.max(a.radius, b.radius) + half;
  const left = Math.max(0, Math.floor(Math.min(a.x, b.x) - reach));
  const right = Math.min(size - 1, Math.floor(Math.max(a.x, b.x) + reach));
  const top = Math.max(0, Math.floor(Math.min(a.y, b.y) - reach));
  const bottom = Math.min(size - 1, Math.floor(Math.max(a.y, b.y) + reach));
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const squared = dx * dx + dy * dy;
  const inverse = squared > 0 ? 1 / squared : 0;
  for (let y = top; y <= bottom; y++) {
    const py = y + 0.5 - a.y;
    for (let x = left; x <= right; x++) {
      const px = x + 0.5 - a.x;
      const t = Math.max(0, Math.min(1, (px * dx + py * dy) * inverse));
      const ex = px - t * dx;
      const ey = py - t * dy;
      const d2 = ex * ex + ey * ey;
      if (d2 >= reach * reach) continue;
      const radius = a.radius + t * (b.radius - a.radius);
      const coverage = Math.min(1, (radius + half - Math.sqrt(d2)) / softness);
      const index = y * size + x;
      if (coverage > out[index]!) out[index] = coverage;
    }
  }
}
