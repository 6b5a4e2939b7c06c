import type { RgbaPicture } from '../../digit/index.js';
import { drawGlyphs, textWidth } from './letters.js';

export type Colour = readonly [red: number, green: number, blue: number];

/** Pixels from the left and the top, and how many. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface TextStyle {
  /** Pixels from line to line. */
  readonly size?: number;
  readonly colour?: Colour;
  /** Longer texts lose their middle. */
  readonly width?: number;
}

/** Squares that show where a picture is transparent. */
const CHECKS = { side: 8, light: 255, dark: 225 };

/** An opaque picture to draw on. */
export class Canvas implements RgbaPicture {
  readonly data: Uint8ClampedArray;

  constructor(
    readonly width: number,
    readonly height: number,
    paper: Colour,
  ) {
    this.data = new Uint8ClampedArray(width * height * 4).fill(255);
    this.fill({ x: 0, y: 0, width, height }, paper);
  }

  fill({ x, y, width, height }: Place, colour: Colour): void {
    const [left, right] = [Math.max(0, x), Math.min(this.width, x + width)];
    const [top, bottom] = [Math.max(0, y), Math.min(this.height, y + height)];
    if (left >= right || top >= bottom) return;
    const at = (row: number, column: number): number => 4 * (row * this.width + column);
    for (let column = left; column < right; column++) this.data.set(colour, at(top, column));
    for (let row = top + 1; row < bottom; row++) {
      this.data.copyWithin(at(row, left), at(top, left), at(top, right));
    }
  }

  /** A frame of `line` pixels inside the place. */
  frame({ x, y, width, height }: Place, colour: Colour, line = 1): void {
    this.fill({ x, y, width, height: line }, colour);
    this.fill({ x, y: y + height - line, width, height: line }, colour);
    this.fill({ x, y, width: line, height }, colour);
    this.fill({ x: x + width - line, y, width: line, height }, colour);
  }

  /** One line of text, with the top of its line at `y`. */
  text(text: string, x: number, y: number, { size = 14, colour = [0, 0, 0], width = Infinity }: TextStyle = {}): void {
    drawGlyphs(fitting(text, size, width), size, x, y, (column, row, share) => {
      if (column < 0 || row < 0 || column >= this.width || row >= this.height) return;
      const at = 4 * (row * this.width + column);
      for (let c = 0; c < 3; c++) this.data[at + c]! += (colour[c]! - this.data[at + c]!) * share;
    });
  }

  /**
   * A picture as large as fits into the place, in its middle: shrunk by area, or each pixel enlarged to a whole number of
   * pixels. Returns where it is.
   */
  picture(picture: RgbaPicture, { x, y, width, height }: Place): Place {
    const scale = Math.min(width / picture.width, height / picture.height);
    const times = scale >= 1 ? Math.floor(scale) : scale;
    const size = {
      width: Math.max(1, Math.round(picture.width * times)),
      height: Math.max(1, Math.round(picture.height * times)),
    };
    const place = {
      x: x + Math.floor((width - size.width) / 2),
      y: y + Math.floor((height - size.height) / 2),
      ...size,
    };
    for (let row = 0; row < size.height; row++) {
      for (let column = 0; column < size.width; column++) {
        this.#mean(picture, column, row, place);
      }
    }
    return place;
  }

  /** The mean of the picture's pixels that a pixel of its place covers, on paper or checks. */
  #mean({ width, height, data }: RgbaPicture, column: number, row: number, place: Place): void {
    const left = Math.floor((column * width) / place.width);
    const right = Math.max(left + 1, Math.floor(((column + 1) * width) / place.width));
    const top = Math.floor((row * height) / place.height);
    const bottom = Math.max(top + 1, Math.floor(((row + 1) * height) / place.height));
    let [red, green, blue, opaque] = [0, 0, 0, 0];
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const at = 4 * (y * width + x);
        const alpha = data[at + 3]!;
        red += data[at]! * alpha;
        green += data[at + 1]! * alpha;
        blue += data[at + 2]! * alpha;
        opaque += alpha;
      }
    }
    const full = 255 * (right - left) * (bottom - top);
    const isLight = (Math.floor(column / CHECKS.side) + Math.floor(row / CHECKS.side)) % 2 === 0;
    const under = (isLight ? CHECKS.light : CHECKS.dark) * (1 - opaque / full);
    const to = 4 * ((place.y + row) * this.width + place.x + column);
    this.data[to] = red / full + under;
    this.data[to + 1] = green / full + under;
    this.data[to + 2] = blue / full + under;
  }
}

/** The text, or as much of its beginning and its end as is at most `width` pixels wide. */
function fitting(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  const letters = Array.from(text);
  for (let kept = letters.length - 1; kept > 0; kept--) {
    const head = Math.ceil(kept / 2);
    const short = [...letters.slice(0, head), '…', ...letters.slice(letters.length - (kept - head))].join('');
    if (textWidth(short, size) <= width) return short;
  }
  return '…';
}
