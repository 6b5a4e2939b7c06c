import type { FillMode, TensorSpec } from '../../program/types.js';
import { elementwise, type Lowering, perRows } from './call.js';

const fillModes: Record<FillMode, number> = { constant: 0, nearest: 1, reflect: 2, wrap: 3 };

function isBytes(tensor: TensorSpec): number {
  return tensor.dtype === 'u8' ? 1 : 0;
}

export const rescale: Lowering<'rescale'> = ({ inputs: [x], outputs: [y], attributes: { divisor } }, context) => {
  const { units, range } = elementwise(x!);
  context.call('rescale', units, [x!, y!, isBytes(x!), divisor, ...range], [y!]);
};

export const warpAffine: Lowering<'warpAffine'> = ({ inputs: [x, matrices], outputs: [y], attributes }, context) => {
  const { divisor, fillMode, fillValue } = attributes;
  const kernel = [isBytes(x!), divisor, fillModes[fillMode], fillValue, ...x!.shape.slice(1)];
  context.call('warpAffine', perRows(x!), [x!, matrices!, y!, ...kernel], [y!]);
};

export const oneHot: Lowering<'oneHot'> = ({ inputs: [labels], outputs: [y], attributes: { classes } }, context) => {
  context.call('oneHot', perRows(labels!), [labels!, y!, isBytes(labels!), classes], [y!]);
};
