import { findComponents } from './components.js';
import { shrunk, smooth } from './filters.js';
import { edgesTouched } from './group.js';
import type { Look } from './look.js';
import { type Box, longSide, mask, type Plane } from './picture.js';
import { otsu } from './threshold.js';

/** A sheet covers this share of the picture at least, that at most, and fills this share of its box. */
const LEAST_AREA = 0.1;
const MOST_AREA = 0.92;
const DENSITY = 0.7;
/** Its shorter side in pixels, and in parts of its longer one: smaller or narrower things may be thick strokes. */
const LEAST_SIDE = 60;
const LEAST_ASPECT = 0.4;
/** The picture's longer side at which a sheet is looked for among lighter and darker places. */
const SEARCH_SIDE = 160;
/** So much lighter than what it lies on, 0 to 1. */
const CONTRAST = 0.15;
const BINS = 256;

/**
 * The box of a sheet that lies on something, in the pixels looked at: what was taken for the sign, where that is a large
 * rectangle rather than strokes; or where nothing stands free, the picture's light part.
 */
export function sheetIn({ grey, ink, groups: { main, signs } }: Look): Box | undefined {
  if (main === undefined) return undefined;
  const inked = main.components.reduce((sum, component) => sum + component.area, 0);
  if (isSheet(main, inked, ink)) return main;
  const isClear = edgesTouched(main, ink) === 0 && main.components.length === 1 && signs.length === 1;
  return isClear ? undefined : lightSheet(grey);
}

/** The largest part that Otsu's threshold (1979) calls light, if that has a sheet's shape. */
function lightSheet(grey: Plane): Box | undefined {
  const factor = Math.ceil(Math.max(grey.width, grey.height) / SEARCH_SIDE);
  const small = smooth(shrunk(grey, factor));
  let [low, high] = [Infinity, -Infinity];
  for (const value of small.data) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const scale = (BINS - 1) / (high - low || 1);
  const histogram = new Uint32Array(BINS);
  for (const value of small.data) histogram[Math.floor((value - low) * scale)]!++;
  const level = low + (otsu(histogram) + 1) / scale;
  const light = mask(small.width, small.height);
  const sums = [0, 0];
  const counts = [0, 0];
  small.data.forEach((value, i) => {
    const side = value > level ? 1 : 0;
    light.data[i] = side;
    sums[side]! += value;
    counts[side]!++;
  });
  if (!(sums[1]! / counts[1]! - sums[0]! / counts[0]! >= CONTRAST)) return undefined;
  const { components } = findComponents(light, small);
  const largest = components.reduce((best, other) => (other.area > best.area ? other : best));
  const whole = small.width * small.height;
  const box = {
    left: largest.left * factor,
    top: largest.top * factor,
    right: Math.min(grey.width, largest.right * factor),
    bottom: Math.min(grey.height, largest.bottom * factor),
  };
  if ((largest.right - largest.left) * (largest.bottom - largest.top) > MOST_AREA * whole) return undefined;
  return isSheet(box, largest.area * factor * factor, grey) ? box : undefined;
}

function isSheet(box: Box, inked: number, picture: { readonly width: number; readonly height: number }): boolean {
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  if (Math.min(width, height) < Math.max(LEAST_SIDE, LEAST_ASPECT * longSide(box))) return false;
  const area = width * height;
  return area >= LEAST_AREA * picture.width * picture.height && inked >= DENSITY * area;
}
