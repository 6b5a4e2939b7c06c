import { cos, sin } from '../../numeric/exactMath.js';
import { type Control, type Point, spline } from './curve.js';
import type { Hand } from './hand.js';
import { skeleton } from './skeletons/skeleton.js';

/** A digit as the pen's way over the paper. */
export interface Writing {
  /** Lines in the unit square, which the longer side of their extent fills; the other side is centred. */
  readonly strokes: Point[][];
  /** The square's side, where 1 is the usual height of this writer's digits. */
  readonly side: number;
}

/** Distance of the points along a stroke, before the digit is fitted to the square. */
const SPACING = 0.05;

/** How far each digit leans to the right on average (horizontal way per height), beyond what its skeleton shows. */
const LEAN = [0.25, 0.25, 0.15, 0, 0.3, 0.1, 0.1, 0.15, 0.15, 0.15];

/** How tall people write each digit, compared with their others. */
const HEIGHT = [0.88, 0.92, 0.95, 0.97, 1.06, 1, 1, 0.97, 1.08, 1.1];

/** Writes a digit 0 to 9: a skeleton's variant, drawn with the looseness, the slant and the tremor of one hand. */
export function writeDigit(digit: number, hand: Hand): Writing {
  const looseness = 0.012 + 0.08 * carelessness(hand);
  const tremor = hand.between(0, 0.01);
  const haste = Math.floor(hand.between(0, 5));
  const strokes = skeleton(digit, hand).map((controls) => {
    const smooth = roundOff(spline(jitter(controls, hand, looseness), SPACING), haste);
    return jitter(smooth, hand, tremor);
  });
  const { points, longerSide } = fitToSquare(lean(bend(strokes, hand), digit, hand));
  return { strokes: points, side: longerSide * HEIGHT[digit]! };
}

/** Mostly near 0, seldom near 1: most people write neatly, a few hardly readably. */
function carelessness(hand: Hand): number {
  const value = hand.between(0, 1);
  return value * value;
}

function jitter(points: readonly Control[], hand: Hand, deviation: number): Control[] {
  return points.map(({ x, y, corner }) => ({
    x: x + hand.bell(0, deviation),
    y: y + hand.bell(0, deviation),
    corner: corner ?? false,
  }));
}

/** Writing in haste rounds corners off: every pass replaces a point by its mean with its neighbours. */
function roundOff(points: Point[], passes: number): Point[] {
  for (let pass = 0; pass < passes; pass++) {
    points = points.map((point, i) => {
      const before = points[i - 1];
      const after = points[i + 1];
      if (before === undefined || after === undefined) return point;
      return { x: (before.x + 2 * point.x + after.x) / 4, y: (before.y + 2 * point.y + after.y) / 4 };
    });
  }
  return points;
}

/** Elastic distortion: three long waves of random direction displace the points. */
function bend(strokes: Point[][], hand: Hand): Point[][] {
  const amount = 0.005 + 0.07 * carelessness(hand);
  const waves = Array.from({ length: 3 }, () => ({
    acrossX: hand.between(-5, 5),
    acrossY: hand.between(-5, 5),
    phase: hand.between(0, 6.28),
    byX: hand.bell(0, amount),
    byY: hand.bell(0, amount),
  }));
  return strokes.map((stroke) =>
    stroke.map((point) => {
      let { x, y } = point;
      for (const wave of waves) {
        const height = sin(wave.acrossX * point.x + wave.acrossY * point.y + wave.phase);
        x += wave.byX * height;
        y += wave.byY * height;
      }
      return { x, y };
    }),
  );
}

/** Slant, rotation, width, taper from top to bottom, and the waist moved up or down. */
function lean(strokes: Point[][], digit: number, hand: Hand): Point[][] {
  const shear = hand.bell(LEAN[digit]!, 0.22);
  const angle = hand.bell(0, 0.11);
  const width = hand.bell(1, 0.2);
  const taper = hand.bell(0, 0.12);
  const sag = hand.bell(0, 0.1);
  const c = cos(angle);
  const s = sin(angle);
  return strokes.map((stroke) =>
    stroke.map((point) => {
      const y = point.y + sag * point.y * (1 - point.y);
      const x = point.x * width * (1 + taper * (y - 0.5)) - shear * y;
      return { x: c * x - s * y, y: s * x + c * y };
    }),
  );
}

function fitToSquare(strokes: Point[][]): { points: Point[][]; longerSide: number } {
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (const stroke of strokes) {
    for (const { x, y } of stroke) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  const longerSide = Math.max(right - left, bottom - top);
  const x0 = (left + right) / 2;
  const y0 = (top + bottom) / 2;
  const fit = ({ x, y }: Point): Point => ({ x: 0.5 + (x - x0) / longerSide, y: 0.5 + (y - y0) / longerSide });
  return { points: strokes.map((stroke) => stroke.map(fit)), longerSide };
}
