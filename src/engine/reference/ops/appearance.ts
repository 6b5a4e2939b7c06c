import { philox4x32 } from '../../../numeric/philox.js';
import { sizeOf } from '../../../numeric/tensor.js';
import { THICKEST, THINNEST, WIDENING } from '../../program/ops/appearance.js';
import type { KernelCall, ReferenceKernel } from '../kernel.js';

export const changeStrokes: ReferenceKernel<'changeStrokes'> = (call) =>
  eachImage(call, (x, n) => {
    const change = limited(call.inputs[1]![n]!, THINNEST, THICKEST);
    if (change > 0) {
      const once = spread(x, Math.min(change / WIDENING, 1), Math.max);
      return spread(once, Math.max(change / WIDENING - 1, 0), Math.max);
    }
    if (change === 0) return x;
    const strength = -change * (1.75 + 0.42 * change);
    const black = 0.35 * strength;
    const eroded = spread(x, 0.3 * strength, Math.min);
    return { ...x, values: eroded.values.map((value) => limited((value - black) / (1 - 1.25 * black), 0, 1)) };
  });

export const blur: ReferenceKernel<'blur'> = (call) =>
  eachImage(call, (x, n) => {
    const sigma = limited(call.inputs[1]![n]!, 0, 1);
    if (sigma === 0) return x;
    const weight = (sigma * sigma) / 4;
    return smoothed(smoothed(x, weight), weight);
  });

export const changeTone: ReferenceKernel<'changeTone'> = (call) => {
  const [, tones, keys] = call.inputs;
  const words = new Uint32Array(4);
  eachImage(call, (x, n) => {
    const [gain, offset, deviation] = tones!.subarray(3 * n, 3 * n + 3) as Float64Array;
    const [seedLow, seedHigh, a, b] = keys!.subarray(4 * n, 4 * n + 4) as Uint32Array;
    const values = x.values.map((value, i) => {
      if (i % 4 === 0) philox4x32(i / 4, b!, a!, call.op.attributes.stream, seedLow!, seedHigh!, words);
      const word = words[i % 4]!;
      const bytes = (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);
      return limited(gain! * value + offset! + (deviation! * (bytes - 510)) / Math.sqrt(21845), 0, 1);
    });
    return { ...x, values };
  });
};

interface Image {
  readonly values: Float64Array;
  readonly shape: readonly [height: number, width: number, channels: number];
}

type AnyCall = KernelCall<'changeStrokes'> | KernelCall<'blur'> | KernelCall<'changeTone'>;

function eachImage({ op, inputs, outputs, rows }: AnyCall, change: (x: Image, n: number) => Image): void {
  const [capacity, ...shape] = op.inputs[0]!.shape as [number, number, number, number];
  const size = sizeOf(shape);
  for (let n = 0; n < (op.inputs[0]!.batched ? rows : capacity); n++) {
    const values = Float64Array.from(inputs[0]!.subarray(n * size, (n + 1) * size));
    outputs[0]!.set(change({ values, shape }, n).values, n * size);
  }
}

/** The value at a place, or at the nearest one within the image. */
function at({ values, shape: [height, width, channels] }: Image, i: number, j: number, c: number): number {
  return values[(limited(i, 0, height - 1) * width + limited(j, 0, width - 1)) * channels + c]!;
}

function limited(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** A new image, of which each value is made of the place's neighbourhood: `near(right, below)`. */
function map(x: Image, make: (near: (right: number, below: number) => number) => number): Image {
  const [, width, channels] = x.shape;
  const values = x.values.map((_, index) => {
    const [pixel, c] = [Math.floor(index / channels), index % channels];
    const [i, j] = [Math.floor(pixel / width), pixel % width];
    return make((right, below) => at(x, i + below, j + right, c));
  });
  return { ...x, values };
}

/** On the way, by a share, to the extreme of the neighbourhood. */
function spread(x: Image, share: number, extreme: (...values: number[]) => number): Image {
  if (share === 0) return x;
  return map(x, (near) => {
    const cross = extreme(near(0, 0), near(-1, 0), near(1, 0), near(0, -1), near(0, 1));
    const square = extreme(cross, near(-1, -1), near(1, -1), near(-1, 1), near(1, 1));
    return near(0, 0) + share * ((cross + square) / 2 - near(0, 0));
  });
}

function smoothed(x: Image, weight: number): Image {
  const down = map(x, (near) => (1 - 2 * weight) * near(0, 0) + weight * (near(0, -1) + near(0, 1)));
  return map(down, (near) => (1 - 2 * weight) * near(0, 0) + weight * (near(-1, 0) + near(1, 0)));
}
