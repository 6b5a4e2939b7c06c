import type { Layer } from './layer.js';
import { pooling2d, type Pooling2dOptions } from './pooling2d.js';

/**
 * The mean of each window and channel: [H, W, C] to [outH, outW, C]. Padding does not count into the mean.
 * https://keras.io/api/layers/pooling_layers/average_pooling2d/
 * @throws CifraError on an option that is unknown or out of range
 */
export function averagePooling2d(options: Pooling2dOptions = {}): Layer {
  return pooling2d('averagePooling2d', 'averagePool2d', options);
}
