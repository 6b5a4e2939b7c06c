import { elementwise, fixed, type Lowering, NONE, STOP } from './call.js';

export const stopUnlessFinite: Lowering<'stopUnlessFinite'> = ({ inputs: [x] }, context) =>
  context.call(STOP, fixed(1), [x!], []);

export const sgd: Lowering<'sgd'> = ({ inputs, attributes: { momentum, nesterov } }, context) => {
  const [w, g, v] = inputs;
  const scalars = inputs.at(-1)!;
  const { units, range } = elementwise(w!);
  const velocity = momentum === 0 ? NONE : v!;
  const writes = momentum === 0 ? [w!] : [w!, v!];
  context.call('sgd', units, [w!, g!, velocity, scalars, momentum, nesterov ? 1 : 0, ...range], writes);
};

export const adam: Lowering<'adam'> = ({ inputs: [w, g, m, v, scalars], attributes }, context) => {
  const { beta1, beta2, epsilon } = attributes;
  const { units, range } = elementwise(w!);
  const rates = [beta1, 1 - beta1, beta2, 1 - beta2, epsilon];
  context.call('adam', units, [w!, g!, m!, v!, scalars!, ...rates, ...range], [w!, m!, v!]);
};
