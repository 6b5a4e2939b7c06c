import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random, streams } from '../numeric/philox.js';
import { imageDataGenerator, type ImageDataGeneratorOptions } from './imageDataGenerator.js';

const HEIGHT = 20;
const WIDTH = 28;
const DEGREES = Math.PI / 180;
const place = { seed: 3, epoch: 0, image: 0, height: HEIGHT, width: WIDTH };

type Matrix = readonly [number, number, number, number, number, number];

/** The map of one image, in float64. */
function matrixOf(options: ImageDataGeneratorOptions, at: Partial<typeof place> = {}): Matrix {
  const out: [number, number, number, number, number, number] = [0, 0, 0, 0, 0, 0];
  imageDataGenerator(options).writeMatrix(out, 0, { ...place, ...at });
  return out;
}

/** Where in the input the output place (column, row) looks. */
function apply([a, b, x, c, d, y]: Matrix, column: number, row: number): [column: number, row: number] {
  return [a * column + b * row + x, c * column + d * row + y];
}

const centre = [WIDTH / 2 - 0.5, HEIGHT / 2 - 0.5] as const;
const images = Array.from({ length: 400 }, (_, image) => image);
/** The first number that an image draws, from [-1, 1]: its rotation. */
const firstDraw = (image: number) => new Random(3, streams.augmentation, 0, image).uniform(-1, 1);

const options: fc.Arbitrary<ImageDataGeneratorOptions> = fc.record({
  rotationRange: fc.double({ min: 0, max: 180, noNaN: true }),
  widthShiftRange: fc.oneof(fc.double({ min: 0, max: 0.99, noNaN: true }), fc.integer({ min: 1, max: 9 })),
  heightShiftRange: fc.oneof(fc.double({ min: 0, max: 0.99, noNaN: true }), fc.integer({ min: 1, max: 9 })),
  shearRange: fc.double({ min: 0, max: 60, noNaN: true }),
  zoomRange: fc.double({ min: 0, max: 0.9, noNaN: true }),
  horizontalFlip: fc.boolean(),
  verticalFlip: fc.boolean(),
});
const seeds = fc.maxSafeNat();
const sizes = fc.integer({ min: 1, max: 64 });

describe('a map', () => {
  it('is the identity, exactly, where nothing is asked for', () => {
    fc.assert(
      fc.property(seeds, fc.nat(1000), fc.nat(60000), sizes, sizes, (seed, epoch, image, height, width) => {
        const matrix = matrixOf({}, { seed, epoch, image, height, width });
        // -0 is 0 here.
        expect(matrix.map((value) => value + 0)).toEqual([1, 0, 0, 0, 1, 0]);
      }),
    );
  });

  it('depends on options, seed, epoch, image and size alone, not on what was drawn before', () => {
    fc.assert(
      fc.property(options, seeds, fc.nat(100), fc.nat(60000), (given, seed, epoch, image) => {
        const generator = imageDataGenerator(given);
        const place = { seed, epoch, image, height: HEIGHT, width: WIDTH };
        const out = new Float64Array(6 * 4).fill(77);
        generator.writeMatrix(out, 1, { ...place, image: image + 1 });
        generator.writeMatrix(out, 2, place);
        expect([...out.subarray(12, 18)]).toEqual(matrixOf(given, place));
        // No other row is written.
        expect(out.subarray(0, 6).every((value) => value === 77)).toBe(true);
        expect(out.subarray(18).every((value) => value === 77)).toBe(true);
      }),
    );
  });

  it('is another for another seed, epoch and image', () => {
    const given = { rotationRange: 10, zoomRange: 0.1 };
    const maps = [{}, { seed: 4 }, { seed: 3 + 2 ** 32 }, { epoch: 1 }, { image: 1 }].map((at) => matrixOf(given, at));
    expect(new Set(maps.map(String)).size).toBe(5);
  });

  it('has the area that zoom and flips give it: rotation, shift and shear add none but the shear’s cosine', () => {
    fc.assert(
      fc.property(options, seeds, (given, seed) => {
        const [a, b, , c, d] = matrixOf(given, { seed });
        const area = Math.abs(a * d - b * c);
        const zoom = given.zoomRange as number;
        const shear = Math.cos(given.shearRange! * DEGREES);
        expect(area).toBeGreaterThanOrEqual((1 - zoom) * (1 - zoom) * shear - 1e-12);
        expect(area).toBeLessThanOrEqual((1 + zoom) * (1 + zoom) + 1e-12);
        const mirrored = a * d - b * c < 0;
        if (!given.horizontalFlip && !given.verticalFlip) expect(mirrored).toBe(false);
      }),
    );
  });
});

