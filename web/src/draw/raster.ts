import type { RgbaPicture } from '../../../src/digit/index.js';
import { type Colour, inkOn, paperOf } from './paper.js';
import type { Scene, Stroke } from './scene.js';

/**
 * A scene as pixels, computed rather than taken from a canvas: the same on every machine, and in a worker.
 *
 * A stroke covers a pixel by how near the pixel's centre is to the line through the stroke's points: wholly up to half
 * the width less half a pixel, not at all from half a pixel beyond, evenly between (Wu's antialiasing). Where a stroke
 * crosses itself it covers once.
 */

/** The side of a pad without a picture under it, in pixels: three for each of an MNIST image's. */
const SIDE = 84;
/** A pad is the whole sheet: what reaches its edge ends there, and does not go on beyond. So many pixels say so. */
const MARGIN = 2;

export function rasterize({ picture, strokes }: Scene): RgbaPicture {
  // As it is: it may not be square.
  if (picture && strokes.length === 0) return picture;
  const { width, height } = picture ?? { width: SIDE, height: SIDE };
  const side = Math.max(width, height);
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  const paper = paperOf(picture);
  if (picture) lay(picture, side, data, paper);
  for (const stroke of strokes) paint(stroke, side, data, stroke.tool === 'pen' ? inkOn(paper) : paper);
  const sheet = { width: side, height: side, data };
  return picture ? sheet : withMargin(sheet, paper);
}

function withMargin(sheet: RgbaPicture, paper: Colour): RgbaPicture {
  const side = sheet.width + 2 * MARGIN;
  const data = new Uint8ClampedArray(side * side * 4);
  lay(sheet, side, data, paper);
  return { width: side, height: side, data };
}

/** Puts the picture into the middle, on its paper. */
function lay({ width, height, data: source }: RgbaPicture, side: number, data: Uint8ClampedArray, paper: Colour): void {
  const left = Math.floor((side - width) / 2);
  const top = Math.floor((side - height) / 2);
  for (let i = 0; i < data.length; i++) data[i] = i % 4 === 3 ? 255 : paper[i % 4]!;
  for (let y = 0; y < height; y++) {
    const row = source.subarray(4 * y * width, 4 * (y + 1) * width);
    data.set(row, 4 * ((top + y) * side + left));
  }
}

function paint({ points, width }: Stroke, side: number, data: Uint8ClampedArray, colour: Colour): void {
  const radius = Math.max(0.5, (width * side) / 2);
  const coverage = new Float32Array(side * side);
  const count = points.length / 2;
  for (let i = 0; i < count; i++) {
    const next = Math.min(i + 1, count - 1);
    if (next === i && count > 1) break;
    const [x0, y0] = [points[2 * i]! * side, points[2 * i + 1]! * side];
    const [x1, y1] = [points[2 * next]! * side, points[2 * next + 1]! * side];
    cover(coverage, side, radius, x0, y0, x1, y1);
  }
  for (let i = 0; i < coverage.length; i++) {
    const share = coverage[i]!;
    if (share === 0) continue;
    for (let c = 0; c < 3; c++) {
      const at = 4 * i + c;
      data[at] = data[at]! + (colour[c]! - data[at]!) * share;
    }
  }
}

/** One segment with round ends. */
function cover(
  coverage: Float32Array,
  side: number,
  radius: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): void {
  const reach = radius + 0.5;
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length2 = dx * dx + dy * dy;
  const first = (low: number): number => Math.max(0, Math.floor(low - reach));
  const last = (high: number): number => Math.min(side - 1, Math.ceil(high + reach));
  for (let y = first(Math.min(y0, y1)); y <= last(Math.max(y0, y1)); y++) {
    for (let x = first(Math.min(x0, x1)); x <= last(Math.max(x0, x1)); x++) {
      const [px, py] = [x + 0.5 - x0, y + 0.5 - y0];
      const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length2));
      const [ox, oy] = [px - along * dx, py - along * dy];
      const share = Math.min(1, Math.max(0, reach - Math.sqrt(ox * ox + oy * oy)));
      const at = y * side + x;
      if (share > coverage[at]!) coverage[at] = share;
    }
  }
}
