import type { Executable } from '../engine/backend.js';
import type { Program } from '../engine/program/types.js';
import type { PlacedLayer } from '../nn/index.js';
import { CifraError, nearest } from '../numeric/errors.js';
import type { Kind } from '../numeric/options.js';
import { formatShape, sizeOf, type Tensor } from '../numeric/tensor.js';
import type { ModelBase } from '../train/modelBase.js';

/** What is looked at: a `Model`, or whatever has these of it. */
export type InspectedModel = Pick<ModelBase, 'network' | 'backend' | 'getWeights' | 'predict'>;

/** A program with the model's weights, on its backend. */
export async function compiledProgram(model: InspectedModel, program: Program): Promise<Executable> {
  const executable = await model.backend.compile(program);
  for (const [name, values] of model.getWeights()) executable.writeState(name, values);
  return executable;
}

/** The same; `use` runs it, and then it is gone. */
export async function withProgram<T>(
  model: InspectedModel,
  program: Program,
  use: (executable: Executable) => Promise<T>,
): Promise<T> {
  const executable = await compiledProgram(model, program);
  try {
    return await use(executable);
  } finally {
    executable.dispose();
  }
}

/** @throws CifraError `unknown-layer` with the nearest name */
export function layerNamed({ network }: InspectedModel, name: string): PlacedLayer {
  const found = network.layers.find((placed) => placed.name === name);
  if (found) return found;
  const names = network.layers.map((placed) => placed.name);
  const guess = nearest(name, names);
  throw new CifraError(
    'unknown-layer',
    `The network has no layer "${name}".`,
    guess ? `Did you mean "${guess}"?` : `Its layers are: ${names.join(', ')}.`,
  );
}

/**
 * Images as the first layer takes them: values divided by their divisor.
 * @throws CifraError `input-shape`, `no-images`
 */
export function pixelsOf({ network }: InspectedModel, { data, shape, divisor = 1 }: Tensor): Tensor<Float32Array> {
  const [count, ...sizes] = shape;
  if (count === undefined || formatShape(sizes) !== formatShape(network.inputShape)) {
    throw new CifraError(
      'input-shape',
      `The network takes images of shape [count, ${network.inputShape.join(', ')}], but was given ${formatShape(shape)}.`,
      'The first size is the number of images: a single image has 1 there.',
    );
  }
  if (count === 0) throw new CifraError('no-images', 'There is no image to look at.', 'Give at least one.');
  return { data: Float32Array.from(data, (value) => value / divisor), shape };
}

/** One image [1, height, width, channels], as the first layer takes it. @throws CifraError `input-shape` */
export function onePicture(model: InspectedModel, image: Tensor): Tensor<Float32Array> {
  const pixels = pixelsOf(model, image);
  if (pixels.shape[0] === 1 && pixels.shape.length === 4) return pixels;
  throw new CifraError(
    'input-shape',
    `One image of shape [1, height, width, channels] is looked at, but there is ${formatShape(image.shape)}.`,
    'Take one: rows(images, index, index + 1).',
  );
}

/** How many classes the network tells apart. @throws CifraError `no-classes` if its output is no list of numbers */
export function classCount({ network }: InspectedModel): number {
  const { outputShape } = network;
  if (outputShape.length === 1) return sizeOf(outputShape);
  throw new CifraError(
    'no-classes',
    `The network gives ${formatShape(outputShape)}, not one number for each class.`,
    'Look at a network that ends with dense().',
  );
}

/** The class asked for, or the one with the largest score. @throws CifraError `target-label` */
export function targetClass(target: number | undefined, scores: ArrayLike<number>): number {
  if (target === undefined) return indexOfLargest(scores);
  if (Number.isInteger(target) && target >= 0 && target < scores.length) return target;
  throw new CifraError(
    'target-label',
    `The target ${target} is not one of the network's ${scores.length} classes, which are 0 to ${scores.length - 1}.`,
  );
}

function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

export const text: Kind<string> = {
  allowed: 'a text',
  read: (value) => (typeof value === 'string' ? value : undefined),
};