describe('rotation', () => {
  const range = 30;

  it('turns about the centre and leaves distances as they are', () => {
    fc.assert(
      fc.property(fc.nat(1e6), sizes, sizes, (image, height, width) => {
        const matrix = matrixOf({ rotationRange: range }, { image, height, width });
        const [x, y] = [width / 2 - 0.5, height / 2 - 0.5];
        const [column, row] = apply(matrix, x, y);
        expect(column).toBeCloseTo(x, 10);
        expect(row).toBeCloseTo(y, 10);
        const [a, b, , c, d] = matrix;
        expect(d).toBe(a);
        expect(b).toBe(-c);
        expect(a * a + c * c).toBeCloseTo(1, 12);
        expect(Math.abs(Math.atan2(c, a))).toBeLessThanOrEqual(range * DEGREES + 1e-12);
      }),
    );
  });

  it('by a positive angle turns the picture counter-clockwise: right of the centre shows what was below it', () => {
    for (const image of images.slice(0, 50)) {
      const matrix = matrixOf({ rotationRange: range }, { image });
      const [column, row] = apply(matrix, centre[0] + 10, centre[1]);
      const angle = firstDraw(image) * range * DEGREES;
      expect(column).toBeCloseTo(centre[0] + 10 * Math.cos(angle), 10);
      expect(row).toBeCloseTo(centre[1] + 10 * Math.sin(angle), 10);
    }
  });

  it('goes both ways, evenly over the range', () => {
    const angles = images.map((image) => {
      const [a, , , c] = matrixOf({ rotationRange: range }, { image });
      return Math.atan2(c, a) / DEGREES;
    });
    expect(Math.min(...angles)).toBeLessThan(-0.95 * range);
    expect(Math.max(...angles)).toBeGreaterThan(0.95 * range);
    // The mean of 400 even draws from [-30, 30] has a standard deviation of 0.87.
    expect(Math.abs(angles.reduce((sum, angle) => sum + angle, 0) / 400)).toBeLessThan(4);
  });
});

describe('shifts', () => {
  it.each([
    ['widthShiftRange', 2, 5, WIDTH],
    ['heightShiftRange', 5, 2, HEIGHT],
  ] as const)('by %s move what the name says, by a share of its size', (name, moved, kept, size) => {
    const shifts = images.map((image) => {
      const matrix = matrixOf({ [name]: 0.25 }, { image });
      expect([matrix[0], matrix[1] + 0, matrix[3], matrix[4], matrix[kept]]).toEqual([1, 0, 0, 1, 0]);
      return matrix[moved];
    });
    expect(Math.max(...shifts.map(Math.abs))).toBeLessThanOrEqual(0.25 * size);
    expect(Math.min(...shifts)).toBeLessThan(-0.24 * size);
    expect(Math.max(...shifts)).toBeGreaterThan(0.24 * size);
    expect(new Set(shifts).size).toBe(400);
  });

  it.each([
    ['widthShiftRange', 2],
    ['heightShiftRange', 5],
  ] as const)('by %s of whole pixels go from -(n - 1) to n - 1', (name, moved) => {
    for (const range of [1, 2, 4]) {
      const shifts = images.map((image) => matrixOf({ [name]: range }, { image })[moved] + 0);
      const expected = Array.from({ length: 2 * range - 1 }, (_, i) => i - (range - 1));
      expect([...new Set(shifts)].sort((a, b) => a - b)).toEqual(expected);
    }
  });

  it('of width and height are drawn apart', () => {
    const pairs = images.map((image) => {
      const matrix = matrixOf({ widthShiftRange: 3, heightShiftRange: 3 }, { image });
      return `${matrix[2] + 0} ${matrix[5] + 0}`;
    });
    expect(new Set(pairs).size).toBe(25);
  });
});

