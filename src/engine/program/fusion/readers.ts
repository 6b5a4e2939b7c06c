import type { AnyOp, Program, TensorSpec } from '../types.js';

/** Gives the one op that reads a value, if there is just one and the host does not read it either. */
export function onlyReaders({ ops, outputs }: Program): (tensor: TensorSpec) => AnyOp | undefined {
  const readers = new Map<TensorSpec, AnyOp[]>();
  for (const op of ops) for (const input of op.inputs) readers.set(input, [...(readers.get(input) ?? []), op]);
  const read = new Set(outputs.values());
  return (tensor) => {
    const all = readers.get(tensor) ?? [];
    return all.length === 1 && !read.has(tensor) ? all[0] : undefined;
  };
}
