import type { OpDefinition } from '../types.js';
import { expectShape } from './shapeRules.js';

/**
 * Ends the run here if x is NaN or infinite: what comes after, the updates, is left out, and state is as it was before
 * the run. Input: x [1], the loss.
 */
export const stopUnlessFinite: OpDefinition<'stopUnlessFinite'> = {
  shapes([x]) {
    expectShape(x!, [1], 'The value');
    return [];
  },
};

/**
 * v = momentum v - lr g; w = w + v, or with Nesterov w = w + momentum v - lr g; in place (Keras SGD).
 * Inputs: w, g, v, scalars [1] = (lr). With momentum 0, v is left out: w, g, scalars.
 */
export const sgd: OpDefinition<'sgd'> = {
  shapes([w, g, ...rest], { momentum }) {
    expectShape(g!, w!.shape, 'The gradient');
    if (momentum !== 0) expectShape(rest[0]!, w!.shape, 'The velocity');
    expectShape(rest.at(-1)!, [1], 'The scalars');
    return [];
  },
  updates: ({ momentum }) => (momentum === 0 ? [0] : [0, 2]),
};

/**
 * w = w - decay w; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; w = w - rate m / (sqrt(v) + epsilon);
 * in place. rate = lr sqrt(1 - beta2^t) / (1 - beta1^t) and decay = lr * weightDecay are computed by the host.
 * Moments below 1e-30 become 0, since subnormal numbers are slow. (Kingma and Ba 2015, epsilon outside the correction,
 * as Keras; decoupled decay: Loshchilov and Hutter 2019.) Inputs: w, g, m, v, scalars [2] = (rate, decay).
 */
export const adam: OpDefinition<'adam'> = {
  shapes([w, g, m, v, scalars]) {
    expectShape(g!, w!.shape, 'The gradient');
    expectShape(m!, w!.shape, 'The first moment');
    expectShape(v!, w!.shape, 'The second moment');
    expectShape(scalars!, [2], 'The scalars');
    return [];
  },
  updates: () => [0, 2, 3],
};
