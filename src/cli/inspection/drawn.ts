import type { RgbaPicture } from '../../digit/index.js';
import { divergingColour, plane, type Planes, type Rgb, sequentialColour } from '../../inspect/index.js';
import type { Limits } from './inspection.js';

/** Numbers in colours, and in steps for terminals that have none. */
export interface Drawn extends RgbaPicture {
  readonly data: Uint8ClampedArray;
  /** 0 for nothing to 255; below 0 for what is drawn blue, down to -255. */
  readonly values: readonly number[];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What has a sign: blue below 0, white, red above; darkest at the limits. */
export function drawSigned(numbers: ArrayLike<number>, size: Size, { most }: Limits): Drawn {
  return draw(numbers, size, (value) => Math.max(-1, Math.min(1, most === 0 ? 0 : value / most)), divergingColour);
}

/** Amounts: the least dark violet to the most bright yellow. */
export function drawAmounts(numbers: ArrayLike<number>, size: Size, { least, most }: Limits): Drawn {
  const share = (value: number): number => (most === least ? 0 : Math.min(1, (value - least) / (most - least)));
  return draw(numbers, size, share, sequentialColour);
}

/** An image as it is: ink from 0 to 1, dark on white. */
export function drawInk(ink: ArrayLike<number>, size: Size): Drawn {
  return draw(
    ink,
    size,
    (value) => value,
    (share) => {
      const grey = Math.round(255 * (1 - share));
      return [grey, grey, grey];
    },
  );
}

/** How dark the ink is under what is laid over it. */
const INK = 0.5;

/** What has a sign over the image that it is of: the ink shows through. */
export function drawOver(numbers: ArrayLike<number>, ink: ArrayLike<number>, size: Size, limits: Limits): Drawn {
  const drawn = drawSigned(numbers, size, limits);
  drawn.data.forEach((value, i) => {
    if (i % 4 < 3) drawn.data[i] = value * (1 - INK * ink[i >> 2]!);
  });
  return drawn;
}

function draw(
  numbers: ArrayLike<number>,
  { width, height }: Size,
  share: (value: number) => number,
  colour: (share: number) => Rgb,
): Drawn {
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  const values = Array.from({ length: width * height }, (_, i) => {
    const value = share(numbers[i]!);
    data.set(colour(value), 4 * i);
    return Math.round(255 * value);
  });
  return { data, values, width, height };
}

/** Every pixel `times` as wide and as high. */
export function enlarged({ data, values, width, height }: Drawn, times: number): Drawn {
  const size = { width: width * times, height: height * times };
  const from = Array.from({ length: size.width * size.height }, (_, i) => {
    const row = Math.floor(i / size.width / times);
    return row * width + Math.floor((i % size.width) / times);
  });
  const copy = new Uint8ClampedArray(4 * from.length);
  from.forEach((at, i) => copy.set(data.subarray(4 * at, 4 * at + 4), 4 * i));
  return { ...size, data: copy, values: from.map((at) => values[at]!) };
}

/** Picture `index` with sides at most `most` long: each pixel the mean of a square of pixels. */
export function shrunk(planes: Planes, index: number, most: number): Size & { readonly numbers: Float32Array } {
  const numbers = plane(planes, index);
  const step = Math.ceil(Math.max(planes.width, planes.height) / most);
  const [width, height] = [Math.ceil(planes.width / step), Math.ceil(planes.height / step)];
  const means = Float32Array.from({ length: width * height }, (_, i) => {
    const [top, left] = [Math.floor(i / width) * step, (i % width) * step];
    let [sum, count] = [0, 0];
    for (let row = top; row < Math.min(planes.height, top + step); row++) {
      for (let column = left; column < Math.min(planes.width, left + step); column++) {
        sum += numbers[row * planes.width + column]!;
        count++;
      }
    }
    return sum / count;
  });
  return { numbers: means, width, height };
}
