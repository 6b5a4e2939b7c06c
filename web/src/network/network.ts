import {
  arithmetic,
  type FeatureMap,
  featureMapper,
  type FeatureMapper,
  type Place,
  receptiveField,
} from '../../../src/inspect/index.js';
import { CifraError } from '../../../src/numeric/errors.js';
import type { Tensor } from '../../../src/numeric/tensor.js';
import type { Model } from '../../../src/train/model.js';
import { Moved } from '../channel/serve.js';
import type { Explanation, LayerMaps, OpenedNetwork } from './networkApi.js';

/** In a worker: looks into a network. It needs nothing before it is asked, and goes with the model. */
export class NetworkLens {
  #mapper: Promise<FeatureMapper> | undefined;
  #seen: { readonly image: Tensor<Uint8Array>; readonly maps: readonly FeatureMap[] } | undefined;

  constructor(readonly model: Model) {}

  /** @param ink the network's input, 0 to 255 */
  async open(ink: Uint8Array, place: Place | undefined): Promise<Moved<OpenedNetwork>> {
    const { network } = this.model;
    const image = { data: ink.slice(), shape: [1, ...network.inputShape], divisor: 255 };
    this.#mapper ??= featureMapper(this.model);
    const maps = await (await this.#mapper).maps(image);
    this.#seen = { image, maps };
    const layers = maps.map(({ layer: { name, outputShape, parameters }, data, min, max }, i): LayerMaps => ({
      name,
      config: network.layers[i]!.layer.config,
      shape: outputShape,
      parameters,
      data: data.slice(),
      min,
      max,
    }));
    const explanation = place && this.explain(place);
    return new Moved(
      { image: ink.slice(), inputShape: network.inputShape, layers, explanation },
      layers.map(({ data }) => data.buffer as ArrayBuffer),
    );
  }

  explain(place: Place): Explanation | undefined {
    if (!this.#seen) return undefined;
    const { image, maps } = this.#seen;
    try {
      return { arithmetic: arithmetic(this.model, image, maps, place), field: receptiveField(this.model, place) };
    } catch (error) {
      // A place of another network, out of the address of the page.
      if (error instanceof CifraError && ['unknown-layer', 'pixel-place'].includes(error.code)) return undefined;
      throw error;
    }
  }
}
