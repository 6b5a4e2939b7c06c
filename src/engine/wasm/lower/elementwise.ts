import { sizeOf } from '../../../numeric/tensor.js';
import { streams } from '../../../numeric/philox.js';
import { bytesOf } from '../../program/memory.js';
import type { Activation, TensorSpec } from '../../program/types.js';
import { elementwise, fixed, type Lowering, type LoweringContext, perRows } from './call.js';

const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/** kind, alpha and scale as the activation kernels take them; relu has kernels of its own. */
function kernelArguments({ kind, alpha }: Activation): [kind: number, alpha: number, scale: number] {
  switch (kind) {
    case 'relu':
    case 'leakyRelu':
      return [1, alpha ?? 0, 1];
    case 'elu':
      return [2, alpha ?? 1, 1];
    case 'selu':
      return [2, SELU_ALPHA, SELU_SCALE];
    case 'sigmoid':
      return [3, 0, 1];
    case 'tanh':
      return [4, 0, 1];
    case 'softplus':
      return [5, 0, 1];
  }
}

/** y = f(x), which may be the same tensor. */
export function applyActivation(x: TensorSpec, y: TensorSpec, kind: Activation, context: LoweringContext): void {
  const { units, range } = elementwise(x);
  if (kind.kind === 'relu') context.call('relu', units, [x, y, ...range], [y]);
  else context.call('activation', units, [x, y, ...kernelArguments(kind), ...range], [y]);
}

export const activation: Lowering<'activation'> = ({ inputs: [x], outputs: [y], attributes }, context) =>
  applyActivation(x!, y!, attributes, context);

export const activationGradient: Lowering<'activationGradient'> = (
  { inputs: [y, dy], outputs: [dx], attributes },
  context,
) => {
  const { units, range } = elementwise(y!);
  if (attributes.kind === 'relu') context.call('reluGradient', units, [y!, dy!, dx!, ...range], [dx!]);
  else {
    const kernel = kernelArguments(attributes);
    context.call('activationGradient', units, [y!, dy!, dx!, ...kernel, ...range], [dx!]);
  }
};

export const add: Lowering<'add'> = ({ inputs: [a, b], outputs: [y] }, context) => {
  const { units, range } = elementwise(y!);
  context.call('add', units, [a!, b!, y!, ...range], [y!]);
};

export const scaleByScalar: Lowering<'scaleByScalar'> = ({ inputs: [x, s], outputs: [y], attributes }, context) => {
  const { units, range } = elementwise(x!);
  context.call('scaleByScalar', units, [x!, s!, y!, attributes.factor, ...range], [y!]);
};

export const sumSquares: Lowering<'sumSquares'> = ({ inputs: [x], outputs: [y], attributes }, context) => {
  const { units, range } = elementwise(x!);
  const partial = context.scratch(units.times, 'all');
  context.call('sumSquaresPartial', units, [x!, partial, attributes.factor, ...range], [partial]);
  context.call('sumChunks', fixed(1), [partial, y!, 1, 1, units.times], [y!]);
};

export const updateMovingAverage: Lowering<'updateMovingAverage'> = (
  { inputs: [state, value], attributes },
  context,
) => {
  const { units, range } = elementwise(state!);
  const { momentum } = attributes;
  context.call('updateMovingAverage', units, [state!, value!, momentum, 1 - momentum, ...range], [state!]);
};

export const dropout: Lowering<'dropout'> = ({ inputs: [x, random], outputs: [y], attributes }, context) => {
  const { rate, stream } = attributes;
  const perRow = sizeOf(x!.shape.slice(1));
  const kernel = [rate, 1 / (1 - rate), stream, streams.dropout];
  context.call('dropout', perRows(x!), [x!, random!, y!, ...kernel, perRow], [y!]);
};

/** The same memory under another shape (memory.ts), but for a state that is changed later: that is copied. */
export const reshape: Lowering<'reshape'> = ({ inputs: [x], outputs: [y] }, context) => {
  if (context.isChanged(x!)) context.call('copy', fixed(1), [x!, y!, bytesOf(x!)], [y!]);
};
