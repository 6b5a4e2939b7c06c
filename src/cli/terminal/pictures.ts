import type { Tensor } from '../../numeric/tensor.js';
import type { ColorDepth } from './style.js';

/** A grey picture: values row by row, 0 black to 255 white. Below 0, down to -255, only where it has colours. */
export interface Picture {
  readonly values: ArrayLike<number>;
  /** Its colours instead, where the terminal has them: red, green, blue and 255 for each pixel. */
  readonly data?: Uint8ClampedArray;
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
  const paint = depth === 'all' || depth === '256' ? halfBlocks(depth) : thickness;
  const height = Math.max(...pictures.map((picture) => picture.height));
  const lines: string[] = [];
  for (let row = 0; row < height; row += 2) {
    const line = (picture: Picture): string => (row < picture.height ? paint(picture, row) : ' '.repeat(picture.width));
    lines.push(pictures.map(line).join(' '.repeat(GAP)));
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

/** ▀ with the upper pixel as its colour and the lower one as its background. */
function halfBlocks(depth: 'all' | '256'): (picture: Picture, row: number) => string {
  return (picture, row) => {
    let line = '';
    let before = '';
    for (let column = 0; column < picture.width; column++) {
      const upper = colourAt(picture, row, column, depth);
      const lower = row + 1 < picture.height ? `48;${colourAt(picture, row + 1, column, depth)}` : '49';
      const colors = `\u001b[38;${upper};${lower}m`;
      line += colors === before ? '▀' : `${colors}▀`;
      before = colors;
    }
    return `${line}\u001b[0m`;
  };
}

/** As the terminal is told it. */
function colourAt({ values, data, width }: Picture, row: number, column: number, depth: 'all' | '256'): string {
  const at = row * width + column;
  const value = Math.min(255, Math.max(0, Math.round(values[at]!)));
  const [red, green, blue] = data ? [data[4 * at]!, data[4 * at + 1]!, data[4 * at + 2]!] : [value, value, value];
  if (depth === 'all') return `2;${red};${green};${blue}`;
  return `5;${red === green && green === blue ? greyOf256(red) : colourOf256(red, green, blue)}`;
}

/** The nearest of black, white and the 24 greys between them in the palette of 256 colours. */
function greyOf256(value: number): number {
  if (value < 4) return 16;
  if (value > 246) return 231;
  return Math.min(255, 232 + Math.round((value - 8) / 10));
}

/** The nearest of the palette's cube of 6 x 6 x 6 colours, or of its greys where one is nearer. */
function colourOf256(...colour: readonly [red: number, green: number, blue: number]): number {
  const steps = colour.map((value) => (value < 48 ? 0 : Math.max(1, Math.round((value - 55) / 40))));
  const grey = Math.round((colour[0] + colour[1] + colour[2]) / 3);
  const offCube = distance(colour, (c) => (steps[c] === 0 ? 0 : 55 + 40 * steps[c]!));
  if (distance(colour, () => grey) < offCube) return greyOf256(grey);
  return 16 + 36 * steps[0]! + 6 * steps[1]! + steps[2]!;
}

function distance(colour: readonly number[], other: (channel: number) => number): number {
  return colour.reduce((sum, value, channel) => sum + (value - other(channel)) * (value - other(channel)), 0);
}

/** From thin to thick, for values below 0 and above, where there are no colours. */
export const characters = { below: ',;~<nwoOQ', above: '.:-=+*#%@' } as const;

function thickness({ values, width, height }: Picture, row: number): string {
  return Array.from({ length: width }, (_, column) => {
    const upper = values[row * width + column]!;
    const lower = row + 1 < height ? values[(row + 1) * width + column]! : upper;
    const value = Math.min(255, Math.max(-255, (upper + lower) / 2));
    const ramp = value < 0 ? characters.below : characters.above;
    return ramp[Math.round((Math.abs(value) / 255) * ramp.length) - 1] ?? ' ';
  }).join('');
}
