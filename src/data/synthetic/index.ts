import { CifraError } from '../../numeric/errors.js';
import type { Tensor } from '../../numeric/tensor.js';
import { P } from './tuning.js';
import { Hand } from './hand.js';
import { drawStrokes, type PenPoint } from './raster.js';
import { labelAt, writeDigit } from './strokes.js';

export { syntheticStrokes, type SyntheticStrokes } from './strokes.js';
export type { Point } from './curve.js';

const FIELD = 28;
const BOX = 20;
const FINE = P.fine;

export interface SyntheticOptions {
  /** How many images, from 0. */
  readonly count: number;
  /** Equal seeds give equal images. */
  readonly seed: number;
  /** The index of the first image, default 0. */
  readonly firstIndex?: number;
}

export interface LabelledImages {
  /** `[count, 28, 28, 1]`, 0 background to 255 ink. */
  readonly images: Tensor<Uint8Array>;
  /** `count` labels, 0 to 9. */
  readonly labels: Uint8Array;
}

export function syntheticDigits(options: SyntheticOptions): LabelledImages {
  const { count, seed, firstIndex = 0 } = options;
  for (const [name, value] of Object.entries({ count, seed, firstIndex })) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new CifraError('synthetic-option', `syntheticDigits: ${name} is ${value}; expected a whole number from 0.`);
    }
  }
  const data = new Uint8Array(count * FIELD * FIELD);
  const labels = new Uint8Array(count);
  const canvas = new Float64Array(BOX * FINE * BOX * FINE);
  const box = new Float64Array(BOX * BOX);
  for (let i = 0; i < count; i++) {
    labels[i] = labelAt(seed, firstIndex + i);
    drawDigit(labels[i]!, new Hand(seed, firstIndex + i), canvas, box, data.subarray(i * 784, (i + 1) * 784));
  }
  return { images: { data, shape: [count, FIELD, FIELD, 1] }, labels };
}

function drawDigit(digit: number, hand: Hand, canvas: Float64Array, box: Float64Array, out: Uint8Array): void {
  const { strokes, scale } = writeDigit(digit, hand);
  const size = BOX * FINE;
  const spread = hand.bell(0, 0.3);
  const width = 0.14 * (1 + spread + 0.5 * spread * spread) * scale;
  const unit = size / (1 + width);
  const wobble = hand.between(0, P.wobble);
  const pen: PenPoint[][] = strokes.map((s) => {
    let drift = hand.bell(0, wobble);
    return s.map(({ x, y }) => {
      drift = drift * 0.8 + hand.bell(0, wobble * 0.6);
      return { x: (x + width / 2) * unit, y: (y + width / 2) * unit, radius: (width / 2) * unit * (1 + drift) };
    });
  });
  drawStrokes(pen, size, hand.between(P.soft0, P.soft1), canvas);
  roughen(canvas, hand, hand.between(0, P.rough));
  let mass = 0, mx = 0, my = 0;
  for (let y = 0; y < BOX; y++) for (let x = 0; x < BOX; x++) {
    let sum = 0;
    for (let v = 0; v < FINE; v++) for (let u = 0; u < FINE; u++) sum += canvas[(y * FINE + v) * size + x * FINE + u]!;
    sum /= FINE * FINE;
    box[y * BOX + x] = sum;
    mass += sum; mx += sum * x; my += sum * y;
  }
  const left = Math.round(14 - mx / mass), top = Math.round(14 - my / mass);
  for (let y = 0; y < BOX; y++) for (let x = 0; x < BOX; x++) {
    const fx = x + left, fy = y + top;
    if (fx >= 0 && fx < FIELD && fy >= 0 && fy < FIELD) out[fy * FIELD + fx] = Math.round(255 * box[y * BOX + x]!);
  }
}

function roughen(canvas: Float64Array, hand: Hand, amount: number): void {
  let state = Math.floor(hand.between(0, 0x7fffffff));
  for (let i = 0; i < canvas.length; i++) {
    const v = canvas[i]!;
    if (v <= 0 || v >= 1) continue;
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    canvas[i] = Math.max(0, Math.min(1, v + amount * (state / 0x80000000 - 1)));
  }
}
