import { changedTensors } from '../changes.js';
import type { AnyOp, Op, Program, TensorSpec } from '../types.js';

/**
 * The gradient of a convolution reads its input again, long after the convolution did. If that is the output of batch
 * normalization, it is computed a second time from what was normalized, which is kept anyway, rather than kept itself: it
 * then never leaves the caches. The bits are the same.
 */
export function normalizeAgain(program: Program): Program {
  const tensors = [...program.tensors];
  const producer = new Map<TensorSpec, Op<'batchNormalization'>>();
  const ops = program.ops.flatMap((op, index): AnyOp[] => {
    if (op.name === 'batchNormalization') producer.set(op.outputs[0]!, op);
    if (op.name !== 'conv2dGradient' && op.name !== 'conv2dKernelGradient') return [op];
    const source = producer.get(op.inputs[0]!);
    if (!source) return [op];
    const [x, gamma, beta] = source.inputs as [TensorSpec, TensorSpec, TensorSpec];
    const [y, mean, variance] = source.outputs as [TensorSpec, TensorSpec, TensorSpec];
    const changed = changedTensors({ ops: program.ops.slice(program.ops.indexOf(source), index) });
    if (source.inputs.some((input) => changed.has(input))) return [op];
    const again: TensorSpec = { ...y, id: tensors.length, name: `${y.name} again` };
    tensors.push(again);
    return [
      {
        name: 'batchNormalizationInference',
        inputs: [x, gamma, beta, mean, variance],
        outputs: [again],
        attributes: source.attributes,
        label: source.label,
      },
      { ...op, inputs: [again, ...op.inputs.slice(1)] },
    ];
  });
  return { ...program, tensors, ops };
}
