import type { Status } from '../../digit/index.js';
import type { Colour } from './canvas.js';

export const palette = {
  paper: [250, 250, 248],
  ink: [28, 32, 40],
  dim: [120, 124, 132],
  line: [208, 210, 214],
  shade: [232, 233, 236],
  mark: [37, 99, 235],
  good: [16, 124, 65],
  warn: [176, 98, 0],
  bad: [196, 38, 38],
} as const satisfies Record<string, Colour>;

export function colourOf(status: Status): Colour {
  return status === 'ok' ? palette.good : palette.warn;
}
