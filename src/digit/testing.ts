import { syntheticStrokes } from '../data/synthetic/index.js';
import { Random } from '../numeric/philox.js';
import { type Mask, mask, type Plane, plane, type RgbaPicture } from './picture.js';

/** Pictures and planes for the tests. */

export type Colour = readonly [number, number, number];

/** A plane from lines of digits: 0 to 9 are 0 to 0.9. */
export function planeOf(...lines: string[]): Plane {
  const result = plane(lines[0]!.length, lines.length);
  result.data.set(Array.from(lines.join(''), (digit) => Number(digit) / 10));
  return result;
}

/** A mask from lines in which # is set. */
export function maskOf(...lines: string[]): Mask {
  const result = mask(lines[0]!.length, lines.length);
  result.data.set(Array.from(lines.join(''), (letter) => Number(letter === '#')));
  return result;
}

export function linesOf({ width, height, data }: Mask): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from(data.subarray(y * width, (y + 1) * width), (bit) => (bit === 1 ? '#' : '.')).join(''),
  );
}

/** A picture from a function of the pixel, 0 to 255 each; alpha is 255 if left out. */
export function pictureOf(
  width: number,
  height: number,
  colourAt: (x: number, y: number) => readonly number[],
): RgbaPicture {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(colourAt(x, y), 4 * (y * width + x));
  return { width, height, data };
}

export interface Drawing {
  readonly digit: number;
  /** The longer side of its strokes' middle lines, and the pen's width, in pixels. */
  readonly side: number;
  readonly pen: number;
  readonly left: number;
  readonly top: number;
  readonly index?: number;
}

/** How much of a pixel is ink, 0 to 1, with a synthetic digit drawn at a place. */
export function inkOf({ digit, side, pen, left, top, index = 0 }: Drawing): (x: number, y: number) => number {
  const { strokes } = syntheticStrokes({ seed: 3, index, digit });
  const pieces = strokes.flatMap((line) =>
    line.slice(1).map((to, i) => {
      const from = line[i]!;
      return {
        x: left + from.x * side,
        y: top + from.y * side,
        dx: (to.x - from.x) * side,
        dy: (to.y - from.y) * side,
      };
    }),
  );
  const beyond = pen / 2 + 1;
  return (px, py) => {
    const [x, y] = [px - left, py - top];
    if (Math.min(x, y) < -beyond || Math.max(x, y) > side + beyond) return 0;
    let nearest = Infinity;
    for (const { x, y, dx, dy } of pieces) {
      const [ax, ay] = [px + 0.5 - x, py + 0.5 - y];
      const along = Math.min(1, Math.max(0, (ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
      const [ex, ey] = [ax - along * dx, ay - along * dy];
      nearest = Math.min(nearest, ex * ex + ey * ey);
    }
    return Math.min(1, Math.max(0, pen / 2 + 0.5 - Math.sqrt(nearest)));
  };
}

/** Ink of one colour on paper of another. */
export function drawn(
  width: number,
  height: number,
  drawing: Drawing,
  { ink = [0, 0, 0], paper = [255, 255, 255] }: { ink?: Colour; paper?: Colour } = {},
): RgbaPicture {
  const inkAt = inkOf(drawing);
  return pictureOf(width, height, (x, y) => {
    const cover = inkAt(x, y);
    return paper.map((value, c) => value + (ink[c]! - value) * cover);
  });
}

/** The picture with `change` applied to red, green and blue of each pixel. */
export function changed(
  { width, height, data }: RgbaPicture,
  change: (value: number, x: number, y: number, channel: number) => number,
): RgbaPicture {
  return pictureOf(width, height, (x, y) =>
    [0, 1, 2].map((c) => change(data[4 * (y * width + x) + c]!, x, y, c)).concat(data[4 * (y * width + x) + 3]!),
  );
}

/** Noise of about a standard deviation, for `changed`. */
export function noisy(deviation: number, seed = 1): (value: number) => number {
  const random = new Random(seed, 999);
  return (value) => value + deviation * 1.7 * (random.uniform() + random.uniform() - 1) * 1.44;
}

/** The cosine of the angle between two images, as vectors, at the best of the nine shifts by a pixel: 1 if they are alike. */
export function likeness(a: Uint8Array, b: Uint8Array): number {
  const shifts = [-29, -28, -27, -1, 0, 1, 27, 28, 29];
  return Math.max(...shifts.map((shift) => cosine(a, (i) => b[i + shift] ?? 0)));
}

function cosine(a: Uint8Array, b: (i: number) => number): number {
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, i) => {
    ab += value * b(i);
    aa += value * value;
    bb += b(i) * b(i);
  });
  return ab / Math.sqrt(aa * bb || 1);
}
