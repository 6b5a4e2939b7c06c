import type { FillMode } from '../../program/types.js';
import { sizeInUse } from '../../program/checks.js';
import { type ReferenceKernel, tableInUse } from '../kernel.js';

export const rescale: ReferenceKernel<'rescale'> = ({ op, inputs, outputs, rows }) => {
  const x = inputs[0]!;
  const y = outputs[0]!;
  const count = sizeInUse(op.inputs[0]!, rows);
  for (let i = 0; i < count; i++) y[i] = x[i]! / op.attributes.divisor;
};

export const oneHot: ReferenceKernel<'oneHot'> = ({ op, inputs, outputs, rows }) => {
  const labels = inputs[0]!;
  const y = outputs[0]!;
  const [count, classes] = tableInUse(op.outputs[0]!, rows);
  for (let n = 0; n < count; n++) for (let c = 0; c < classes; c++) y[n * classes + c] = labels[n] === c ? 1 : 0;
};

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

export const warpAffine: ReferenceKernel<'warpAffine'> = ({ op, inputs, outputs, rows }) => {
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
        const column = m[at]! * j + m[at + 1]! * i + m[at + 2]!;
        const row = m[at + 3]! * j + m[at + 4]! * i + m[at + 5]!;
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
};
