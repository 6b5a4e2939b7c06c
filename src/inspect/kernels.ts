import { CifraError } from '../numeric/errors.js';
import { type InspectedModel, layerNamed } from './model.js';
import { type Planes, type Range, rangeOf, symmetricScale } from './planes.js';

/** The kernels of a convolution as pictures: all of filter 0's, one for each input channel, then filter 1's and so on. */
export interface Kernels extends Planes, Range {
  readonly layer: string;
  readonly filters: number;
  /** Of the layer's input. */
  readonly channels: number;
  /** The largest absolute weight: draw on a scale from -scale to scale, so that 0 is in its middle. */
  readonly scale: number;
}

/**
 * The kernels of a convolution.
 * @param layer its name; default the first convolution's
 * @throws CifraError `unknown-layer`, `no-kernels` if the layer, or the network, has none that are pictures
 */
export function kernels(model: InspectedModel, layer?: string): Kernels {
  const { network } = model;
  const placed =
    layer === undefined ? network.layers.find(({ layer: { type } }) => type === 'conv2d') : layerNamed(model, layer);
  const kernel = placed?.weights.find(({ name, shape }) => name === `${placed.name}/kernel` && shape.length === 4);
  if (!placed || !kernel) {
    throw new CifraError(
      'no-kernels',
      placed ? `Layer "${placed.name}" is no convolution.` : 'The network has no convolution.',
      'Only the kernels of conv2d layers are pictures.',
    );
  }
  const [height, width, channels, filters] = kernel.shape as readonly [number, number, number, number];
  const weights = model.getWeights().get(kernel.name)!;
  const count = channels * filters;
  const area = height * width;
  const data = new Float32Array(weights.length);
  for (let filter = 0; filter < filters; filter++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let at = 0; at < area; at++) {
        data[(filter * channels + channel) * area + at] = weights[(at * channels + channel) * filters + filter]!;
      }
    }
  }
  const range = rangeOf(data);
  return { layer: placed.name, data, count, height, width, filters, channels, ...range, scale: symmetricScale(range) };
}
