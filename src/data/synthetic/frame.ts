import type { InkPoint } from './ink.js';
import type { Canvas } from './raster.js';

/*
 * MNIST's own normalization (http://yann.lecun.com/exdb/mnist, "images were centered ... by computing the center of mass
 * of the pixels"): the longer side of the ink fills 20 pixels, and the 20x20 box lies in the 28x28 field such that the
 * centre of mass falls on pixel index 14.
 */

const CENTRE = 14;

/** Moves and scales the lines so that the longer side of their ink is exactly `side`; the other side is centred. */
export function fitToBox(lines: readonly (readonly InkPoint[])[], side: number): InkPoint[][] {
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (const line of lines) {
    for (const { x, y, radius } of line) {
      left = Math.min(left, x - radius);
      right = Math.max(right, x + radius);
      top = Math.min(top, y - radius);
      bottom = Math.max(bottom, y + radius);
    }
  }
  const scale = side / Math.max(right - left, bottom - top);
  const x0 = side / 2 - (scale * (left + right)) / 2;
  const y0 = side / 2 - (scale * (top + bottom)) / 2;
  return lines.map((line) =>
    line.map(({ x, y, radius }) => ({ x: x0 + scale * x, y: y0 + scale * y, radius: radius * scale })),
  );
}

/** Area resampling by a whole factor: every pixel of `to` is the mean of those of `from` that it covers. */
export function shrink(from: Canvas, to: Canvas): void {
  const factor = from.side / to.side;
  const area = factor * factor;
  for (let y = 0; y < to.side; y++) {
    for (let x = 0; x < to.side; x++) {
      let sum = 0;
      for (let v = y * factor; v < (y + 1) * factor; v++) {
        for (let u = x * factor; u < (x + 1) * factor; u++) sum += from.data[v * from.side + u]!;
      }
      to.data[y * to.side + x] = sum / area;
    }
  }
}

/** Writes the box as bytes, 255 for ink, to an empty field of `fieldSide` squared, its centre of mass at index 14. */
export function placeByMass(box: Canvas, field: Uint8Array, fieldSide: number): void {
  let mass = 0;
  let massX = 0;
  let massY = 0;
  for (let y = 0; y < box.side; y++) {
    for (let x = 0; x < box.side; x++) {
      const ink = box.data[y * box.side + x]!;
      mass += ink;
      massX += ink * x;
      massY += ink * y;
    }
  }
  const room = fieldSide - box.side;
  const left = Math.max(0, Math.min(room, Math.round(CENTRE - massX / mass)));
  const top = Math.max(0, Math.min(room, Math.round(CENTRE - massY / mass)));
  for (let y = 0; y < box.side; y++) {
    for (let x = 0; x < box.side; x++) {
      // A trace of ink is never lost to rounding: the longer side stays 20 pixels.
      field[(top + y) * fieldSide + left + x] = Math.ceil(254.5 * box.data[y * box.side + x]!);
    }
  }
}
