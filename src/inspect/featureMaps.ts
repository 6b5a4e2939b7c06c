import { type LayerSummary, layerOutput, layersProgram } from '../nn/index.js';
import { listOf, optional, readOptions } from '../numeric/options.js';
import { rows, sizeOf, type Tensor } from '../numeric/tensor.js';
import { type InspectedModel, layerNamed, pixelsOf, text, withProgram } from './model.js';
import { type Range, rangeOf } from './planes.js';

export interface FeatureMapsOptions {
  /** The names of the layers wanted, as in `summary()`. Default all. */
  readonly layers?: readonly string[];
}

/** What a layer makes of images, after its activation. `planesOf(map, image)` has it as pictures. */
export interface FeatureMap extends Tensor<Float32Array>, Range {
  /** The layer, with name, type and shape as in `summary()`. */
  readonly layer: LayerSummary;
  /** [count, height, width, channels], or [count, units] where the layer's output is no image. */
  readonly shape: readonly number[];
  /** The share of values that are exactly 0: what relu or pooling have left silent. */
  readonly zeros: number;
}

/** How many images go through the network at once. */
const BATCH = 64;

/**
 * What every layer gives for images, as the network is after training: dropout does nothing, batch normalization uses
 * its moving averages. The layers come in the network's order, computed as they are written.
 * @param images [count, height, width, channels], bytes with a divisor or f32, as `predict` takes them
 * @throws CifraError `unknown-layer`, `input-shape`, `no-images`, `option-value`
 */
export async function featureMaps(
  model: InspectedModel,
  images: Tensor,
  options: FeatureMapsOptions = {},
): Promise<FeatureMap[]> {
  const { layers } = readOptions('featureMaps', options, { layers: optional(listOf(text, "layers' names")) });
  layers?.forEach((name) => layerNamed(model, name));
  const pixels = pixelsOf(model, images);
  const count = pixels.shape[0]!;
  const wanted = model.network.summaryData().layers.filter(({ name }) => layers?.includes(name) ?? true);
  const values = wanted.map(({ outputShape }) => new Float32Array(count * sizeOf(outputShape)));
  const capacity = Math.min(count, BATCH);
  const program = layersProgram(model.network, {
    capacity,
    images: { dtype: 'f32' },
    layers: wanted.map(({ name }) => name),
  });
  await withProgram(model, program, async (executable) => {
    for (let start = 0; start < count; start += capacity) {
      const end = Math.min(count, start + capacity);
      executable.input('images').set(rows(pixels, start, end).data);
      await executable.run(end - start);
      wanted.forEach(({ name, outputShape }, i) => {
        values[i]!.set(executable.readOutput(layerOutput(name), end - start), start * sizeOf(outputShape));
      });
    }
  });
  return wanted.map((layer, i) => {
    const data = values[i]!;
    return { layer, data, shape: [count, ...layer.outputShape], ...rangeOf(data), zeros: zerosIn(data) };
  });
}

function zerosIn(values: Float32Array): number {
  let zeros = 0;
  for (const value of values) if (value === 0) zeros++;
  return zeros / values.length;
}
