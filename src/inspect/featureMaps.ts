import { type LayerSummary, layerOutput, layersProgram } from '../nn/index.js';
import { byDefault, listOf, optional, readOptions, wholeNumber } from '../numeric/options.js';
import { rows, sizeOf, type Tensor } from '../numeric/tensor.js';
import { compiledProgram, type InspectedModel, layerNamed, pixelsOf, text } from './model.js';
import { type Range, rangeOf } from './planes.js';

export interface FeatureMapsOptions {
  /** The names of the layers wanted, as in `summary()`. Default all. */
  readonly layers?: readonly string[];
}

export interface FeatureMapperOptions extends FeatureMapsOptions {
  /** How many images go through the network at once. Default 1. */
  readonly batchSize?: number;
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

/** Gives feature maps again and again, with the weights that the model had when it was made. */
export interface FeatureMapper {
  /**
   * The layers come in the network's order.
   * @param images [count, height, width, channels], bytes with a divisor or f32, as `predict` takes them
   * @throws CifraError `input-shape`, `no-images`
   */
  maps(images: Tensor): Promise<FeatureMap[]>;
  /** Frees what the backend holds for it. Maps that it gave stay. */
  dispose(): void;
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
  const { layers } = readOptions('featureMaps', options, layersOption);
  const batchSize = Math.min(pixelsOf(model, images).shape[0]!, BATCH);
  const mapper = await featureMapper(model, layers ? { layers, batchSize } : { batchSize });
  try {
    return await mapper.maps(images);
  } finally {
    mapper.dispose();
  }
}

/**
 * The same, for many calls: compiled once. A drawing that changes is followed with it as it is drawn.
 * @throws CifraError `unknown-layer`, `option-value`
 */
export async function featureMapper(model: InspectedModel, options: FeatureMapperOptions = {}): Promise<FeatureMapper> {
  const { layers, batchSize } = readOptions('featureMapper', options, {
    ...layersOption,
    batchSize: byDefault(wholeNumber(1), 1),
  });
  layers?.forEach((name) => layerNamed(model, name));
  const wanted = model.network.summaryData().layers.filter(({ name }) => layers?.includes(name) ?? true);
  const program = layersProgram(model.network, {
    capacity: batchSize,
    images: { dtype: 'f32' },
    layers: wanted.map(({ name }) => name),
  });
  const executable = await compiledProgram(model, program);

  async function maps(images: Tensor): Promise<FeatureMap[]> {
    const pixels = pixelsOf(model, images);
    const count = pixels.shape[0]!;
    const values = wanted.map(({ outputShape }) => new Float32Array(count * sizeOf(outputShape)));
    for (let start = 0; start < count; start += batchSize) {
      const end = Math.min(count, start + batchSize);
      executable.input('images').set(rows(pixels, start, end).data);
      await executable.run(end - start);
      wanted.forEach(({ name, outputShape }, i) => {
        values[i]!.set(executable.readOutput(layerOutput(name), end - start), start * sizeOf(outputShape));
      });
    }
    return wanted.map((layer, i) => {
      const data = values[i]!;
      return { layer, data, shape: [count, ...layer.outputShape], ...rangeOf(data), zeros: zerosIn(data) };
    });
  }
  return { maps, dispose: () => executable.dispose() };
}

const layersOption = { layers: optional(listOf(text, "layers' names")) };

function zerosIn(values: Float32Array): number {
  let zeros = 0;
  for (const value of values) if (value === 0) zeros++;
  return zeros / values.length;
}
