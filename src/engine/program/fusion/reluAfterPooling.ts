import type { AnyOp, Op, Program, TensorSpec } from '../types.js';
import { onlyReaders } from './readers.js';

/**
 * The gradient of ReLU and then max pooling: pooling sends each gradient to the largest value of its window, and ReLU
 * lets it through if that is above zero, as the pooled value then is. So ReLU's mask goes over the pooled values, which
 * are fewer. The bits are the same.
 */
export function reluAfterPooling(program: Program): Program {
  const onlyReader = onlyReaders(program);
  const poolings = new Map(
    program.ops.flatMap((op) => (op.name === 'maxPool2d' ? [[op.outputs[1]!, op] as const] : [])),
  );
  const rewritten = new Map<AnyOp, AnyOp[]>();
  const tensors = [...program.tensors];
  for (const gradient of program.ops) {
    if (gradient.name !== 'maxPool2dGradient') continue;
    const [places, dy] = gradient.inputs as [TensorSpec, TensorSpec];
    const pooling = poolings.get(places);
    const relu = onlyReader(gradient.outputs[0]!);
    if (relu?.name !== 'activationGradient' || relu.attributes.kind !== 'relu') continue;
    if (!pooling || relu.inputs[0] !== pooling.inputs[0]) continue;
    const masked: TensorSpec = { ...dy, id: tensors.length, name: `${dy.name} masked`, role: 'value' };
    tensors.push(masked);
    const mask: Op<'activationGradient'> = { ...relu, inputs: [pooling.outputs[0]!, dy], outputs: [masked] };
    rewritten.set(gradient, []);
    rewritten.set(relu, [mask, { ...gradient, inputs: [places, masked], outputs: relu.outputs }]);
  }
  return { ...program, tensors, ops: program.ops.flatMap((op) => rewritten.get(op) ?? [op]) };
}
