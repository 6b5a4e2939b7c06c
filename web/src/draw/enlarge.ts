import type { RgbaPicture } from '../../../src/digit/index.js';

const SIDE = 28;
/** Pixels of the picture for each of the image's, along one side. */
const FACTOR = 10;

/**
 * An image of a dataset as a picture for the pad: dark ink on white paper, large enough to be drawn on.
 * @param image 28 x 28 bytes, row by row, 0 for paper to 255 for ink
 */
export function enlarged(image: Uint8Array): RgbaPicture {
  const side = SIDE * FACTOR;
  const rows = new Float32Array(SIDE * side);
  for (let y = 0; y < SIDE; y++) stretch(image, y * SIDE, 1, rows, y * side, 1);
  const ink = new Float32Array(side * side);
  for (let x = 0; x < side; x++) stretch(rows, x, side, ink, x, side);
  const data = new Uint8ClampedArray(4 * side * side).fill(255);
  for (let i = 0; i < ink.length; i++) data.fill(255 - ink[i]!, 4 * i, 4 * i + 3);
  return { width: side, height: side, data };
}

/** A line of 28 values to one of ten times as many, straight from the middle of each pixel to the middle of the next. */
function stretch(
  from: ArrayLike<number>,
  begin: number,
  step: number,
  to: Float32Array,
  toBegin: number,
  toStep: number,
): void {
  for (let i = 0; i < SIDE * FACTOR; i++) {
    const at = Math.min(SIDE - 1, Math.max(0, (i + 0.5) / FACTOR - 0.5));
    const low = Math.min(SIDE - 2, Math.floor(at));
    const share = at - low;
    const value = from[begin + low * step]! * (1 - share) + from[begin + (low + 1) * step]! * share;
    to[toBegin + i * toStep] = value;
  }
}
