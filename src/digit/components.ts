import type { Box, Mask, Plane } from './picture.js';

/** Pixels of a mask that hang together. */
export interface Component extends Box {
  /** The number that its pixels have in `labels`, from 1. */
  readonly label: number;
  /** In pixels. */
  readonly area: number;
  /** The sum of its pixels' ink. */
  readonly ink: number;
}

export interface Components {
  /** For each pixel the component it belongs to, 0 for none. */
  readonly labels: Int32Array;
  readonly components: readonly Component[];
}

/** The components of a mask, in the order of their first pixels; `corners` says whether those connect pixels. */
export function findComponents({ width, height, data }: Mask, ink: Plane, corners = true): Components {
  const labels = new Int32Array(width * height);
  const stack = new Int32Array(width * height);
  const components: Component[] = [];
  let depth = 0;
  let label = 0;
  const reach = (i: number): void => {
    if (data[i] === 0 || labels[i] !== 0) return;
    labels[i] = label;
    stack[depth++] = i;
  };
  for (let seed = 0; seed < data.length; seed++) {
    if (data[seed] === 0 || labels[seed] !== 0) continue;
    label++;
    let [left, top, right, bottom] = [width, height, 0, 0];
    let area = 0;
    let sum = 0;
    reach(seed);
    while (depth > 0) {
      const i = stack[--depth]!;
      const x = i % width;
      const y = (i - x) / width;
      area++;
      sum += ink.data[i]!;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      if (y < top) top = y;
      if (y >= bottom) bottom = y + 1;
      if (!corners) {
        if (y > 0) reach(i - width);
        if (x > 0) reach(i - 1);
        if (x + 1 < width) reach(i + 1);
        if (y + 1 < height) reach(i + width);
        continue;
      }
      const lastY = Math.min(y + 1, height - 1);
      const lastX = Math.min(x + 1, width - 1);
      for (let ny = Math.max(y - 1, 0); ny <= lastY; ny++) {
        for (let nx = Math.max(x - 1, 0); nx <= lastX; nx++) reach(ny * width + nx);
      }
    }
    components.push({ label, left, top, right, bottom, area, ink: sum });
  }
  return { labels, components };
}