describe('shear', () => {
  it('is in degrees, [[1, -sin], [0, cos]] about the centre', () => {
    const range = 20;
    const angles = images.map((image) => {
      const matrix = matrixOf({ shearRange: range }, { image });
      const [a, b, , c, d] = matrix;
      const angle = Math.asin(-b);
      expect([a, c + 0]).toEqual([1, 0]);
      expect(d).toBeCloseTo(Math.cos(angle), 12);
      const [column, row] = apply(matrix, ...centre);
      expect(column).toBeCloseTo(centre[0], 10);
      expect(row).toBeCloseTo(centre[1], 10);
      return angle / DEGREES;
    });
    expect(Math.max(...angles.map(Math.abs))).toBeLessThanOrEqual(range);
    expect(Math.min(...angles)).toBeLessThan(-0.95 * range);
    expect(Math.max(...angles)).toBeGreaterThan(0.95 * range);
  });

  it('of the notebook’s 0.2 is nearly nothing', () => {
    for (const image of images) {
      const [column] = apply(matrixOf({ shearRange: 0.2 }, { image }), 0, 0);
      expect(Math.abs(column)).toBeLessThan(0.04);
    }
  });
});

describe('zoom', () => {
  it('draws both axes apart from [1 - z, 1 + z]', () => {
    const factors = images.map((image) => {
      const [a, b, x, c, d, y] = matrixOf({ zoomRange: 0.3 }, { image });
      expect([b + 0, c + 0]).toEqual([0, 0]);
      expect(a * centre[0] + x).toBeCloseTo(centre[0], 10);
      expect(d * centre[1] + y).toBeCloseTo(centre[1], 10);
      return [a, d] as const;
    });
    for (const axis of [0, 1] as const) {
      const ofAxis = factors.map((pair) => pair[axis]);
      expect(Math.min(...ofAxis)).toBeGreaterThanOrEqual(0.7);
      expect(Math.max(...ofAxis)).toBeLessThanOrEqual(1.3);
      expect(Math.min(...ofAxis)).toBeLessThan(0.72);
      expect(Math.max(...ofAxis)).toBeGreaterThan(1.28);
    }
    expect(factors.some(([a, d]) => (a - 1) * (d - 1) < 0)).toBe(true);
  });

  it('above 1 shrinks the picture: the corner shows a place outside of it', () => {
    const matrix = matrixOf({ zoomRange: [2, 2] });
    expect(apply(matrix, 0, 0)).toEqual([-centre[0], -centre[1]]);
    expect(apply(matrix, ...centre)).toEqual([...centre]);
    const enlarged = matrixOf({ zoomRange: [0.5, 0.5] });
    expect(apply(enlarged, 0, 0)).toEqual([centre[0] / 2, centre[1] / 2]);
  });

  it('takes a range of its own', () => {
    for (const image of images) {
      const [a, , , , d] = matrixOf({ zoomRange: [1.1, 1.2] }, { image });
      for (const factor of [a, d]) {
        expect(factor).toBeGreaterThanOrEqual(1.1);
        expect(factor).toBeLessThan(1.2);
      }
    }
  });
});

describe('flips', () => {
  it.each([
    ['horizontalFlip', [-1, 0, WIDTH - 1, 0, 1, 0]],
    ['verticalFlip', [1, 0, 0, 0, -1, HEIGHT - 1]],
  ] as const)('by %s mirror about half of the images', (name, mirrored) => {
    const maps = images.map((image) => String(matrixOf({ [name]: true }, { image }).map((value) => value + 0)));
    const flipped = maps.filter((map) => map === String(mirrored)).length;
    expect(maps.filter((map) => map === '1,0,0,0,1,0')).toHaveLength(400 - flipped);
    // 400 even draws: five standard deviations are 50.
    expect(flipped).toBeGreaterThan(150);
    expect(flipped).toBeLessThan(250);
  });

  it('of both axes are drawn apart', () => {
    const both = { horizontalFlip: true, verticalFlip: true };
    const signs = images.map((image) => matrixOf(both, { image })).map(([a, , , , d]) => `${a} ${d}`);
    expect(new Set(signs).size).toBe(4);
  });
});

