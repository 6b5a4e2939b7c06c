import type { AnyOp, Op, Program, TensorSpec } from '../types.js';
import { onlyReaders } from './readers.js';

/**
 * The gradient of ReLU and then max pooling: pooling sends each gradient to the largest value of its window, and ReLU
 * lets it through if that is above zero, as the pooled value then is. So ReLU's mask goes over the pooled values, which
 * are fewer. The bits are the same.
 */
export function reluAfterPooling(program: Program): Program {
  const onlyReader = onlyReaders(program);
  const rewritten = new Map<AnyOp, AnyOp[]>();
  const tensors = [...program.tensors];
  for (const pool of program.ops) {
    if (pool.name !== 'maxPool2dGradient') continue;
    const [x, y, dy] = pool.inputs as [TensorSpec, TensorSpec, TensorSpec];
    const relu = onlyReader(pool.outputs[0]!);
    if (relu?.name !== 'activationGradient' || relu.attributes.kind !== 'relu' || relu.inputs[0] !== x) continue;
    const masked: TensorSpec = { ...dy, id: tensors.length, name: `${dy.name} masked`, role: 'value' };
    tensors.push(masked);
    const mask: Op<'activationGradient'> = { ...relu, inputs: [y, dy], outputs: [masked] };
    rewritten.set(pool, []);
    rewritten.set(relu, [mask, { ...pool, inputs: [x, y, masked], outputs: relu.outputs }]);
  }
  return { ...program, tensors, ops: program.ops.flatMap((op) => rewritten.get(op) ?? [op]) };
}
