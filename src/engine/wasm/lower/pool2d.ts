import type { OpAttributes } from '../../program/types.js';
import { type Lowering, perRows } from './call.js';

/** H, W, C, OH, OW and the window, as every pooling kernel takes them. */
function shapeArguments(
  input: readonly number[],
  output: readonly number[],
  { poolSize, strides, padding }: OpAttributes['maxPool2d'],
): number[] {
  return [...input.slice(1), ...output.slice(1, 3), ...poolSize, ...strides, padding.top, padding.left];
}

export const maxPool2d: Lowering<'maxPool2d'> = ({ inputs: [x], outputs: [y, places], attributes }, context) => {
  const shape = shapeArguments(x!.shape, y!.shape, attributes);
  const bytes = places!.dtype === 'u8' ? 1 : 0;
  context.call('maxPool2d', perRows(x!), [x!, y!, places!, bytes, ...shape], [y!, places!]);
};

export const maxPool2dGradient: Lowering<'maxPool2dGradient'> = (
  { inputs: [places, dy], outputs: [dx], attributes },
  context,
) => {
  const shape = shapeArguments(dx!.shape, dy!.shape, attributes);
  const bytes = places!.dtype === 'u8' ? 1 : 0;
  context.call('maxPool2dGradient', perRows(dy!), [places!, dy!, dx!, bytes, ...shape], [dx!]);
};

export const averagePool2d: Lowering<'averagePool2d'> = ({ inputs: [x], outputs: [y], attributes }, context) => {
  context.call('averagePool2d', perRows(x!), [x!, y!, ...shapeArguments(x!.shape, y!.shape, attributes)], [y!]);
};

export const averagePool2dGradient: Lowering<'averagePool2dGradient'> = (
  { inputs: [dy], outputs: [dx], attributes },
  context,
) => {
  const shape = shapeArguments(dx!.shape, dy!.shape, attributes);
  context.call('averagePool2dGradient', perRows(dy!), [dy!, dx!, ...shape], [dx!]);
};
