import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splineField } from '../../src/augment/elastic.js';
import { imageDataGenerator, type ImageDataGeneratorOptions } from '../../src/augment/imageDataGenerator.js';
import { syntheticDigits } from '../../src/data/synthetic/index.js';
import type { Backend } from '../../src/engine/backend.js';
import { ProgramBuilder } from '../../src/engine/program/builder.js';
import { referenceBackend } from '../../src/engine/reference/backend.js';
import { wasmBackend } from '../../src/engine/wasm/backend.js';
import { augment } from '../../src/nn/index.js';
import { augmentationOf, augmentationWriter } from '../../src/train/augmentation.js';
import type { Tensor } from '../../src/numeric/tensor.js';
import { norm, relativeError } from '../contract/harness.js';

const affine: ImageDataGeneratorOptions = {
  rotationRange: 12,
  widthShiftRange: 0.1,
  heightShiftRange: 2,
  shearRange: 5,
  zoomRange: 0.1,
};

interface Run {
  readonly batchSize?: number;
  readonly seed?: number;
  readonly epoch?: number;
}

/** All images as a training step's program changes them, in batches. */
async function changed(
  backend: Backend,
  { data, shape, divisor = 1 }: Tensor,
  options: ImageDataGeneratorOptions,
  { batchSize = 64, seed = 6, epoch = 2 }: Run = {},
): Promise<Float32Array> {
  const [count, height, width, channels] = shape as [number, number, number, number];
  const size = height * width * channels;
  const generator = imageDataGenerator(options);
  const builder = new ProgramBuilder(batchSize);
  const dtype = data instanceof Uint8Array ? 'u8' : 'f32';
  const images = builder.input('images', [height, width, channels], dtype, true);
  builder.output('changed', augment(builder, images, divisor, augmentationOf(generator)));
  const executable = await backend.compile(builder.build());
  const write = augmentationWriter(executable, generator);
  const pixels = new Float32Array(count * size);
  for (let start = 0; start < count; start += batchSize) {
    const rows = Math.min(batchSize, count - start);
    executable.input('images').set(data.subarray(start * size, (start + rows) * size));
    for (let row = 0; row < rows; row++) write(row, { seed, epoch, image: start + row, height, width });
    await executable.run(rows);
    pixels.set(executable.readOutput('changed', rows), start * size);
  }
  executable.dispose();
  return pixels;
}

function hasBits(a: Float32Array, b: Float32Array): boolean {
  return Buffer.from(a.buffer).equals(Buffer.from(b.buffer));
}

const digits: Tensor = { ...syntheticDigits({ count: 150, seed: 2 }).images, divisor: 255 };

let backend: Backend;
beforeAll(() => {
  backend = wasmBackend({ threads: 1 });
});
afterAll(() => backend.dispose());

