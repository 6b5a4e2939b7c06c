import type { Op, TensorSpec } from '../../program/types.js';
import { sizeInUse } from '../../program/checks.js';
import type { TypedData } from '../../../numeric/tensor.js';
import type { ReferenceKernel } from '../kernel.js';
import { slide } from '../windows.js';

export const maxPool2d: ReferenceKernel<'maxPool2d'> = ({ op, inputs, outputs, rows }) => {
  const [x] = inputs as [Float64Array];
  const [y, places] = outputs as readonly TypedData[] as [Float64Array, TypedData];
  const channels = op.inputs[0]!.shape[3]!;
  const size = sizeInUse(op.outputs[0]!, rows);
  y.fill(-Infinity, 0, size);
  slide(op.inputs[0]!, op.outputs[0]!, op.attributes.poolSize, op.attributes, rows, (atX, atY) => {
    for (let c = 0; c < channels; c++) {
      const value = x[atX + c]!;
      // The second test keeps NaN, against which every comparison is false.
      if (value > y[atY + c]! || value !== value) y[atY + c] = value;
    }
  });
  const nowhere = op.outputs[1]!.dtype === 'u8' ? 255 : -1;
  places.fill(nowhere, 0, size);
  slide(op.inputs[0]!, op.outputs[0]!, op.attributes.poolSize, op.attributes, rows, (atX, atY, place) => {
    for (let c = 0; c < channels; c++) {
      if (places[atY + c] === nowhere && x[atX + c] === y[atY + c]) places[atY + c] = place;
    }
  });
};

export const maxPool2dGradient: ReferenceKernel<'maxPool2dGradient'> = ({ op, inputs, outputs, rows }) => {
  const [places, dy] = inputs as [TypedData, Float64Array];
  const dx = outputs[0]!;
  const channels = op.outputs[0]!.shape[3]!;
  dx.fill(0, 0, sizeInUse(op.outputs[0]!, rows));
  slide(op.outputs[0]!, op.inputs[1]!, op.attributes.poolSize, op.attributes, rows, (atX, atY, place) => {
    for (let c = 0; c < channels; c++) if (places[atY + c] === place) dx[atX + c]! += dy[atY + c]!;
  });
};

export const averagePool2d: ReferenceKernel<'averagePool2d'> = ({ op, inputs, outputs, rows }) => {
  const [x] = inputs as [Float64Array];
  const y = outputs[0]!;
  const channels = op.inputs[0]!.shape[3]!;
  const places = placesInWindows(op, op.inputs[0]!, op.outputs[0]!, rows);
  y.fill(0, 0, sizeInUse(op.outputs[0]!, rows));
  slide(op.inputs[0]!, op.outputs[0]!, op.attributes.poolSize, op.attributes, rows, (atX, atY) => {
    for (let c = 0; c < channels; c++) y[atY + c]! += x[atX + c]!;
  });
  const size = sizeInUse(op.outputs[0]!, rows);
  for (let i = 0; i < size; i++) y[i]! /= places[Math.floor(i / channels)]!;
};

export const averagePool2dGradient: ReferenceKernel<'averagePool2dGradient'> = ({ op, inputs, outputs, rows }) => {
  const [dy] = inputs as [Float64Array];
  const dx = outputs[0]!;
  const channels = op.inputs[0]!.shape[3]!;
  const places = placesInWindows(op, op.outputs[0]!, op.inputs[0]!, rows);
  dx.fill(0, 0, sizeInUse(op.outputs[0]!, rows));
  slide(op.outputs[0]!, op.inputs[0]!, op.attributes.poolSize, op.attributes, rows, (atX, atY) => {
    for (let c = 0; c < channels; c++) dx[atX + c]! += dy[atY + c]! / places[atY / channels]!;
  });
};

/** For every (n, i, j) of the output, how many places of its window lie inside the image. */
function placesInWindows(
  { attributes }: Op<'averagePool2d' | 'averagePool2dGradient'>,
  image: TensorSpec,
  output: TensorSpec,
  rows: number,
): Float64Array {
  const channels = output.shape[3]!;
  const places = new Float64Array(sizeInUse(output, rows) / channels);
  slide(image, output, attributes.poolSize, attributes, rows, (_, atY) => {
    places[atY / channels]!++;
  });
  return places;
}
