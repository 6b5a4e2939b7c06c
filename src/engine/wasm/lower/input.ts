import type { TensorSpec } from '../../program/types.js';
import { elementwise, type Lowering, perRows } from './call.js';

export function isBytes(tensor: TensorSpec): number {
  return tensor.dtype === 'u8' ? 1 : 0;
}

export const rescale: Lowering<'rescale'> = ({ inputs: [x], outputs: [y], attributes: { divisor } }, context) => {
  const { units, range } = elementwise(x!);
  context.call('rescale', units, [x!, y!, isBytes(x!), divisor, ...range], [y!]);
};

export const eraseRectangle: Lowering<'eraseRectangle'> = (
  { inputs: [x, rectangles], outputs: [y], attributes },
  context,
) => {
  const kernel = [attributes.value, ...x!.shape.slice(1)];
  context.call('eraseRectangle', perRows(x!), [x!, rectangles!, y!, ...kernel], [y!]);
};

export const oneHot: Lowering<'oneHot'> = ({ inputs: [labels], outputs: [y], attributes: { classes } }, context) => {
  context.call('oneHot', perRows(labels!), [labels!, y!, isBytes(labels!), classes], [y!]);
};