describe('elastic distortion', () => {
  const SIZE = 36;
  const COUNT = 600;
  const elastic = { alpha: 34, sigma: 4 };
  const { amplitude, spacing } = splineField(elastic);
  /** Of which the first channel says the column, the second the row; it is looked at well inside only. */
  const ruler: Tensor = {
    shape: [COUNT, SIZE, SIZE, 2],
    data: Float32Array.from({ length: COUNT * SIZE * SIZE * 2 }, (_, i) =>
      i % 2 === 0 ? Math.floor(i / 2) % SIZE : Math.floor(i / 2 / SIZE) % SIZE,
    ),
  };
  const FIRST = 8;
  const KEPT = SIZE - 2 * FIRST;

  /** field[image][component][row][column] of the inner pixels, flat. */
  let field: Float32Array;
  const at = (image: number, component: number, row: number, column: number): number =>
    field[((image * 2 + component) * KEPT + row) * KEPT + column]!;

  beforeAll(async () => {
    const places = await changed(backend, ruler, { elastic });
    field = Float32Array.from({ length: COUNT * 2 * KEPT * KEPT }, (_, i) => {
      const [column, row] = [(i % KEPT) + FIRST, (Math.floor(i / KEPT) % KEPT) + FIRST];
      const component = Math.floor(i / KEPT / KEPT) % 2;
      const image = Math.floor(i / KEPT / KEPT / 2);
      return places[((image * SIZE + row) * SIZE + column) * 2 + component]! - (component === 0 ? column : row);
    });
  });

  /** The mean of a product over all images and inner pixels. */
  function mean(of: (image: number, component: number, row: number, column: number) => number, within = KEPT): number {
    let sum = 0;
    for (let image = 0; image < COUNT; image++) {
      for (let component = 0; component < 2; component++) {
        for (let row = 0; row < within; row++) {
          for (let column = 0; column < within; column++) sum += of(image, component, row, column);
        }
      }
    }
    return sum / (COUNT * 2 * within * within);
  }

  it('has the strength that alpha and sigma stand for, with no direction of its own', () => {
    const expected = elastic.alpha / (2 * elastic.sigma * Math.sqrt(3 * Math.PI));
    expect(expected).toBeCloseTo(1.384, 3);
    const deviation = Math.sqrt(mean((...place) => at(...place) * at(...place)));
    expect(deviation / expected).toBeGreaterThan(0.97);
    expect(deviation / expected).toBeLessThan(1.03);
    // About 16 pieces of each field are independent: the mean has a standard deviation of 0.01.
    expect(Math.abs(mean(at))).toBeLessThan(0.05);
  });

  it('is as smooth as noise that a Gaussian of sigma has smoothed', () => {
    const variance = mean((...place) => at(...place) * at(...place));
    for (const distance of [2, 4, 8]) {
      const within = KEPT - distance;
      const across = mean((i, c, row, column) => at(i, c, row, column) * at(i, c, row, column + distance), within);
      const down = mean((i, c, row, column) => at(i, c, row, column) * at(i, c, row + distance, column), within);
      // The Gaussian's correlation.
      const expected = Math.exp((-distance * distance) / (4 * elastic.sigma * elastic.sigma));
      expect(Math.abs(across / variance - expected), `across ${distance}`).toBeLessThan(0.05);
      expect(Math.abs(down / variance - expected), `down ${distance}`).toBeLessThan(0.05);
    }
    const both = mean((i, c, row, column) => at(i, c, row, column) * at(i, 1 - c, row, column));
    expect(Math.abs(both / variance)).toBeLessThan(0.05);
  });

  it('never goes beyond the amplitude, nor changes faster than its control points let it', () => {
    let [largest, steepest] = [0, 0];
    for (let i = 0; i < field.length; i++) {
      largest = Math.max(largest, Math.abs(field[i]!));
      if (i % KEPT > 0) steepest = Math.max(steepest, Math.abs(field[i]! - field[i - 1]!));
    }
    expect(largest).toBeLessThanOrEqual(amplitude);
    expect(largest).toBeGreaterThan(0.6 * amplitude);
    expect(steepest).toBeLessThanOrEqual((2 * amplitude) / spacing + 1e-4);
  });

  it('is proportional to alpha', async () => {
    const half = await changed(backend, ruler, { elastic: { ...elastic, alpha: 17 } });
    for (let image = 0; image < 20; image++) {
      const place = ((image * SIZE + 17) * SIZE + 20) * 2;
      expect(half[place]! - 20).toBeCloseTo(at(image, 0, 17 - FIRST, 20 - FIRST) / 2, 4);
    }
  });

  it('of alpha 0 is no distortion, bit for bit', async () => {
    const plain = await changed(backend, digits, affine);
    for (const [alpha, isPlain] of [
      [0, true],
      [1e-30, true],
      [34, false],
    ] as const) {
      const distorted = await changed(backend, digits, { ...affine, elastic: { alpha } });
      expect(hasBits(distorted, plain)).toBe(isPlain);
    }
  });

  it('leaves the affine maps as they are', async () => {
    const { elastic: none, ...kept } = imageDataGenerator({ ...affine, elastic }).options;
    expect(none).toEqual(elastic);
    expect(imageDataGenerator(affine).options).toEqual(kept);
    const [plain, distorted] = [new Float64Array(6), new Float64Array(6)];
    const place = { seed: 1, epoch: 2, image: 3, height: 28, width: 28 };
    imageDataGenerator(affine).writeMatrix(plain, 0, place);
    imageDataGenerator({ ...affine, elastic, erasing: {} }).writeMatrix(distorted, 0, place);
    expect(distorted).toEqual(plain);
  });
});