it('all together go in Keras’s order: rotation, shift, shear, zoom, then flip, from output to input', () => {
  const given = {
    rotationRange: 40,
    widthShiftRange: 0.2,
    heightShiftRange: 0.3,
    shearRange: 15,
    zoomRange: 0.25,
    horizontalFlip: true,
    verticalFlip: true,
  };
  for (const image of images.slice(0, 60)) {
    const random = new Random(3, streams.augmentation, 0, image);
    const angle = random.uniform(-40, 40) * DEGREES;
    const down = random.uniform(-0.3, 0.3) * HEIGHT;
    const right = random.uniform(-0.2, 0.2) * WIDTH;
    const shear = random.uniform(-15, 15) * DEGREES;
    const [zoomX, zoomY] = [random.uniform(0.75, 1.25), random.uniform(0.75, 1.25)];
    const [flipX, flipY] = [random.below(2) === 1, random.below(2) === 1];
    const matrix = matrixOf(given, { image });
    for (const [column, row] of [
      [0, 0],
      [27, 3],
      [13.5, 9.5],
    ] as const) {
      // The place, step by step, from the output's to the input's, from the centre.
      let [x, y] = [column - centre[0], row - centre[1]];
      if (flipX) x = -x;
      if (flipY) y = -y;
      [x, y] = [x * zoomX, y * zoomY];
      [x, y] = [x - Math.sin(shear) * y, Math.cos(shear) * y];
      [x, y] = [x + right, y + down];
      [x, y] = [Math.cos(angle) * x - Math.sin(angle) * y, Math.sin(angle) * x + Math.cos(angle) * y];
      const [atColumn, atRow] = apply(matrix, column, row);
      expect(atColumn).toBeCloseTo(x + centre[0], 9);
      expect(atRow).toBeCloseTo(y + centre[1], 9);
    }
  }
});

