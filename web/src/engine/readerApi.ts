import type { DigitReading } from '../../../src/reading/index.js';
import type { Stage } from '../../../src/digit/index.js';
import type { Config, SummaryData } from '../../../src/nn/index.js';
import type { Scene } from '../draw/scene.js';
import type { NetworkApi } from '../network/networkApi.js';

/** Which network reads. */
export type ModelSource =
  | 'shipped'
  /** A model file. */
  | { readonly file: string; readonly bytes: Uint8Array<ArrayBuffer> }
  /** A network in training, with its weights as they are now. */
  | { readonly network: Config; readonly weights: ReadonlyMap<string, Float32Array> };

export interface ModelFacts {
  readonly name: string;
  readonly summary: SummaryData;
}

/** What the networks make of a scene. */
export interface Answer extends Omit<DigitReading, 'normalized'> {
  /** The network's input: 784 values from 0 for paper to 255 for ink, row by row. */
  readonly image: Uint8Array;
  /** That it took, in ms, from pixels to answer. */
  readonly milliseconds: number;
}

export type ReaderApi = {
  /** Reads with another network from now on. @throws CifraError what `modelFromBytes` and `DigitReader` throw */
  open(source: ModelSource): Promise<ModelFacts>;
  read(scene: Scene): Promise<Answer>;
  /** How the network's input came about from the scene that was read last, step by step. */
  stages(nothing: undefined): Promise<readonly Stage[]>;
} & NetworkApi;
