import { imageDataGenerator, type ImageDataGeneratorOptions } from '../augment/imageDataGenerator.js';
import type { LabelledImages } from '../data/dataset.js';
import { tensor } from '../numeric/tensor.js';

/**
 * Each image moved once, as ImageDataGenerator's options say and by random numbers of its own, the same in every call.
 * Bilinear; what comes in from outside is paper (0).
 */
export function moved({ images, labels }: LabelledImages, options: ImageDataGeneratorOptions): LabelledImages {
  const generator = imageDataGenerator(options);
  const [count, height, width] = [images.shape[0]!, images.shape[1]!, images.shape[2]!];
  const size = height * width;
  const out = new Uint8Array(count * size);
  const map = new Float64Array(6);
  for (let image = 0; image < count; image++) {
    generator.writeMatrix(map, 0, { seed: 0, epoch: 0, image, height, width });
    const source = images.data.subarray(image * size, (image + 1) * size);
    const at = (row: number, column: number): number =>
      row >= 0 && row < height && column >= 0 && column < width ? source[row * width + column]! : 0;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const x = map[0]! * column + map[1]! * row + map[2]!;
        const y = map[3]! * column + map[4]! * row + map[5]!;
        const [left, top] = [Math.floor(x), Math.floor(y)];
        const [right, down] = [x - left, y - top];
        const upper = at(top, left) * (1 - right) + at(top, left + 1) * right;
        const lower = at(top + 1, left) * (1 - right) + at(top + 1, left + 1) * right;
        out[image * size + row * width + column] = Math.round(upper * (1 - down) + lower * down);
      }
    }
  }
  return { images: tensor(out, [...images.shape]), labels };
}
