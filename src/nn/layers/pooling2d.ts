import { byDefault, optional, size2d, type Size2d } from '../../numeric/options.js';
import { type Layer, layer, type LayerOptions, readLayerOptions } from './layer.js';
import { type PaddingMode, paddingMode, slidingWindow } from './window.js';

export interface Pooling2dOptions extends LayerOptions {
  /** Height and width of the window, or one number for both. Default 2. */
  readonly poolSize?: number | Size2d;
  /** Default: the pool size, so that windows do not overlap. */
  readonly strides?: number | Size2d;
  /** Default `valid`: rows and columns that fill no window are dropped. */
  readonly padding?: PaddingMode;
}

/** What max and average pooling share: all but the op. */
export function pooling2d(type: string, op: 'maxPool2d' | 'averagePool2d', options: Pooling2dOptions): Layer {
  const values = readLayerOptions(type, options, {
    poolSize: byDefault(size2d, [2, 2]),
    strides: optional(size2d),
    padding: byDefault(paddingMode, 'valid'),
  });
  const { poolSize, strides = poolSize } = values;

  return layer(type, values, {
    outputShape(input) {
      const { outHeight, outWidth, channels } = slidingWindow(input, poolSize, strides, values.padding);
      return [outHeight, outWidth, channels];
    },
    apply({ builder, input }) {
      const { padding } = slidingWindow(input.shape.slice(1), poolSize, strides, values.padding);
      return builder.emit(op, [input], { poolSize, strides, padding })[0]!;
    },
  });
}
