import { sizeOf } from '../../../numeric/tensor.js';
import { type Lowering, perRows } from './call.js';

export const randomUniform: Lowering<'randomUniform'> = ({ inputs: [keys], outputs: [y], attributes }, context) => {
  const { shape, amplitude, stream } = attributes;
  context.call('randomUniform', perRows(keys!), [keys!, y!, amplitude, stream, sizeOf(shape)], [y!]);
};
