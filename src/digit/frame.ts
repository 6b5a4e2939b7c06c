import { type Box, longSide, type Plane, plane } from './picture.js';
import { resample } from './resample.js';

/** The side of MNIST's images, and of the box that their digits fill, in pixels. */
const FIELD = 28;
export const BOX = 20;
/** Where MNIST's centres of mass lie, as an index: not in the middle of the field, which is 13.5. */
const CENTRE = 14;

/** The part of `ink` in `box` such that its longer side has `side` pixels. */
export function fitToBox(ink: Plane, box: Box, side: number): Plane {
  const scale = side / longSide(box);
  const width = Math.max(1, Math.round((box.right - box.left) * scale));
  const height = Math.max(1, Math.round((box.bottom - box.top) * scale));
  return resample(ink, box, width, height);
}

/**
 * A digit in its box as MNIST's images are: moved by whole pixels until the centre of mass is within half a pixel of index
 * 14 on both axes, or as near as it gets with the whole digit in the field.
 * @returns 28 x 28 bytes, 0 paper to 255 ink
 */
export function placeByMass({ width, height, data }: Plane): Uint8Array {
  let mass = 0;
  let x = 0;
  let y = 0;
  let most = 0;
  data.forEach((ink, i) => {
    mass += ink;
    x += ink * (i % width);
    y += ink * Math.floor(i / width);
    most = Math.max(most, ink);
  });
  const field = new Uint8Array(FIELD * FIELD);
  if (mass === 0) return field;
  const left = offset(x / mass, width);
  const top = offset(y / mass, height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const ink = data[row * width + column]! / most;
      field[(top + row) * FIELD + left + column] = Math.round(255 * Math.min(1, Math.max(0, ink)));
    }
  }
  return field;
}

function offset(centre: number, size: number): number {
  return Math.min(FIELD - size, Math.max(0, Math.round(CENTRE - centre)));
}

/** An image of a network's input as a plane, 0 paper to 1 ink. */
export function fieldPlane(image: Uint8Array): Plane {
  const result = plane(FIELD, FIELD);
  image.forEach((value, i) => (result.data[i] = value / 255));
  return result;
}
