import { changedTensors } from '../changes.js';
import { ops as definitions } from '../ops/index.js';
import type { AnyOp, Op, Program, TensorSpec } from '../types.js';
import { onlyReaders } from './readers.js';

type Normalization = Op<'batchNormalizationInference'>;
type Product = Op<'conv2d'> | Op<'matmul'>;

/**
 * Batch normalization with fixed statistics goes into the weights of the convolution or matrix product right before or
 * right after it: nothing is left of it but a calculation that is done once for all runs.
 */
export function foldNormalization(program: Program): Program {
  let folded = program;
  for (;;) {
    const next = foldOne(folded);
    if (!next) return folded;
    folded = next;
  }
}

function foldOne(program: Program): Program | undefined {
  const changed = changedTensors(program);
  const isFixed = ({ role }: TensorSpec) => role === 'state' || role === 'constant' || role === 'derived';
  const onlyReader = onlyReaders(program);
  const producer = new Map(program.ops.flatMap((op) => op.outputs.map((output) => [output, op] as const)));
  for (const op of program.ops) {
    if (op.name !== 'batchNormalizationInference') continue;
    const found = neighbour(op, onlyReader, producer);
    if (!found) continue;
    const weights = [...op.inputs.slice(1), found.product.inputs[1]!, ...(found.bias ? [found.bias.inputs[1]!] : [])];
    if (weights.every((tensor) => isFixed(tensor) && !changed.has(tensor))) return rewrite(program, op, found);
  }
  return undefined;
}

interface Neighbour {
  readonly side: 'input' | 'output';
  readonly product: Product;
  readonly bias: Op<'addBias'> | undefined;
}

/** The product beside the normalization, and the addition of its bias. */
function neighbour(
  op: Normalization,
  onlyReader: (tensor: TensorSpec) => AnyOp | undefined,
  producer: ReadonlyMap<TensorSpec, AnyOp>,
): Neighbour | undefined {
  const after = onlyReader(op.outputs[0]!);
  if (after && isProduct(after) && after.inputs[0] === op.outputs[0] && !isPadded(after)) {
    const next = onlyReader(after.outputs[0]!);
    const bias = next?.name === 'addBias' && next.inputs[0] === after.outputs[0] ? next : undefined;
    return { side: 'input', product: after, bias };
  }
  let before = producer.get(op.inputs[0]!);
  let bias: Op<'addBias'> | undefined;
  if (before?.name === 'addBias' && onlyReader(before.outputs[0]!) === op) {
    bias = before;
    before = producer.get(bias.inputs[0]!);
  }
  if (!before || !isProduct(before) || onlyReader(before.outputs[0]!) !== (bias ?? op)) return undefined;
  return { side: 'output', product: before, bias };
}

/** A convolution or matrix product whose second factor is a kernel with input and output channels as its last axes. */
function isProduct(op: AnyOp): op is Product {
  if (op.name === 'conv2d') return true;
  return op.name === 'matmul' && !op.attributes.transposeA && !op.attributes.transposeB;
}

/** What is normalized must not be zeros that were not: those around an image. */
function isPadded(op: Product): boolean {
  if (op.name !== 'conv2d') return false;
  const { top, bottom, left, right } = op.attributes.padding;
  return top + bottom + left + right > 0;
}

function rewrite(program: Program, normalization: Normalization, { side, product, bias }: Neighbour): Program {
  const [x, ...statistics] = normalization.inputs as [TensorSpec, ...TensorSpec[]];
  const kernel = product.inputs[1]!;
  const attributes = { epsilon: normalization.attributes.epsilon, side };
  const inputs = [kernel, ...statistics, ...(bias ? [bias.inputs[1]!] : [])];
  const tensors = [...program.tensors];
  const derived = (name: string, shape: readonly number[], batched: boolean, role: TensorSpec['role']): TensorSpec => {
    const tensor = { id: tensors.length, name, shape, dtype: 'f32', role, batched } as const;
    tensors.push(tensor);
    return tensor;
  };
  const [kernelShape, biasShape] = definitions.foldNormalization.shapes(inputs, attributes);
  const label = product.label;
  const foldedKernel = derived(`${kernel.name} ${normalization.label}`, kernelShape!.shape, false, 'derived');
  const foldedBias = derived(`${label}/bias ${normalization.label}`, biasShape!.shape, false, 'derived');
  const fold: AnyOp = {
    name: 'foldNormalization',
    inputs,
    outputs: [foldedKernel, foldedBias],
    attributes,
    label: normalization.label,
  };
  const result = (side === 'input' ? (bias ?? product) : normalization).outputs[0]!;
  const y =
    product.outputs[0] === result
      ? derived(`${label}/product`, result.shape, result.batched, 'value')
      : product.outputs[0]!;
  const from = side === 'input' ? x : product.inputs[0]!;
  const rewritten = new Map<AnyOp, readonly AnyOp[]>([
    [normalization, []],
    [product, [fold, { ...product, inputs: [from, foldedKernel], outputs: [y] }]],
  ]);
  const addBias: AnyOp = { name: 'addBias', inputs: [y, foldedBias], outputs: [result], attributes: {}, label };
  if (bias) rewritten.set(bias, [addBias]);
  else rewritten.set(product, [...rewritten.get(product)!, addBias]);
  return { ...program, tensors, ops: program.ops.flatMap((op) => rewritten.get(op) ?? [op]) };
}
