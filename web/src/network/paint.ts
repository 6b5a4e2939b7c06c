import { divergingColour, type Rgb, sequentialColour } from '../../../src/inspect/colours.js';
import type { MapSize, Tiling } from './tiles.js';
import { boxOf, tilingSize } from './tiles.js';

/** Numbers to colours, quickly: a drawing repaints every map. */

export interface Scale {
  /** `ink` for the drawing, `amount` for what is never negative, `sign` for what has one. */
  readonly kind: 'ink' | 'amount' | 'sign';
  readonly low: number;
  readonly high: number;
}

const colours: Readonly<Record<Scale['kind'], (share: number) => Rgb>> = {
  ink: (share) => [255 * share, 255 * share, 255 * share],
  amount: sequentialColour,
  sign: (share) => divergingColour(2 * share - 1),
};

const STEPS = 255;
const tables = new Map<Scale['kind'], Uint32Array>();

/** For numbers from `min` to `max`. */
export function scaleOf({ min, max }: { readonly min: number; readonly max: number }): Scale {
  // At least a little, so that a layer that is silent has a scale.
  const most = Math.max(max, -min, 1e-12);
  return min < 0 ? { kind: 'sign', low: -most, high: most } : { kind: 'amount', low: 0, high: most };
}

export const inkScale: Scale = { kind: 'ink', low: 0, high: 1 };

export function colourOf({ kind, low, high }: Scale, value: number): Rgb {
  const [red, green, blue] = colours[kind](Math.min(1, Math.max(0, (value - low) / (high - low))));
  return [Math.round(red), Math.round(green), Math.round(blue)];
}

export function cssColour([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** Black or white, whichever is read better on it. */
export function letterColour([red, green, blue]: Rgb): 'black' | 'white' {
  const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  return luminance > 0.179 ? 'black' : 'white';
}

/** The light of a part of a colour, 0 to 255, by a polynomial that stays within 0.003 of sRGB's curve. */
function linear(part: number): number {
  const share = part / 255;
  return share * (share * (share * 0.305306011 + 0.682171111) + 0.012522878);
}

/** Paints all maps; the canvas gets the tiling's size. */
export function paintMaps(canvas: HTMLCanvasElement, data: ArrayLike<number>, tiling: Tiling, scale: Scale): void {
  const size = tilingSize(tiling);
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  const context = canvas.getContext('2d')!;
  context.imageSmoothingEnabled = false;
  context.clearRect(0, 0, size.width, size.height);
  const column = columnOfMaps(data, tiling, scale);
  const { width, height, count } = tiling;
  for (let map = 0; map < count; map++) {
    const box = boxOf(tiling, map);
    context.drawImage(column, 0, map * height, width, height, box.left, box.top, box.width, box.height);
  }
}

let column: OffscreenCanvas | undefined;

/** The maps one below the other, a pixel for a number. */
function columnOfMaps(data: ArrayLike<number>, { width, height, count }: MapSize, scale: Scale): OffscreenCanvas {
  column ??= new OffscreenCanvas(1, 1);
  if (column.width !== width) column.width = width;
  if (column.height !== height * count) column.height = height * count;
  const context = column.getContext('2d')!;
  const image = context.createImageData(width, height * count);
  const pixels = new Uint32Array(image.data.buffer);
  const table = tableOf(scale.kind);
  const factor = STEPS / (scale.high - scale.low);
  const area = width * height;
  for (let at = 0; at < area; at++) {
    for (let map = 0; map < count; map++) {
      const step = Math.round((data[at * count + map]! - scale.low) * factor);
      pixels[map * area + at] = table[step < 0 ? 0 : step > STEPS ? STEPS : step]!;
    }
  }
  context.putImageData(image, 0, 0);
  return column;
}

/** The colours of all steps of a scale, as pixels of an image are in memory: red first, on every machine there is. */
function tableOf(kind: Scale['kind']): Uint32Array {
  const found = tables.get(kind);
  if (found) return found;
  const table = Uint32Array.from({ length: STEPS + 1 }, (_, step) => {
    const [red, green, blue] = colourOf({ kind, low: 0, high: STEPS }, step);
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
  tables.set(kind, table);
  return table;
}

/** The scale as a background, from low to high. */
export function gradient(kind: Scale['kind']): string {
  const stops = Array.from({ length: 11 }, (_, i) => cssColour(colourOf({ kind, low: 0, high: 10 }, i)));
  return `linear-gradient(to right, ${stops.join(', ')})`;
}