describe('random erasing', () => {
  const erasing = { probability: 0.6, area: [0.1, 0.2], aspectRatio: [0.5, 2], value: 0.5 } as const;

  it('erases a rectangle and leaves the rest untouched', async () => {
    const plain = await changed(backend, digits, affine);
    const erased = await changed(backend, digits, { ...affine, erasing });
    const generator = imageDataGenerator({ ...affine, erasing });
    const rectangles = new Set<string>();
    for (let image = 0; image < 150; image++) {
      const rectangle = new Int32Array(4);
      generator.writeRectangle(rectangle, 0, { seed: 6, epoch: 2, image, height: 28, width: 28 });
      const [top, left, bottom, right] = [...rectangle] as [number, number, number, number];
      rectangles.add(String(rectangle));
      for (let pixel = 0; pixel < 784; pixel++) {
        const [row, column] = [Math.floor(pixel / 28), pixel % 28];
        const within = top <= row && row < bottom && left <= column && column < right;
        const at = image * 784 + pixel;
        if (erased[at] !== (within ? 0.5 : plain[at])) throw new Error(`image ${image}, row ${row}, column ${column}`);
      }
    }
    expect(rectangles.size).toBeGreaterThan(50);
  });
});

/** The width of an image's strokes: area over half the outline, in pixels. */
function strokeWidth(pixels: Float32Array): number {
  let [area, outline] = [0, 0];
  for (let at = 0; at < 784; at++) {
    const ink = pixels[at]!;
    const left = at % 28 === 0 ? 0 : pixels[at - 1]!;
    const above = at < 28 ? 0 : pixels[at - 28]!;
    area += ink;
    outline += Math.sqrt((ink - left) * (ink - left) + (ink - above) * (ink - above));
  }
  return (2 * area) / outline;
}

const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

describe('strokes', () => {
  const widths = async (options: ImageDataGeneratorOptions) => {
    const pixels = await changed(backend, digits, options);
    return Array.from({ length: 150 }, (_, i) => strokeWidth(pixels.subarray(i * 784, (i + 1) * 784)));
  };
  const changeOf = (options: ImageDataGeneratorOptions, image: number): number => {
    const out = [0];
    const place = { seed: 6, epoch: 2, image, height: 28, width: 28 };
    imageDataGenerator(options).writeStrokeChange(out, 0, place);
    return out[0]!;
  };

  it('get wider and narrower by about the pixels that are said', async () => {
    const plain = await widths({});
    const options = { strokes: { thinner: 1, thicker: 4 } };
    const differences = (await widths(options)).map((width, i) => [changeOf(options, i), width - plain[i]!] as const);
    for (const [low, high, tolerance] of [
      [-1, 0, 0.15],
      [0, 2, 0.2],
      [2, 4, 0.5],
    ] as const) {
      const within = differences.filter(([asked]) => low < asked && asked < high);
      expect(within.length).toBeGreaterThan(10);
      const error = within.reduce((total, [asked, got]) => total + got - asked, 0) / within.length;
      expect(Math.abs(error), `${low} to ${high} pixels`).toBeLessThan(tolerance);
      const apart = within.filter(([asked, got]) => Math.abs(got - asked) > 0.3 * Math.abs(asked) + 0.4);
      expect(apart.length / within.length, `${low} to ${high} pixels`).toBeLessThan(0.2);
    }
  });

  it('keep their ink when they get narrower, and lose none when they get wider', async () => {
    const plain = await changed(backend, digits, {});
    const thin = await changed(backend, digits, { strokes: { thinner: 1 } });
    const thick = await changed(backend, digits, { strokes: { thicker: 4 } });
    expect(sum(thin)).toBeLessThan(0.95 * sum(plain));
    expect(thin.every((value) => value >= 0 && value <= 1)).toBe(true);
    for (let image = 0; image < 150; image++) {
      const at = image * 784;
      expect(Math.max(...thin.subarray(at, at + 784))).toBeGreaterThan(0.6);
    }
    expect(thick.every((value, i) => value >= plain[i]! && value <= 1)).toBe(true);
  });
});

