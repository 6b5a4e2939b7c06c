import type { Arithmetic, ImageRectangle, Place } from '../../../src/inspect/index.js';
import type { Config } from '../../../src/nn/index.js';

/** What a layer makes of the drawing. */
export interface LayerMaps {
  readonly name: string;
  /** Its type and options. */
  readonly config: Config;
  /** [height, width, channels] or [units]. */
  readonly shape: readonly number[];
  readonly parameters: number;
  /** Row by row, the channels of a pixel side by side. */
  readonly data: Float32Array;
  readonly min: number;
  readonly max: number;
}

/** How a number came about, and what it can depend on. */
export interface Explanation {
  readonly arithmetic: Arithmetic;
  /** In the network's input. */
  readonly field: ImageRectangle | undefined;
}

/** A network with a drawing in it. */
export interface OpenedNetwork {
  /** The network's input, from 0 for paper to 255 for ink, and its shape [height, width, 1]. */
  readonly image: Uint8Array;
  readonly inputShape: readonly number[];
  readonly layers: readonly LayerMaps[];
  /** Of the place that was asked for; undefined where the network has none such. */
  readonly explanation: Explanation | undefined;
}

export type NetworkApi = {
  /** What every layer makes of the scene that was read last; undefined before the first. */
  network(place: Place | undefined): Promise<OpenedNetwork | undefined>;
  /** How a number of what `network` gave last came about; undefined where there is no such place. */
  explain(place: Place): Promise<Explanation | undefined>;
};
