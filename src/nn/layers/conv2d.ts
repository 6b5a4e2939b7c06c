import { byDefault, required, size2d, type Size2d, wholeNumber } from '../../numeric/options.js';
import { addBias, kernelAndBias, type KernelOptions, kernelOptions } from './kernel.js';
import { type Layer, layer, readLayerOptions, type Shape } from './layer.js';
import { type PaddingMode, paddingMode, slidingWindow } from './window.js';

export interface Conv2dOptions extends KernelOptions {
  /** The number of output channels. */
  readonly filters: number;
  /** Height and width of the kernel, or one number for both. */
  readonly kernelSize: number | Size2d;
  /** Default 1. */
  readonly strides?: number | Size2d;
  /** Default `valid`. */
  readonly padding?: PaddingMode;
}

/**
 * Convolution of images: [H, W, C] to [outH, outW, filters]. Weights: kernel [kh, kw, C, filters], bias [filters].
 * https://keras.io/api/layers/convolution_layers/convolution2d/
 * @throws CifraError on an option that is unknown, missing or out of range
 */
export function conv2d(options: Conv2dOptions): Layer {
  const values = readLayerOptions('conv2d', options, {
    filters: required(wholeNumber(1)),
    kernelSize: required(size2d),
    strides: byDefault(size2d, [1, 1]),
    padding: byDefault(paddingMode, 'valid'),
    ...kernelOptions,
  });
  const { filters, kernelSize, strides } = values;
  const windowOn = (input: Shape) => slidingWindow(input, kernelSize, strides, values.padding);

  return layer('conv2d', values, {
    outputShape(input) {
      const { outHeight, outWidth } = windowOn(input);
      return [outHeight, outWidth, filters];
    },
    weights: (input) => kernelAndBias(values, [...kernelSize, windowOn(input).channels, filters]),
    apply(context) {
      const { builder, input, weight } = context;
      const { padding } = windowOn(input.shape.slice(1));
      const y = builder.emit('conv2d', [input, weight('kernel')], { strides, padding })[0]!;
      return addBias(context, values, y);
    },
    multiplyAdds(input) {
      const { outHeight, outWidth, channels } = windowOn(input);
      return outHeight * outWidth * filters * kernelSize[0] * kernelSize[1] * channels;
    },
  });
}
