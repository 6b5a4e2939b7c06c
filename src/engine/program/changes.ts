import { ops as definitions } from './ops/index.js';
import type { Op, OpName, Program, TensorSpec } from './types.js';

/** The tensors that the program writes in place: they do not keep their values during a run. */
export function changedTensors({ ops }: Pick<Program, 'ops'>): Set<TensorSpec> {
  return new Set(ops.flatMap((op) => updatedInputs(op)));
}

function updatedInputs<N extends OpName>({ name, inputs, attributes }: Op<N>): TensorSpec[] {
  const updates = definitions[name].updates?.(attributes) ?? [];
  return updates.map((i) => inputs[i]!);
}
