import type { AnyOp } from '../engine/program/types.js';
import { layersProgram } from '../nn/index.js';
import { placeOf } from './arithmetic/layerInput.js';
import { checkPlace } from './arithmetic/place.js';
import type { Place } from './arithmetic/types.js';
import { type InspectedModel, layerNamed } from './model.js';

/** Rows and columns of an image, from 0, the last ones included. */
export interface ImageRectangle {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/**
 * The part of the network's input, images [height, width, channels], that a number of a layer can depend on.
 * @returns undefined where the input is no image
 * @throws CifraError `unknown-layer`; `pixel-place` if the place is not in the layer's output
 */
export function receptiveField(model: InspectedModel, { layer: name, at }: Place): ImageRectangle | undefined {
  const { network } = model;
  const last = layerNamed(model, name);
  checkPlace(last, at);
  const { ops } = layersProgram(network, { capacity: 1, images: { dtype: 'f32' } });
  // One unit as long as there is one of it in each layer, then all of them.
  let unit = at.length === 1 ? at[0] : undefined;
  let field = at.length === 3 ? pixel(at) : undefined;
  for (const { name, inputShape, outputShape } of network.layers.slice(0, network.layers.indexOf(last) + 1).reverse()) {
    const own = ops.filter(({ label }) => label === name);
    if (outputShape.length === 1 && own.some((op) => ['matmul', 'softmax', 'averagePool2d'].includes(op.name))) {
      unit = undefined;
    }
    if (inputShape.length !== 3) continue;
    const sees = own.flatMap(windowOf)[0];
    if (!field) field = unit === undefined ? whole(inputShape) : pixel(placeOf(inputShape, unit));
    else if (sees) field = widened(field, sees, inputShape);
  }
  return field;
}

interface Sight {
  readonly size: readonly [number, number];
  readonly attributes: Extract<AnyOp, { name: 'conv2d' | 'maxPool2d' }>['attributes'];
}

function windowOf(op: AnyOp): Sight[] {
  if (op.name === 'maxPool2d' || op.name === 'averagePool2d') {
    return [{ size: op.attributes.poolSize, attributes: op.attributes }];
  }
  if (op.name !== 'conv2d') return [];
  const [height, width] = op.inputs[1]!.shape;
  return [{ size: [height!, width!], attributes: op.attributes }];
}

function pixel([row, column]: readonly number[]): ImageRectangle {
  return { top: row!, bottom: row!, left: column!, right: column! };
}

function whole([height, width]: readonly number[]): ImageRectangle {
  return { top: 0, left: 0, bottom: height! - 1, right: width! - 1 };
}

/** What the windows of all pixels of the rectangle see. */
function widened(
  { top, left, bottom, right }: ImageRectangle,
  { size, attributes: { strides, padding } }: Sight,
  [height, width]: readonly number[],
): ImageRectangle {
  return {
    top: Math.max(0, top * strides[0] - padding.top),
    left: Math.max(0, left * strides[1] - padding.left),
    bottom: Math.min(height! - 1, bottom * strides[0] - padding.top + size[0] - 1),
    right: Math.min(width! - 1, right * strides[1] - padding.left + size[1] - 1),
  };
}
