// 28 x 28 images of what is no digit, framed as digits are: letters by many hands, tangles, digits turned and mirrored.
import { fitToBox, placeByMass } from '../../dist/digit/frame.js';
import { extent } from '../../dist/digit/strokes.js';
import { STROKES, writeLetter } from './letterStrokes.mjs';
import { fromStrokes } from './scene.mjs';

const SIDE = 60;

/** Strokes in the unit square as an image, by a pen of a width that MNIST has. */
export function strokesImage(strokes, random) {
  // In pixels of the 20-pixel box: MNIST's are 1.6 to 3.6 wide.
  const wide = random.uniform(1.4, 3.8) / 20;
  const drawing = fromStrokes(strokes, SIDE, wide * SIDE);
  return placeByMass(fitToBox(drawing, extent(drawing, 0.02), 20));
}

const letters = Object.keys(STROKES);

export function letterImage(random) {
  return strokesImage(writeLetter(letters[random.below(letters.length)], random), random);
}

/** A smooth line without a plan. */
export function tangleImage(random) {
  const corners = 4 + random.below(14);
  const points = Array.from({ length: corners }, () => ({ x: random.uniform(), y: random.uniform() }));
  const line = [];
  // Quadratic curves from middle to middle, or straight lines.
  const round = random.uniform() < 0.7;
  for (let i = 1; i + 1 < points.length; i++) {
    const [p, q, r] = points.slice(i - 1, i + 2);
    const [from, to] = [middle(p, q), middle(q, r)];
    for (let t = 0; t < 1; t += round ? 0.1 : 0.5) {
      const [a, b, c] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t];
      line.push({ x: a * from.x + b * q.x + c * to.x, y: a * from.y + b * q.y + c * to.y });
    }
  }
  return strokesImage([line], random);
}

const middle = (p, q) => ({ x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 });

/** Of these digits neither a quarter turn nor the mirror's image is a digit. */
const LOPSIDED = new Set([2, 3, 4, 5, 7]);

/** A digit turned or mirrored; undefined for those that stay digits. */
export function turnedImage(image, label, random) {
  if (!LOPSIDED.has(label)) return undefined;
  const kind = random.below(3);
  const result = new Uint8Array(784);
  for (let y = 0; y < 28; y++) {
    for (let x = 0; x < 28; x++) {
      const from = kind === 0 ? y * 28 + 27 - x : kind === 1 ? x * 28 + 27 - y : (27 - x) * 28 + y;
      result[y * 28 + x] = image[from];
    }
  }
  return result;
}
