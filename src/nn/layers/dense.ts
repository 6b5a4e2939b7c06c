import { formatShape, sizeOf } from '../../numeric/tensor.js';
import { required, wholeNumber } from '../../numeric/options.js';
import { addBias, kernelAndBias, type KernelOptions, kernelOptions } from './kernel.js';
import { type Layer, layer, Misfit, readLayerOptions } from './layer.js';

export interface DenseOptions extends KernelOptions {
  /** The number of outputs. */
  readonly units: number;
}

/**
 * Every output depends on every input: [features] to [units]. Weights: kernel [features, units], bias [units].
 * https://keras.io/api/layers/core_layers/dense/
 * @throws CifraError on an option that is unknown, missing or out of range
 */
export function dense(options: DenseOptions): Layer {
  const values = readLayerOptions('dense', options, { units: required(wholeNumber(1)), ...kernelOptions });
  const { units } = values;

  return layer('dense', values, {
    outputShape(input) {
      if (input.length === 1) return [units];
      throw new Misfit(
        `it takes [features], but its input has shape ${formatShape(input)}`,
        `Put flatten() before it, which makes [${sizeOf(input)}] of that, or globalAveragePooling2d().`,
      );
    },
    weights: (input) => kernelAndBias(values, [...input, units]),
    apply(context) {
      const { builder, input, weight } = context;
      const y = builder.emit('matmul', [input, weight('kernel')], { transposeA: false, transposeB: false })[0]!;
      return addBias(context, values, y);
    },
    multiplyAdds: (input) => sizeOf(input) * units,
  });
}
