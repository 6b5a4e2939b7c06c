import { changedTensors } from '../changes.js';
import { onlyReaders } from './readers.js';
import type { AnyOp, Program } from '../types.js';

/**
 * Joins bias and activation to the convolution or matrix product before them, where nothing else reads what lies
 * between: conv2d, addBias, activation become one conv2d whose values are written once.
 */
export function joinBiasAndActivation(program: Program): Program {
  const onlyReader = onlyReaders(program);
  const absorbed = new Set<AnyOp>();
  const fusedAt = new Map<AnyOp, AnyOp>();
  for (const op of program.ops) {
    if ((op.name !== 'conv2d' && op.name !== 'matmul') || op.inputs.length > 2) continue;
    const bias = onlyReader(op.outputs[0]!);
    if (bias?.name !== 'addBias' || bias.inputs[0] !== op.outputs[0]) continue;
    const inputs = [...op.inputs, bias.inputs[1]!];
    const next = onlyReader(bias.outputs[0]!);
    const activation = next?.name === 'activation' ? next : undefined;
    const last = activation ?? bias;
    // They all happen where the last of them was: what the first reads must still be there.
    const between = program.ops.slice(program.ops.indexOf(op), program.ops.indexOf(last));
    const changed = changedTensors({ ops: between });
    if (inputs.some((input) => changed.has(input))) continue;
    const joined = activation ? { activation: activation.attributes } : {};
    absorbed.add(op).add(bias).add(last);
    fusedAt.set(
      last,
      op.name === 'conv2d'
        ? { ...op, inputs, outputs: last.outputs, attributes: { ...op.attributes, ...joined } }
        : { ...op, inputs, outputs: last.outputs, attributes: { ...op.attributes, ...joined } },
    );
  }
  const ops = program.ops.flatMap((op) => fusedAt.get(op) ?? (absorbed.has(op) ? [] : [op]));
  return { ...program, ops };
}
