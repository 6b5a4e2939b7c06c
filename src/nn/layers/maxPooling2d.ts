import type { Layer } from './layer.js';
import { pooling2d, type Pooling2dOptions } from './pooling2d.js';

/**
 * The largest value of each window and channel: [H, W, C] to [outH, outW, C].
 * https://keras.io/api/layers/pooling_layers/max_pooling2d/
 * @throws CifraError on an option that is unknown or out of range
 */
export function maxPooling2d(options: Pooling2dOptions = {}): Layer {
  return pooling2d('maxPooling2d', 'maxPool2d', options);
}
