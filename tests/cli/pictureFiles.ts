import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { drawn, pictureOf } from '../../src/digit/testing.js';
import { encodePng } from '../../src/pictures/index.js';
import { dense, flatten, modelToBytes, sequential, type SequentialOptions } from '../../src/index.js';

/** Pictures and models for the tests of commands that read pictures. */

const seven = drawn(120, 120, { digit: 7, side: 70, pen: 7, left: 25, top: 25 });
const white = pictureOf(60, 60, () => [255, 255, 255]);

/** One for each thing that a picture may show. */
export const pictures = {
  seven,
  blank: white,
  blot: pictureOf(100, 100, (x, y) => ((x - 50) * (x - 50) + (y - 50) * (y - 50) < 900 ? [0, 0, 0] : [255, 255, 255])),
  pair: pictureOf(200, 100, (x, y) => {
    const inStroke = y > 20 && y < 80 && (Math.abs(x - 50) < 4 || Math.abs(x - 140) < 4);
    return inStroke ? [0, 0, 0] : [255, 255, 255];
  }),
} as const;

export async function png(name: keyof typeof pictures): Promise<Uint8Array> {
  return encodePng(pictures[name]);
}

/** Writes files below a folder, and makes the folders they are in. */
export function write(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** A model file that takes everything for a 7, as sure as is said. */
export function sevenModel(sure: number, side = 28, options: SequentialOptions = {}): Uint8Array {
  const layers = [flatten({ inputShape: [side, side, 1] }), dense({ units: 10, activation: 'softmax' })];
  const model = sequential(layers, options);
  const weights = model.getWeights();
  for (const values of weights.values()) {
    values.fill(0);
    // The bias: the softmax of logarithms are the probabilities.
    if (values.length === 10)
      values.forEach((_, digit) => (values[digit] = Math.log(digit === 7 ? sure : (1 - sure) / 9)));
  }
  model.setWeights(weights);
  return modelToBytes(model);
}
