import { type Component, findComponents } from './components.js';
import { type Mask, mask } from './picture.js';

/** Fills the holes of less than `area` pixels. */
export function fillHoles(strokes: Mask, area: number): void {
  const { holes, labels, stride } = holesOf(strokes);
  const small = new Set(holes.filter((hole) => hole.area < area).map(({ label }) => label));
  if (small.size === 0) return;
  for (let y = 0; y < strokes.height; y++) {
    for (let x = 0; x < strokes.width; x++) {
      if (small.has(labels[(y + 1) * stride + x + 1]!)) strokes.data[y * strokes.width + x] = 1;
    }
  }
}

/** How many holes of at least a hundredth of the square around the strokes there are. */
export function countHoles(strokes: Mask): number {
  const side = Math.max(strokes.width, strokes.height);
  return holesOf(strokes).holes.filter(({ area }) => area >= (side * side) / 100).length;
}

interface Holes {
  readonly holes: readonly Component[];
  /** For each pixel of the mask with a margin of one pixel, its hole. */
  readonly labels: Int32Array;
  readonly stride: number;
}

/** What is not set and does not hang together with the outside, but for corners. */
function holesOf({ width, height, data }: Mask): Holes {
  const empty = mask(width + 2, height + 2);
  empty.data.fill(1);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] === 1) empty.data[(y + 1) * empty.width + x + 1] = 0;
    }
  }
  const { components, labels } = findComponents(empty, { ...empty, data: new Float32Array(empty.data.length) }, false);
  return { holes: components.filter(({ left }) => left > 0), labels, stride: empty.width };
}
