import { ones, zeros } from '../initializers.js';
import { boolean, byDefault, number } from '../../numeric/options.js';
import { type Layer, layer, type LayerOptions, readLayerOptions, type WeightSpec } from './layer.js';

export interface BatchNormalizationOptions extends LayerOptions {
  /** How much of a moving average stays at each step, from 0 to 1. Default 0.99. */
  readonly momentum?: number;
  /** Added to the variance before the root. Default 1e-3. */
  readonly epsilon?: number;
  /** Whether beta is added. Default true. */
  readonly center?: boolean;
  /** Whether the result is multiplied by gamma. Default true. */
  readonly scale?: boolean;
}

/**
 * Brings every channel (last axis) to mean beta and standard deviation gamma. In training over the batch, while moving
 * averages of mean and (biased) variance are kept; these are used afterwards, and also in training if `trainable` is
 * false. Weights, each [channels]: gamma, beta, moving_mean, moving_variance.
 * https://keras.io/api/layers/normalization_layers/batch_normalization/
 * @throws CifraError on an option that is unknown or out of range
 */
export function batchNormalization(options: BatchNormalizationOptions = {}): Layer {
  const values = readLayerOptions('batchNormalization', options, {
    momentum: byDefault(number({ from: 0, to: 1 }), 0.99),
    epsilon: byDefault(number({ above: 0 }), 1e-3),
    center: byDefault(boolean, true),
    scale: byDefault(boolean, true),
  });
  const { momentum, epsilon, center, scale, trainable } = values;

  return layer('batchNormalization', values, {
    weights(input) {
      const shape = [input.at(-1)!];
      const weights: WeightSpec[] = [];
      if (scale) weights.push({ name: 'gamma', shape, initializer: ones(), trainable: true });
      if (center) weights.push({ name: 'beta', shape, initializer: zeros(), trainable: true });
      weights.push({ name: 'moving_mean', shape, initializer: zeros(), trainable: false });
      weights.push({ name: 'moving_variance', shape, initializer: ones(), trainable: false });
      return weights;
    },
    apply({ builder, input, weight, training, movingAverage }) {
      const shape = [input.shape.at(-1)!];
      const gamma = scale ? weight('gamma') : builder.constant(shape, 1);
      const beta = center ? weight('beta') : builder.constant(shape, 0);
      if (!training || !trainable) {
        const inputs = [input, gamma, beta, weight('moving_mean'), weight('moving_variance')];
        return builder.emit('batchNormalizationInference', inputs, { epsilon })[0]!;
      }
      const [y, mean, variance] = builder.emit('batchNormalization', [input, gamma, beta], { epsilon });
      movingAverage('moving_mean', mean!, momentum);
      movingAverage('moving_variance', variance!, momentum);
      return y!;
    },
  });
}
