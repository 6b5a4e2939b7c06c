import { THICKEST, THINNEST, WIDENING } from '../../program/ops/appearance.js';
import type { TensorSpec } from '../../program/types.js';
import { type Lowering, type LoweringContext, perRows, type Scratch } from './call.js';

export const changeStrokes: Lowering<'changeStrokes'> = ({ inputs: [x, changes], outputs: [y] }, context) => {
  const kernel = [WIDENING, THINNEST, THICKEST, ...x!.shape.slice(1)];
  context.call('changeStrokes', perRows(x!), [x!, changes!, y!, lines(x!, context), ...kernel], [y!]);
};

export const blur: Lowering<'blur'> = ({ inputs: [x, sigmas], outputs: [y] }, context) => {
  context.call('blur', perRows(x!), [x!, sigmas!, y!, lines(x!, context), ...x!.shape.slice(1)], [y!]);
};

export const changeTone: Lowering<'changeTone'> = ({ inputs: [x, tones, keys], outputs: [y], attributes }, context) => {
  const size = x!.shape.slice(1).reduce((a, b) => a * b, 1);
  context.call('changeTone', perRows(x!), [x!, tones!, keys!, y!, attributes.stream, size], [y!]);
};

/** Three rows of an image, with a pixel more at both ends and what a vector may read beyond. */
function lines({ shape }: TensorSpec, context: LoweringContext): Scratch {
  const [width, channels] = shape.slice(2) as [number, number];
  return context.scratch(3 * ((width + 2) * channels + 4), 'thread');
}
