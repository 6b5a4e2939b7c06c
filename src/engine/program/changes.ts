import { ops as definitions } from './ops/index.js';
import type { Program, TensorSpec } from './types.js';

/** The tensors that the program writes in place: they do not keep their values during a run. */
export function changedTensors({ ops }: Pick<Program, 'ops'>): Set<TensorSpec> {
  return new Set(ops.flatMap((op) => (definitions[op.name].updates ?? []).flatMap((i) => op.inputs[i] ?? [])));
}
