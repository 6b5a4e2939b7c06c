import type { RgbaPicture } from '../../../src/digit/index.js';

const SIDE = 28;
/** Pixels of the picture for each of the image's, along one side. */
const FACTOR = 10;

/**
 * An image of a dataset as a picture for the pad: dark ink on white paper, large enough to be drawn on, its pixels
 * joined by cubic curves (Catmull-Rom).
 * @param image 28 x 28 bytes, row by row, 0 for paper to 255 for ink
 */
export function enlarged(image: Uint8Array): RgbaPicture {
  const side = SIDE * FACTOR;
  const wide = new Float32Array(SIDE * side);
  for (let y = 0; y < SIDE; y++) {
    stretch(
      (x) => image[y * SIDE + x]!,
      (x, ink) => (wide[y * side + x] = ink),
    );
  }
  const data = new Uint8ClampedArray(4 * side * side).fill(255);
  for (let x = 0; x < side; x++) {
    stretch(
      (y) => wide[y * side + x]!,
      (y, ink) => data.fill(255 - ink, 4 * (y * side + x), 4 * (y * side + x) + 3),
    );
  }
  return { width: side, height: side, data };
}

/** A line of 28 values to one of ten times as many. */
function stretch(from: (at: number) => number, to: (at: number, value: number) => void): void {
  for (let i = 0; i < SIDE * FACTOR; i++) {
    const at = (i + 0.5) / FACTOR - 0.5;
    const low = Math.floor(at);
    let sum = 0;
    for (let tap = low - 1; tap <= low + 2; tap++) {
      sum += weight(Math.abs(at - tap)) * from(Math.min(SIDE - 1, Math.max(0, tap)));
    }
    to(i, sum);
  }
}

function weight(distance: number): number {
  const square = distance * distance;
  return distance < 1 ? (1.5 * distance - 2.5) * square + 1 : (2.5 - 0.5 * distance) * square - 4 * distance + 2;
}