describe('blur', () => {
  it('spreads each pixel by the standard deviation, and keeps all ink', async () => {
    const points: Tensor = { shape: [60, 28, 28, 1], data: new Uint8Array(60 * 784).fill(0), divisor: 255 };
    for (let image = 0; image < 60; image++) points.data[image * 784 + 14 * 28 + 12] = 255;
    const options = { blur: { sigma: [0, 1] } } as const;
    const pixels = await changed(backend, points, options);
    for (let image = 0; image < 60; image++) {
      const sigma = [0];
      imageDataGenerator(options).writeSigma(sigma, 0, { seed: 6, epoch: 2, image, height: 28, width: 28 });
      const one = pixels.subarray(image * 784, (image + 1) * 784);
      expect(sum(one)).toBeCloseTo(1, 5);
      const variance = (distance: (at: number) => number) =>
        one.reduce((total, value, at) => total + value * distance(at) * distance(at), 0);
      expect(variance((at) => (at % 28) - 12)).toBeCloseTo(sigma[0]! * sigma[0]!, 5);
      expect(variance((at) => Math.floor(at / 28) - 14)).toBeCloseTo(sigma[0]! * sigma[0]!, 5);
    }
  });
});

describe('contrast and noise', () => {
  const grey: Tensor = { shape: [40, 28, 28, 1], data: new Uint8Array(40 * 784).fill(102), divisor: 255 };

  it('are gain, offset and deviation as drawn', async () => {
    const options = {
      contrast: { gain: [0.8, 1.2], offset: [-0.1, 0.1] },
      noise: { deviation: [0.01, 0.05] },
    } as const;
    const pixels = await changed(backend, grey, options);
    for (let image = 0; image < 40; image++) {
      const tone = [0, 0, 0];
      imageDataGenerator(options).writeTone(tone, 0, { seed: 6, epoch: 2, image, height: 28, width: 28 });
      const [gain, offset, deviation] = tone as [number, number, number];
      const one = pixels.subarray(image * 784, (image + 1) * 784);
      const mean = sum(one) / 784;
      const variance = sum(one.map((value) => (value - mean) * (value - mean))) / 784;
      // The mean of 784 numbers is within 5 deviations over 28, and the variance to about 5 * sqrt(1.7 / 784).
      expect(Math.abs(mean - (gain * 0.4 + offset))).toBeLessThan((5 / 28) * deviation);
      expect(Math.abs(variance / (deviation * deviation) - 1)).toBeLessThan(0.25);
    }
  });

  it('keep images from 0 to 1', async () => {
    const pixels = await changed(backend, digits, {
      contrast: { gain: [1, 2], offset: [-0.5, 0.5] },
      noise: { deviation: [0.2, 0.2] },
    });
    expect(Math.min(...pixels)).toBe(0);
    expect(Math.max(...pixels)).toBe(1);
  });
});

