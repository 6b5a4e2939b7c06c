import { type LayerInput, opOf, sumOf, valuesIn, windowAt } from './layerInput.js';
import type { ChannelProducts, Conv2dStep, DenseStep } from './types.js';

/** The steps that multiply by a kernel. */

export function conv2dStep(layer: LayerInput, at: readonly number[]): [Conv2dStep, before: number] {
  const { attributes, inputs } = opOf(layer, 'conv2d');
  const [height, width, channelCount, filters] = inputs[1]!.shape as readonly [number, number, number, number];
  const window = windowAt(layer.placed.inputShape, [height, width], attributes, at);
  const filter = at[2]!;
  const weights = layer.weight('kernel')!;
  const channels = Array.from({ length: channelCount }, (_, channel): ChannelProducts => {
    const values = valuesIn(layer, window, channel);
    const kernel = values.map((_, i) => weights[(i * channelCount + channel) * filters + filter]!);
    return { channel, inputs: values, kernel, ...multiplied(values, kernel) };
  });
  const sum = channels.reduce((total, channel) => total + channel.sum, 0);
  const bias = layer.weight('bias')?.[filter];
  return [{ kind: 'conv2d', window, channels, sum, bias }, sum + (bias ?? 0)];
}

export function denseStep(layer: LayerInput, at: readonly number[]): [DenseStep, before: number] {
  const unit = at[0]!;
  const units = layer.placed.outputShape[0]!;
  const kernel = layer.weight('kernel')!;
  const inputs = Float64Array.from(layer.values);
  const weights = inputs.map((_, i) => kernel[i * units + unit]!);
  const { products, sum } = multiplied(inputs, weights);
  const bias = layer.weight('bias')?.[unit];
  return [{ kind: 'dense', inputs, weights, products, sum, bias }, sum + (bias ?? 0)];
}

function multiplied(inputs: Float64Array, weights: Float64Array): { products: Float64Array; sum: number } {
  const products = inputs.map((input, i) => input * weights[i]!);
  return { products, sum: sumOf(products) };
}
