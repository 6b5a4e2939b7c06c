import { type Component, findComponents } from './components.js';
import { type Mask, mask } from './picture.js';

/** Fills the holes of less than `small` pixels; the number of those of at least `large`. */
export function sortHoles(strokes: Mask, small: number, large: number): number {
  const { holes, labels, stride } = holesOf(strokes);
  const filled = new Set(holes.filter(({ area }) => area < small).map(({ label }) => label));
  if (filled.size > 0) {
    for (let y = 0; y < strokes.height; y++) {
      for (let x = 0; x < strokes.width; x++) {
        if (filled.has(labels[(y + 1) * stride + x + 1]!)) strokes.data[y * strokes.width + x] = 1;
      }
    }
  }
  return holes.filter(({ area }) => area >= large).length;
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
