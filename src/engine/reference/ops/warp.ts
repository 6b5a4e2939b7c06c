import type { FillMode } from '../../program/types.js';
import type { KernelCall, ReferenceKernel } from '../kernel.js';

/** The place in [0, size) that place `i` outside the image takes its value from. */
function inside(i: number, size: number, fillMode: FillMode): number {
  switch (fillMode) {
    case 'reflect': {
      const place = modulo(i, 2 * size);
      return place < size ? place : 2 * size - 1 - place;
    }
    case 'wrap':
      return modulo(i, size);
    case 'nearest':
    case 'constant':
      return Math.min(Math.max(i, 0), size - 1);
  }
}

function modulo(a: number, b: number): number {
  return a - b * Math.floor(a / b);
}

export const warpAffine: ReferenceKernel<'warpAffine'> = (call) => warp(call, () => [0, 0]);

export const warpElastic: ReferenceKernel<'warpElastic'> = (call) => {
  const points = call.inputs[2]!;
  const { spacing } = call.op.attributes;
  const [, height, width] = call.op.inputs[0]!.shape as [number, number, number];
  const [, down, across] = call.op.inputs[2]!.shape as [number, number, number];
  warp(call, (n, i, j) => {
    const v = (i - (height - 1) / 2) / spacing + (down - 1) / 2;
    const u = (j - (width - 1) / 2) / spacing + (across - 1) / 2;
    let [right, below] = [0, 0];
    for (let p = 0; p < down; p++) {
      for (let q = 0; q < across; q++) {
        const weight = cubicSpline(v - p) * cubicSpline(u - q);
        const at = ((n * down + p) * across + q) * 2;
        right += weight * points[at]!;
        below += weight * points[at + 1]!;
      }
    }
    return [right, below];
  });
};

/** The cubic B-spline. */
function cubicSpline(t: number): number {
  const distance = Math.abs(t);
  if (distance >= 2) return 0;
  if (distance >= 1) return ((2 - distance) * (2 - distance) * (2 - distance)) / 6;
  return (4 + 3 * distance * distance * (distance - 2)) / 6;
}

function warp(
  { op, inputs, outputs, rows }: KernelCall<'warpAffine' | 'warpElastic'>,
  displacement: (n: number, i: number, j: number) => readonly [right: number, below: number],
): void {
  const [x, m] = [inputs[0]!, inputs[1]!];
  const y = outputs[0]!;
  const { divisor, fillMode, fillValue } = op.attributes;
  const [capacity, height, width, channels] = op.inputs[0]!.shape as [number, number, number, number];
  const count = op.inputs[0]!.batched ? rows : capacity;
  for (let n = 0; n < count; n++) {
    const image = n * height * width * channels;
    const at = n * 6;
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const target = image + (i * width + j) * channels;
        const [beside, below] = displacement(n, i, j);
        const column = m[at]! * j + m[at + 1]! * i + m[at + 2]! + beside;
        const row = m[at + 3]! * j + m[at + 4]! * i + m[at + 5]! + below;
        if (fillMode === 'constant' && !(row >= 0 && row <= height - 1 && column >= 0 && column <= width - 1)) {
          y.fill(fillValue, target, target + channels);
          continue;
        }
        const top = Math.floor(row);
        const left = Math.floor(column);
        const down = row - top;
        const right = column - left;
        const row0 = image + inside(top, height, fillMode) * width * channels;
        const row1 = image + inside(top + 1, height, fillMode) * width * channels;
        const column0 = inside(left, width, fillMode) * channels;
        const column1 = inside(left + 1, width, fillMode) * channels;
        for (let c = 0; c < channels; c++) {
          const upper = x[row0 + column0 + c]! * (1 - right) + x[row0 + column1 + c]! * right;
          const lower = x[row1 + column0 + c]! * (1 - right) + x[row1 + column1 + c]! * right;
          y[target + c] = (upper * (1 - down) + lower * down) / divisor;
        }
      }
    }
  }
}