describe('how images look', () => {
  it('stays as it is, bit for bit, where the amplitude is 0', async () => {
    const plain = await changed(backend, digits, affine);
    for (const nothing of [
      { strokes: {} },
      { strokes: { thicker: 4, probability: 0 } },
      { blur: { sigma: [0, 0] } },
      { blur: { sigma: [1, 1], probability: 0 } },
      { contrast: {} },
      { contrast: { gain: [0.5, 0.5], probability: 0 } },
      { noise: { deviation: [0, 0] } },
      { noise: { deviation: [1, 1], probability: 0 } },
    ] as const satisfies ImageDataGeneratorOptions[]) {
      const same = await changed(backend, digits, { ...affine, ...nothing });
      expect(hasBits(same, plain), JSON.stringify(nothing)).toBe(true);
    }
  });

  it('leaves maps, distortion and rectangles as they are', () => {
    const some: ImageDataGeneratorOptions = { ...affine, elastic: { alpha: 34 }, erasing: {} };
    const more: ImageDataGeneratorOptions = { ...some, strokes: { thicker: 1 }, noise: { deviation: [0, 1] } };
    const place = { seed: 1, epoch: 2, image: 3, height: 28, width: 28 };
    const written = (options: ImageDataGeneratorOptions) => {
      const out = new Float64Array(6 + 4 + 4);
      const generator = imageDataGenerator(options);
      generator.writeMatrix(out, 0, place);
      generator.writeKey(out.subarray(6), 0, place);
      generator.writeRectangle(out.subarray(10), 0, place);
      return out;
    };
    expect(written(more)).toEqual(written(some));
  });
});

describe('all of it together', () => {
  const options: ImageDataGeneratorOptions = {
    ...affine,
    elastic: { alpha: 34 },
    strokes: { thinner: 0.8, thicker: 2.5 },
    blur: { sigma: [0, 0.7] },
    contrast: { gain: [0.7, 1.2], offset: [-0.05, 0.1] },
    noise: { deviation: [0, 0.1], probability: 0.7 },
    erasing: { value: 0.3 },
  };

  it('is the same whatever the batch size and the threads, bit for bit', async () => {
    const expected = await changed(backend, digits, options);
    for (const threads of [1, 2, 3]) {
      const team = wasmBackend({ threads });
      for (const batchSize of [1, 7, 64, 150]) {
        const pixels = await changed(team, digits, options, { batchSize });
        expect(hasBits(pixels, expected), `${threads} threads, batches of ${batchSize}`).toBe(true);
      }
      await team.dispose();
    }
  });

  it('is what the oracle computes in float64', async () => {
    const some = { ...digits, data: digits.data.slice(0, 20 * 784), shape: [20, 28, 28, 1] };
    const truth = await changed(referenceBackend(), some, options);
    expect(relativeError(await changed(backend, some, options), truth)).toBeLessThan(1e-4);
    expect(norm(truth)).toBeGreaterThan(10);
  });

  it('is another for another seed, epoch and image', async () => {
    const same = {
      ...digits,
      data: new Uint8Array(2 * 784).fill(0).map((_, i) => digits.data[i % 784]!),
      shape: [2, 28, 28, 1],
    };
    const runs = [{}, { seed: 7 }, { seed: 6 + 2 ** 32 }, { epoch: 3 }];
    const pictures = new Set<string>();
    for (const run of runs) {
      const both = await changed(backend, same, { elastic: { alpha: 34 } }, run);
      for (const picture of [both.subarray(0, 784), both.subarray(784)]) pictures.add(String(picture));
    }
    expect(pictures.size).toBe(8);
  });

  it('takes a few hundred bytes more for each image of a batch', async () => {
    const describe = async (given: ImageDataGeneratorOptions, capacity: number) => {
      const builder = new ProgramBuilder(capacity);
      const images = builder.input('images', [28, 28, 1], 'u8', true);
      builder.output('changed', augment(builder, images, 255, augmentationOf(imageDataGenerator(given))));
      const { description } = await backend.compile(builder.build());
      return description;
    };
    const [plain, small, large] = await Promise.all([
      describe(affine, 256),
      describe({ ...affine, elastic: { alpha: 34, sigma: 1 }, erasing: {} }, 256),
      describe(options, 256),
    ]);
    // A grid of 7 x 7 points, a key and a rectangle; at sigma 1, 19 x 19 points.
    expect(large.totalBytes - plain.totalBytes).toBeLessThan(256 * (7 * 7 * 8 + 32) + 8192);
    expect(small.totalBytes - plain.totalBytes).toBeLessThan(256 * (19 * 19 * 8 + 32) + 8192);
  });
});
