import type { OpDefinition } from '../types.js';
import { expectShape, lastAxis, like } from './shapeRules.js';

/**
 * y = f(x), elementwise. relu max(x, 0); leakyRelu x or alpha x below 0; elu alpha (e^x - 1) below 0; selu scale * elu
 * with scale 1.0507009873554805, alpha 1.6732632423543772; sigmoid 1 / (1 + e^-x); tanh; softplus log(1 + e^x).
 */
export const activation: OpDefinition<'activation'> = {
  shapes: ([x]) => [like(x!)],
  gradient: ({ op, outputGradients: [dy], emit }) => emit('activationGradient', [op.outputs[0]!, dy!], op.attributes),
  inPlace: 0,
};

/** dx = f'(x) dy, told from y = f(x) alone (the derivative of relu at 0 is 0). Inputs: y, dy. */
export const activationGradient: OpDefinition<'activationGradient'> = {
  shapes([y, dy]) {
    expectShape(dy!, y!.shape, 'The gradient');
    return [like(dy!)];
  },
  inPlace: 1,
};

/** y[n, c] = e^x[n, c] / sum over d of e^x[n, d], over the last axis. */
export const softmax: OpDefinition<'softmax'> = {
  shapes: ([x]) => [like(x!)],
  gradient: ({ op, outputGradients: [dy], emit }) => emit('softmaxGradient', [op.outputs[0]!, dy!], {}),
};

/** dx[n, c] = y[n, c] (dy[n, c] - sum over d of y[n, d] dy[n, d]). Inputs: y, dy. */
export const softmaxGradient: OpDefinition<'softmaxGradient'> = {
  shapes: ([y]) => [{ shape: [...y!.shape.slice(0, -1), lastAxis(y!)], batched: y!.batched }],
};
