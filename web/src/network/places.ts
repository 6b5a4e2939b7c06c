import type { Place } from '../../../src/inspect/index.js';
import type { Codec } from '../app/url.js';
import type { OpenedNetwork } from './networkApi.js';

/** Places in the network as the page has them: `layer` is empty for a pixel of the network's input. */
export const INPUT = '';

/** `12.9.7-conv2d_1`: row, column and channel, then the layer. */
export const placeCodec: Codec<Place | undefined> = {
  parse(text) {
    const [, indices, layer = INPUT] = /^(\d+(?:\.\d+)*)(?:-(.+))?$/.exec(text) ?? [];
    return indices === undefined ? undefined : { layer, at: indices.split('.').map(Number) };
  },
  format(place) {
    if (!place) return '';
    const indices = place.at.join('.');
    return place.layer === INPUT ? indices : `${indices}-${place.layer}`;
  },
};

export function samePlace(a: Place | undefined, b: Place | undefined): boolean {
  return placeCodec.format(a) === placeCodec.format(b);
}

/** The shape of what a layer, or the input, gives; undefined if there is no such layer. */
export function shapeOf({ layers, inputShape }: OpenedNetwork, layer: string): readonly number[] | undefined {
  return layer === INPUT ? inputShape : layers.find(({ name }) => name === layer)?.shape;
}

/** The name of the layer before, whose numbers go into this one's. */
export function layerBefore({ layers }: OpenedNetwork, layer: string): string {
  return layers[layers.findIndex(({ name }) => name === layer) - 1]?.name ?? INPUT;
}

export function isIn(network: OpenedNetwork, { layer, at }: Place): boolean {
  const shape = shapeOf(network, layer);
  return shape?.length === at.length && at.every((index, axis) => index < shape[axis]!);
}

/** The place `by` further along an axis; the same at the end. */
export function moved(shape: readonly number[], { layer, at }: Place, axis: number, by: number): Place {
  const to = (index: number): number => Math.min(shape[axis]! - 1, Math.max(0, index + by));
  return { layer, at: at.map((index, i) => (i === axis ? to(index) : index)) };
}

/** A place in words: `map 7, row 12, column 9`. */
export function placeWords(at: readonly number[]): string {
  if (at.length !== 3) return `unit ${at.join(', ')}`;
  return `map ${at[2]}, row ${at[0]}, column ${at[1]}`;
}
