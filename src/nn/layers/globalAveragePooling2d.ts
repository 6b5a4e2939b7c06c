import { imageShape, type Layer, layer, type LayerOptions, readLayerOptions } from './layer.js';

/**
 * The mean of each channel over the whole image: [H, W, C] to [C].
 * https://keras.io/api/layers/pooling_layers/global_average_pooling2d/
 * @throws CifraError on an unknown option
 */
export function globalAveragePooling2d(options: LayerOptions = {}): Layer {
  return layer('globalAveragePooling2d', readLayerOptions('globalAveragePooling2d', options, {}), {
    outputShape: (input) => [imageShape(input)[2]],
    apply({ builder, input }) {
      const [height, width, channels] = imageShape(input.shape.slice(1));
      const padding = { top: 0, bottom: 0, left: 0, right: 0 };
      const means = builder.emit('averagePool2d', [input], { poolSize: [height, width], strides: [1, 1], padding })[0]!;
      return builder.emit('reshape', [means], { shape: [input.shape[0]!, channels] })[0]!;
    },
  });
}
