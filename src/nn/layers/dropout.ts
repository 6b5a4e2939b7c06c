import { number, required } from '../../numeric/options.js';
import { type Layer, layer, type LayerOptions, readLayerOptions } from './layer.js';

export interface DropoutOptions extends LayerOptions {
  /** The share of values that becomes 0, from 0 to below 1. */
  readonly rate: number;
}

/**
 * In training, sets each value to 0 with probability `rate` and divides the others by 1 - rate, so that the expected
 * value stays (Srivastava et al. 2014). Afterwards it does nothing.
 * https://keras.io/api/layers/regularization_layers/dropout/
 * @throws CifraError on an option that is unknown, missing or out of range
 */
export function dropout(options: DropoutOptions): Layer {
  const values = readLayerOptions('dropout', options, { rate: required(number({ from: 0, below: 1 })) });
  const { rate } = values;

  return layer('dropout', values, {
    apply({ builder, input, training, random }) {
      if (!training || rate === 0) return input;
      const { words, stream } = random();
      return builder.emit('dropout', [input, words], { rate, stream })[0]!;
    },
  });
}
