import type { RgbaPicture } from '../../../src/digit/index.js';

/** Red, green and blue, 0 to 255 each. */
export type Colour = readonly [number, number, number];

const WHITE: Colour = [255, 255, 255];
const BLACK: Colour = [0, 0, 0];
/** On darker paper, ink is white. */
const DARK = 96;

/** The paper around a picture, and what the eraser leaves: the mean of the picture's border. White without a picture. */
export function paperOf(picture: RgbaPicture | undefined): Colour {
  if (!picture) return WHITE;
  const { width, height, data } = picture;
  const sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (let y = 0; y < height; y++) {
    const step = y === 0 || y === height - 1 ? 1 : Math.max(1, width - 1);
    for (let x = 0; x < width; x += step) {
      const at = 4 * (y * width + x);
      const alpha = data[at + 3]! / 255;
      for (let c = 0; c < 3; c++) sum[c]! += data[at + c]! * alpha + 255 * (1 - alpha);
      count++;
    }
  }
  return [sum[0] / count, sum[1] / count, sum[2] / count];
}

export function inkOn([red, green, blue]: Colour): Colour {
  return (red + green + blue) / 3 < DARK ? WHITE : BLACK;
}
