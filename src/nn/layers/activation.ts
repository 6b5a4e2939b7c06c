import { type ActivationLike, activationKind } from '../activations.js';
import { required } from '../../numeric/options.js';
import { type Layer, layer, type LayerOptions, readLayerOptions } from './layer.js';

export interface ActivationOptions extends LayerOptions {
  readonly activation: ActivationLike;
}

/**
 * An activation as a layer of its own, for instance between batch normalization and pooling.
 * https://keras.io/api/layers/core_layers/activation/
 * @throws CifraError on an option that is unknown, missing or out of range
 */
export function activation(options: ActivationOptions): Layer {
  const values = readLayerOptions('activation', options, { activation: required(activationKind) });
  return layer('activation', values, { apply: ({ input }) => input });
}
