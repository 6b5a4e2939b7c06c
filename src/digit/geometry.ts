import type { Look } from './look.js';
import type { Shape } from './normalize.js';

export interface Geometry {
  readonly contrast: number;
}

export function measure(seen: Look, shape: Shape | undefined): Geometry {
  return { contrast: seen.levels.full + (shape ? 0 : 0) };
}
