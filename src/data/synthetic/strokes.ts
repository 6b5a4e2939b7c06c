import { Random, streams } from '../../numeric/philox.js';
import { spline, type Control, type Point } from './curve.js';
import { P } from './tuning.js';
import { Hand } from './hand.js';
import { skeleton } from './skeletons.js';
import { sin, cos } from '../../numeric/exactMath.js';

/** A digit as pen movements. */
export interface SyntheticStrokes {
  /** 0 to 9. */
  readonly digit: number;
  /** Lines the pen draws, in order, in the unit square: the longer side of their extent is 1, the other is centred. */
  readonly strokes: readonly (readonly Point[])[];
}

const SPACING = 0.05;
const LEAN = [0.25, 0.25, 0.15, 0.0, 0.3, 0.1, 0.1, 0.15, 0.15, 0.15];

/** The label of image `index`: every block of ten indices holds each digit once, in an order of its own. */
export function labelAt(seed: number, index: number): number {
  const block = Math.floor(index / 10);
  return new Random(seed, streams.synthetic, block, 1).permutation(10)[index - block * 10]!;
}

const HEIGHT = [0.88, 0.92, 0.95, 0.97, 1.06, 1, 1, 0.97, 1.08, 1.1];
export function writeDigit(digit: number, hand: Hand): { strokes: Point[][]; scale: number } {
  const care = hand.between(0, 1);
  const looseness = 0.012 + P.loose * care * care;
  const controls = skeleton(digit, hand).map((stroke) => stroke.map((control) => jitter(control, hand, looseness)));
  const strokes = controls.map((stroke) => spline(stroke, SPACING));
  const tremor = hand.between(0, P.tremor);
  const passes = Math.floor(hand.between(0, P.passes));
  if (hand.chance(P.speck)) strokes.push(speck(hand));
  const steady = strokes.map((stroke) =>
    smooth(stroke, passes).map((p) => ({ x: p.x + hand.bell(0, tremor), y: p.y + hand.bell(0, tremor) })),
  );
  const fitted = fit(slant(digit, hand, elastic(hand, steady)));
  return { ...fitted, scale: fitted.scale / HEIGHT[digit]! };
}

function jitter(control: Control, hand: Hand, amount: number): Control {
  return { ...control, x: control.x + hand.bell(0, amount), y: control.y + hand.bell(0, amount) };
}

/** Quick writing rounds corners off. */
function smooth(points: Point[], passes: number): Point[] {
  for (let pass = 0; pass < passes; pass++) {
    points = points.map((point, i) => {
      const before = points[i - 1];
      const after = points[i + 1];
      if (!before || !after) return point;
      return { x: (before.x + 2 * point.x + after.x) / 4, y: (before.y + 2 * point.y + after.y) / 4 };
    });
  }
  return points;
}

function elastic(hand: Hand, strokes: Point[][]): Point[][] {
  const care = hand.between(0, 1);
  const amount = 0.005 + P.elastic * care * care;
  const waves = Array.from({ length: 3 }, () => ({
    kx: hand.between(-5, 5), ky: hand.between(-5, 5), phase: hand.between(0, 6.28), x: hand.bell(0, amount), y: hand.bell(0, amount),
  }));
  return strokes.map((stroke) => stroke.map(({ x, y }) => {
    let px = x, py = y;
    for (const w of waves) {
      const s = sin(w.kx * x + w.ky * y + w.phase);
      px += w.x * s; py += w.y * s;
    }
    return { x: px, y: py };
  }));
}

function slant(digit: number, hand: Hand, strokes: Point[][]): Point[][] {
  const shear = hand.bell(LEAN[digit]!, 0.22);
  const angle = hand.bell(0, 0.11);
  const c = cos(angle);
  const s = sin(angle);
  const stretch = 1 + hand.bell(0.0, 0.2);
  const taper = hand.bell(0, 0.12);
  const sag = hand.bell(0, 0.1);
  return strokes.map((stroke) => stroke.map(({ x, y }) => {
    const sy = y + sag * y * (1 - y);
    const sx = x * stretch * (1 + taper * (y - 0.5)) - shear * sy;
    return { x: c * sx - s * sy, y: s * sx + c * sy };
  }));
}

function fit(strokes: Point[][]): { strokes: Point[][]; scale: number } {
  let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity;
  for (const stroke of strokes) for (const { x, y } of stroke) {
    left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y);
  }
  const scale = 1 / Math.max(right - left, bottom - top);
  const dx = 0.5 - scale * (left + right) / 2, dy = 0.5 - scale * (top + bottom) / 2;
  return { strokes: strokes.map((stroke) => stroke.map(({ x, y }) => ({ x: x * scale + dx, y: y * scale + dy }))), scale };
}

export function syntheticStrokes(options: { seed: number; index: number; digit?: number }): SyntheticStrokes {
  const digit = options.digit ?? labelAt(options.seed, options.index);
  return { digit, strokes: writeDigit(digit, new Hand(options.seed, options.index)).strokes };
}

/** A stray mark beside the digit: a dot or a short line. */
function speck(hand: Hand): Point[] {
  const x = hand.chance(0.5) ? hand.between(-0.3, 0) : hand.between(0.7, 1.1);
  const y = hand.between(-0.05, 1.05);
  const length = hand.between(0.01, hand.chance(0.3) ? 0.4 : 0.08);
  return spline([{ x, y }, { x: x + hand.bell(0, 0.04), y: y + length }], SPACING);
}
