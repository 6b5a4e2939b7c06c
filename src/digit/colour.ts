import type { Rgb } from './composite.js';
import { type Plane, plane } from './picture.js';

/** Lightness along one direction of colour. */
export interface Grey extends Plane {
  /** Whether 0 is black: light and shadow multiply it, as they do every colour. */
  readonly fromBlack: boolean;
}

const SAMPLES = 30_000;
/** A difference of this size in lightness alone is as good a reason as one in any colour. */
const PRIOR = 1e-4;

/**
 * The picture along the direction of colour in which neighbouring places differ most, 0 to 1: for grey pictures their
 * lightness; for blue ink on white paper mostly red and green; for red on blue paper red against blue. The direction is
 * the first principal component of the differences, by power iteration.
 */
export function toGrey([red, green, blue]: Rgb): Grey {
  const [a, b, c] = mainDirection(red, green, blue);
  const offset = -Math.min(0, a) - Math.min(0, b) - Math.min(0, c);
  const grey = plane(red.width, red.height);
  for (let i = 0; i < grey.data.length; i++) {
    grey.data[i] = offset + a * red.data[i]! + b * green.data[i]! + c * blue.data[i]!;
  }
  return { ...grey, fromBlack: offset < 0.02 };
}

/** With the sum of the absolute values 1, and the sum >= 0: larger is lighter. */
function mainDirection(red: Plane, green: Plane, blue: Plane): [number, number, number] {
  const { width, height } = red;
  // About the width of a stroke that is a tenth of the picture's digit.
  const reach = Math.max(1, Math.round(Math.min(width, height) / 50));
  const step = Math.max(1, Math.floor((width * height) / SAMPLES));
  let [rr, rg, rb, gg, gb, bb] = [PRIOR, PRIOR, PRIOR, PRIOR, PRIOR, PRIOR];
  let count = 0;
  for (let i = 0; i + reach * (width + 1) < red.data.length; i += step) {
    count++;
    for (const other of [i + reach, i + reach * width]) {
      const r = red.data[other]! - red.data[i]!;
      const g = green.data[other]! - green.data[i]!;
      const b = blue.data[other]! - blue.data[i]!;
      rr += r * r;
      rg += r * g;
      rb += r * b;
      gg += g * g;
      gb += g * b;
      bb += b * b;
    }
  }
  const even = PRIOR * count;
  // Not quite grey, which is at right angles to differences of colour alone.
  let [x, y, z] = [1, 0.9, 0.7];
  for (let iteration = 0; iteration < 24; iteration++) {
    const sum = even * (x + y + z);
    const nextX = rr * x + rg * y + rb * z + sum;
    const nextY = rg * x + gg * y + gb * z + sum;
    const nextZ = rb * x + gb * y + bb * z + sum;
    const size = Math.abs(nextX) + Math.abs(nextY) + Math.abs(nextZ);
    if (!(size > 0)) break;
    [x, y, z] = [nextX / size, nextY / size, nextZ / size];
  }
  const size = Math.abs(x) + Math.abs(y) + Math.abs(z);
  const sign = x + y + z < 0 ? -1 : 1;
  return [(sign * x) / size, (sign * y) / size, (sign * z) / size];
}
