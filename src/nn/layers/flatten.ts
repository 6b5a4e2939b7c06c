import { sizeOf } from '../../numeric/tensor.js';
import { type Layer, layer, type LayerOptions, readLayerOptions } from './layer.js';

/**
 * All values of a row in one axis, row-major over [H, W, C]: the channels of the first pixel come first.
 * https://keras.io/api/layers/reshaping_layers/flatten/
 * @throws CifraError on an unknown option
 */
export function flatten(options: LayerOptions = {}): Layer {
  return layer('flatten', readLayerOptions('flatten', options, {}), {
    outputShape: (input) => [sizeOf(input)],
    apply({ builder, input }) {
      const [count, ...sizes] = input.shape;
      return builder.emit('reshape', [input], { shape: [count!, sizeOf(sizes)] })[0]!;
    },
  });
}
