import type { InputWindow, Place } from '../../../src/inspect/index.js';
import type { Explanation, OpenedNetwork } from './networkApi.js';
import { INPUT, layerBefore } from './places.js';
import { boxOf, type Box, type TilePlace, type Tiling } from './tiles.js';

/** What is outlined on a layer's maps. */
export interface Mark extends Box {
  /** The chosen pixel and its map; what it was made of, in the layer before; what it can depend on, in the input. */
  readonly kind: 'chosen' | 'map' | 'window' | 'field' | 'cursor';
}

/** A place as one of the tiles: units are maps of one pixel. */
export function tileOf(at: readonly number[]): TilePlace {
  const [row, column, map] = at;
  return at.length === 3 ? { map: map!, row: row!, column: column! } : { map: row!, row: 0, column: 0 };
}

/** And back. */
export function placeOfTile(layer: string, axes: number, { map, row, column }: TilePlace): Place {
  return { layer, at: axes === 3 ? [row, column, map] : [map] };
}

export function pixelMark(kind: Mark['kind'], tiling: Tiling, { map, row, column }: TilePlace): Mark {
  return { kind, ...boxOf(tiling, map, { top: row, left: column, rows: 1, columns: 1 }) };
}

export function marksOn(
  network: OpenedNetwork,
  layer: string,
  tiling: Tiling,
  place: Place | undefined,
  explanation: Explanation | undefined,
): Mark[] {
  if (!place) return [];
  if (place.layer === layer) {
    const tile = tileOf(place.at);
    const mapMark: Mark[] = place.at.length === 3 ? [{ kind: 'map', ...boxOf(tiling, tile.map) }] : [];
    return [...mapMark, pixelMark('chosen', tiling, tile)];
  }
  if (!explanation) return [];
  if (layerBefore(network, place.layer) === layer) return madeOf(tiling, explanation);
  const { field } = explanation;
  if (layer !== INPUT || !field) return [];
  const { top, left, bottom, right } = field;
  return [{ kind: 'field', ...boxOf(tiling, 0, { top, left, rows: bottom - top + 1, columns: right - left + 1 }) }];
}

/** The numbers of the layer before that went into it. */
function madeOf(tiling: Tiling, { arithmetic }: Explanation): Mark[] {
  const channel = arithmetic.at.at(-1)!;
  switch (arithmetic.kind) {
    case 'conv2d':
      return Array.from({ length: tiling.count }, (_, map) => windowMark(tiling, map, arithmetic.window));
    case 'maxPooling2d':
    case 'averagePooling2d':
    case 'globalAveragePooling2d':
      return [windowMark(tiling, channel, arithmetic.window)];
    case 'flatten':
      return [pixelMark('window', tiling, tileOf(arithmetic.source))];
    case 'batchNormalization':
    case 'dropout':
    case 'activation':
      return [pixelMark('window', tiling, tileOf(arithmetic.at))];
    case 'dense':
      // All of them: there is nothing to single out.
      return [];
  }
}

/** As much of the window as lies on the map. */
function windowMark(tiling: Tiling, map: number, window: InputWindow): Mark {
  const top = Math.max(0, window.top);
  const left = Math.max(0, window.left);
  const rows = Math.min(tiling.height, window.top + window.height) - top;
  const columns = Math.min(tiling.width, window.left + window.width) - left;
  return { kind: 'window', ...boxOf(tiling, map, { top, left, rows, columns }) };
}