describe('options', () => {
  it('beyond Keras’s have defaults once they are asked for', () => {
    const { elastic, strokes, blur, contrast, noise, erasing } = imageDataGenerator({
      elastic: { alpha: 34 },
      strokes: {},
      blur: { sigma: [0, 0.7] },
      contrast: {},
      noise: { deviation: [0, 0.1] },
      erasing: {},
    }).options;
    expect(elastic).toEqual({ alpha: 34, sigma: 4 });
    expect(strokes).toEqual({ thinner: 0, thicker: 0, probability: 1 });
    expect(blur).toEqual({ sigma: [0, 0.7], probability: 1 });
    expect(contrast).toEqual({ gain: [1, 1], offset: [0, 0], probability: 1 });
    expect(noise).toEqual({ deviation: [0, 0.1], probability: 1 });
    expect(erasing).toEqual({ probability: 0.5, area: [0.02, 0.33], aspectRatio: [0.3, 3.3], value: 0 });
  });

  it('have Keras’s defaults', () => {
    expect(imageDataGenerator().options).toEqual({
      rotationRange: 0,
      widthShiftRange: 0,
      heightShiftRange: 0,
      shearRange: 0,
      zoomRange: 0,
      horizontalFlip: false,
      verticalFlip: false,
      fillMode: 'nearest',
      cval: 0,
    });
  });

  it('are refused with what is allowed', () => {
    const refused = (given: object) => {
      try {
        imageDataGenerator(given);
      } catch (error) {
        return (error as Error).message.split('\n')[0];
      }
      return undefined;
    };
    const must = (name: string, allowed: string, given: string) =>
      `imageDataGenerator: the option "${name}" must be ${allowed}, but is ${given}.`;
    const shift = 'a share of the size, >= 0 and < 1, or a whole number of pixels';
    const zoom = 'a number >= 0 and < 1, or two factors [low, high] above 0';
    expect(refused({ rotationRange: -7 })).toBe(must('rotationRange', 'a number >= 0 and <= 180', '-7'));
    expect(refused({ rotationRange: 181 })).toBe(must('rotationRange', 'a number >= 0 and <= 180', '181'));
    expect(refused({ widthShiftRange: 1.5 })).toBe(must('widthShiftRange', shift, '1.5'));
    expect(refused({ heightShiftRange: -0.1 })).toBe(must('heightShiftRange', shift, '-0.1'));
    expect(refused({ shearRange: 90 })).toBe(must('shearRange', 'a number >= 0 and < 90', '90'));
    expect(refused({ zoomRange: 1 })).toBe(must('zoomRange', zoom, '1'));
    expect(refused({ zoomRange: [1.2, 0.8] })).toBe(must('zoomRange', zoom, '[1.2,0.8]'));
    expect(refused({ zoomRange: [0, 1] })).toBe(must('zoomRange', zoom, '[0,1]'));
    expect(refused({ zoomRange: [1, 1, 1] })).toBe(must('zoomRange', zoom, '[1,1,1]'));
    expect(refused({ horizontalFlip: 1 })).toBe(must('horizontalFlip', 'true or false', '1'));
    const modes = 'one of "constant", "nearest", "reflect", "wrap"';
    expect(refused({ fillMode: 'mirror' })).toBe(must('fillMode', modes, '"mirror"'));
    expect(refused({ cval: NaN })).toBe(must('cval', 'a number', 'NaN'));
    expect(refused({ elastic: 34 })).toBe(must('elastic', '{ alpha, sigma }', '34'));
    expect(refused({ erasing: true })).toBe(must('erasing', '{ probability, area, aspectRatio, value }', 'true'));
    const elastic = (name: string, allowed: string, given: string) =>
      must(name, allowed, given).replace('Generator:', 'Generator, elastic:');
    expect(refused({ elastic: {} })).toBe('imageDataGenerator, elastic: the option "alpha" is missing.');
    expect(refused({ elastic: { alpha: -1 } })).toBe(elastic('alpha', 'a number >= 0', '-1'));
    expect(refused({ elastic: { alpha: 34, sigma: 0.5 } })).toBe(elastic('sigma', 'a number >= 1', '0.5'));
    expect(refused({ elastic: { alpha: 34, sigm: 4 } })).toContain('there is no option "sigm"');
    const erasing = (name: string, allowed: string, given: string) =>
      must(name, allowed, given).replace('Generator:', 'Generator, erasing:');
    const shares = 'two shares of the image, [low, high], above 0 and at most 1';
    expect(refused({ erasing: { probability: 1.1 } })).toBe(erasing('probability', 'a number >= 0 and <= 1', '1.1'));
    for (const area of [[0, 0.1], [0.3, 0.2], [0.5, 1.5], [0.1], [0.1, 0.2, 0.3]]) {
      expect(refused({ erasing: { area } })).toBe(erasing('area', shares, JSON.stringify(area)));
    }
    expect(refused({ erasing: { area: 0.2 } })).toBe(erasing('area', shares, '0.2'));
    const ratios = 'two numbers above 0, [low, high]';
    expect(refused({ erasing: { aspectRatio: [-1, 1] } })).toBe(erasing('aspectRatio', ratios, '[-1,1]'));
    expect(refused({ erasing: { value: Infinity } })).toBe(erasing('value', 'a number', 'Infinity'));
    const within = (name: string, option: string, allowed: string, given: string) =>
      must(option, allowed, given).replace('Generator:', `Generator, ${name}:`);
    expect(refused({ strokes: 1 })).toBe(must('strokes', '{ thinner, thicker, probability }', '1'));
    const thinner = within('strokes', 'thinner', 'a number >= 0 and <= 1.2', '2');
    expect(refused({ strokes: { thinner: 2 } })).toBe(thinner);
    const thicker = within('strokes', 'thicker', 'a number >= 0 and <= 4', '-1');
    expect(refused({ strokes: { thicker: -1 } })).toBe(thicker);
    expect(refused({ blur: {} })).toBe('imageDataGenerator, blur: the option "sigma" is missing.');
    const pixels = 'two numbers of pixels, [low, high], from 0 to 1';
    for (const sigma of [0.5, [0, 1.1], [0.5, 0.4], [0.5], [0, 0.5, 1], [0, '1']]) {
      expect(refused({ blur: { sigma } })).toBe(within('blur', 'sigma', pixels, JSON.stringify(sigma)));
    }
    const gain = within('contrast', 'gain', 'two numbers above 0, [low, high]', '[0,1]');
    expect(refused({ contrast: { gain: [0, 1] } })).toBe(gain);
    const offset = within('contrast', 'offset', 'two numbers from -1 to 1, [low, high]', '[0,2]');
    expect(refused({ contrast: { offset: [0, 2] } })).toBe(offset);
    const deviation = within('noise', 'deviation', 'two numbers from 0 to 1, [low, high]', '0.1');
    expect(refused({ noise: { deviation: 0.1 } })).toBe(deviation);
    for (const name of ['strokes', 'blur', 'contrast', 'noise']) {
      const needed = name === 'blur' ? { sigma: [0, 1] } : name === 'noise' ? { deviation: [0, 1] } : {};
      const refusal = within(name, 'probability', 'a number >= 0 and <= 1', '2');
      expect(refused({ [name]: { ...needed, probability: 2 } })).toBe(refusal);
    }
    expect(refused({ rotation_range: 7 })).toBe('imageDataGenerator: there is no option "rotation_range".');
    expect(() => imageDataGenerator({ rotation_range: 7 } as object)).toThrow('Did you mean "rotationRange"?');
  });
});
