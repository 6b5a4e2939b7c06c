import type { PlacedLayer } from '../../nn/index.js';
import { CifraError } from '../../numeric/errors.js';
import { formatShape } from '../../numeric/tensor.js';

/** Whether the place is in what the layer gives. @throws CifraError `pixel-place` */
export function checkPlace({ name, outputShape }: PlacedLayer, at: readonly number[]): void {
  const within = (index: number, axis: number): boolean =>
    Number.isInteger(index) && index >= 0 && index < outputShape[axis]!;
  if (at.length === outputShape.length && at.every(within)) return;
  const axes = outputShape.length === 3 ? '[row, column, channel]' : '[unit]';
  throw new CifraError(
    'pixel-place',
    `The place ${formatShape(at)} is not in what layer "${name}" gives, which has shape ${formatShape(outputShape)}.`,
    `Give ${axes}, whole numbers from 0 to ${formatShape(outputShape.map((size) => size - 1))}.`,
  );
}
