import type { Tensor } from '../../numeric/tensor.js';
import type { ColorDepth } from './style.js';

/** A grey picture: values row by row, 0 black to 255 white. */
export interface Picture {
  readonly values: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  /** A line below it. */
  readonly caption?: string;
}

/** Image `index` of images [N, height, width, 1], without the `margin` pixels at its edges. */
export function pictureOf({ data, shape }: Tensor, index: number, caption?: string, margin = 2): Picture {
  const [height, width] = [shape[1]!, shape[2]!];
  const side = { width: width - 2 * margin, height: height - 2 * margin };
  const first = index * width * height;
  const values = Array.from({ length: side.width * side.height }, (_, i) => {
    const row = margin + Math.floor(i / side.width);
    return data[first + row * width + margin + (i % side.width)]!;
  });
  return { values, ...side, ...(caption !== undefined && { caption }) };
}

const GAP = 2;

/** As many of the pictures, from the first, as fit side by side into `columns`; at least one. */
export function fitting(pictures: readonly Picture[], columns: number): readonly Picture[] {
  const width = Math.max(...pictures.map((picture) => picture.width)) + GAP;
  return pictures.slice(0, Math.max(1, Math.floor((columns + GAP) / width)));
}

/**
 * Pictures side by side, two rows of pixels in a line: half blocks in greys where the terminal has them, otherwise
 * characters from thin to thick.
 */
export function drawPictures(pictures: readonly Picture[], depth: ColorDepth): string[] {
  const paint = depth === 'all' || depth === '256' ? halfBlocks(depth) : ramp;
  const height = Math.max(...pictures.map((picture) => picture.height));
  const lines: string[] = [];
  for (let row = 0; row < height; row += 2) {
    lines.push(pictures.map((picture) => paint(picture, row)).join(' '.repeat(GAP)));
  }
  if (pictures.some(({ caption }) => caption !== undefined)) {
    const caption = ({ caption = '', width }: Picture) => centred(caption, width);
    lines.push(pictures.map(caption).join(' '.repeat(GAP)).trimEnd());
  }
  return lines;
}

function centred(text: string, width: number): string {
  const shown = text.slice(0, width);
  return shown.padStart(shown.length + Math.floor((width - shown.length) / 2)).padEnd(width);
}

function valueAt({ values, width, height }: Picture, row: number, column: number): number {
  return row < height ? Math.min(255, Math.max(0, Math.round(values[row * width + column]!))) : 0;
}

/** ▀ with the upper pixel as its colour and the lower one as its background. */
function halfBlocks(depth: 'all' | '256'): (picture: Picture, row: number) => string {
  const grey = (value: number): string => (depth === 'all' ? `2;${value};${value};${value}` : `5;${greyOf256(value)}`);
  return (picture, row) => {
    let line = '';
    let before = '';
    for (let column = 0; column < picture.width; column++) {
      const upper = grey(valueAt(picture, row, column));
      const lower = grey(valueAt(picture, row + 1, column));
      const colors = `\u001b[38;${upper};48;${lower}m`;
      line += colors === before ? '▀' : `${colors}▀`;
      before = colors;
    }
    return `${line}\u001b[0m`;
  };
}

/** The nearest of black, white and the 24 greys between them in the palette of 256 colours. */
function greyOf256(value: number): number {
  if (value < 4) return 16;
  if (value > 246) return 231;
  return Math.min(255, 232 + Math.round((value - 8) / 10));
}

const RAMP = ' .:-=+*#%@';

function ramp(picture: Picture, row: number): string {
  return Array.from({ length: picture.width }, (_, column) => {
    const value = (valueAt(picture, row, column) + valueAt(picture, row + 1, column)) / 2;
    return RAMP[Math.round((value / 255) * (RAMP.length - 1))]!;
  }).join('');
}
