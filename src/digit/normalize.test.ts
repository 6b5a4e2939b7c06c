import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { syntheticDigits } from '../data/synthetic/index.js';
import { type Limits, LIMITS } from './limits.js';
import { judge, type Reading } from './judge.js';
import { normalizeDigit } from './normalize.js';
import { changed, type Drawing, drawn, inkOf, likeness, noisy, pictureOf } from './testing.js';

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const drawing = (digit: number, changes: Partial<Drawing> = {}): Drawing => ({
  ...{ digit, side: 140, pen: 16, left: 70, top: 60 },
  ...changes,
});
const plain = (digit: number) => normalizeDigit(drawn(280, 280, drawing(digit))).image;
const ALIKE = 0.97;

/** The longer side of an image's ink, its box and its centre of mass. */
function frameOf(image: Uint8Array) {
  let [left, top, right, bottom, mass, x, y] = [28, 28, 0, 0, 0, 0, 0];
  image.forEach((value, i) => {
    const [px, py] = [i % 28, Math.floor(i / 28)];
    [mass, x, y] = [mass + value, x + value * px, y + value * py];
    if (value === 0) return;
    [left, right] = [Math.min(left, px), Math.max(right, px + 1)];
    [top, bottom] = [Math.min(top, py), Math.max(bottom, py + 1)];
  });
  return { left, top, right, bottom, side: Math.max(right - left, bottom - top), x: x / mass, y: y / mass };
}

describe.each(DIGITS)('a %d', (digit) => {
  const same = (picture: Parameters<typeof normalizeDigit>[0], least = ALIKE) => {
    const { image, signs } = normalizeDigit(picture);
    expect(likeness(image, plain(digit))).toBeGreaterThan(least);
    expect(signs.length).toBe(1);
  };
  it('fills a box of 20 pixels around index 14', () => {
    const image = plain(digit);
    const { side, x, y } = frameOf(image);
    expect(side).toBe(20);
    expect(Math.abs(x - 14)).toBeLessThanOrEqual(0.55);
    expect(Math.abs(y - 14)).toBeLessThanOrEqual(0.55);
  });
  it('is the same anywhere', () => {
    same(drawn(280, 280, drawing(digit, { left: 20, top: 110 })));
    same(drawn(500, 300, drawing(digit, { left: 300, top: 60 })));
  });
  it('is the same at any size', () => {
    same(drawn(280, 280, drawing(digit, { side: 42, pen: 4.8 })), 0.9);
    same(drawn(280, 280, drawing(digit, { side: 200, pen: 23, left: 40, top: 40 })));
    same(drawn(1100, 700, drawing(digit, { side: 130, pen: 15, left: 700, top: 450 })), 0.9);
  });
  it('is the same on any paper, by any pen', () => {
    same(drawn(280, 280, drawing(digit), { ink: [255, 255, 255], paper: [0, 0, 0] }));
    same(drawn(280, 280, drawing(digit), { ink: [30, 40, 150], paper: [235, 230, 215] }));
    same(drawn(280, 280, drawing(digit), { ink: [250, 210, 60], paper: [255, 255, 255] }), 0.95);
    same(drawn(280, 280, drawing(digit), { ink: [200, 60, 50], paper: [40, 70, 140] }), 0.95);
  });
  it('is the same on a transparent canvas', () => {
    const inkAt = inkOf(drawing(digit));
    const transparent = (value: number) => pictureOf(280, 280, (x, y) => [value, value, value, 255 * inkAt(x, y)]);
    same(transparent(0));
    same(transparent(255));
  });
  it('is the same in noise, under a lamp and in a shadow', () => {
    const sheet = drawn(280, 280, drawing(digit), { ink: [50, 50, 90], paper: [225, 222, 212] });
    same(changed(sheet, noisy(6)), 0.95);
    same(
      changed(
        changed(sheet, (value, x, y) => value * (1 - 0.0015 * x - 0.0008 * y)),
        noisy(2),
      ),
      0.95,
    );
    const shadow = (value: number, x: number, y: number) => value * (x + 0.4 * y > 190 ? 0.5 : 1);
    same(changed(changed(sheet, shadow), noisy(2)), 0.9);
  });
  it('is the same on ruled and squared paper', () => {
    const sheet = drawn(280, 280, drawing(digit), { ink: [30, 30, 60], paper: [240, 240, 235] });
    const line = (at: number, gap: number) => ((at % gap) + gap) % gap < 1.5;
    const ruled = changed(sheet, (value, x, y) => (line(y + 0.02 * x, 40) ? Math.min(value, 150) : value));
    same(changed(ruled, noisy(2)), 0.93);
    const squared = changed(ruled, (value, x, y) => (line(x - 0.02 * y, 35) ? Math.min(value, 150) : value));
    same(changed(squared, noisy(2)), 0.93);
  });
  it('stays itself among specks', () => {
    const specks = (value: number, x: number, y: number) => ((x * 7 + y * 13) % 997 === 0 ? 60 : value);
    same(changed(drawn(280, 280, drawing(digit)), specks), 0.95);
  });
  it('is the same twice', () => {
    const picture = changed(drawn(280, 280, drawing(digit)), noisy(10));
    expect(normalizeDigit(picture).image).toEqual(normalizeDigit(picture).image);
  });
});

it('leaves images as MNIST has them nearly as they are', () => {
  const { images } = syntheticDigits({ count: 200, seed: 4 });
  let sum = 0;
  for (let i = 0; i < 200; i++) {
    const image = images.data.subarray(i * 784, (i + 1) * 784);
    const picture = pictureOf(28, 28, (x, y) => [image[y * 28 + x]!, image[y * 28 + x]!, image[y * 28 + x]!]);
    sum += likeness(normalizeDigit(picture).image, image);
  }
  expect(sum / 200).toBeGreaterThan(0.97);
});

it('gives thin strokes a width', () => {
  const { geometry, image } = normalizeDigit(drawn(280, 280, drawing(3, { side: 200, pen: 1.2, left: 40, top: 40 })));
  expect(geometry.strokeWidth).toBeLessThan(1);
  expect(image.reduce((sum, value) => sum + value, 0) / 255).toBeGreaterThan(50);
});

it('reads the inside of a sheet that lies on a table', () => {
  const inkAt = inkOf(drawing(4, { side: 90, pen: 8, left: 100, top: 90 }));
  const picture = pictureOf(300, 280, (x, y) => {
    const onSheet = x > 40 && x < 250 && y > 50 && y < 230;
    const paper = onSheet ? [235, 232, 225] : [90, 60, 40];
    const cover = onSheet ? inkAt(x, y) : 0;
    return paper.map((value) => value * (1 - cover) + 20 * cover);
  });
  expect(likeness(normalizeDigit(picture).image, plain(4))).toBeGreaterThan(0.8);
});

it('counts digits beside each other, in the picture’s own pixels', () => {
  const inks = [2, 0, 7].map((digit, i) => inkOf(drawing(digit, { side: 160, pen: 14, left: 80 + 260 * i, top: 100 })));
  const picture = pictureOf(900, 400, (x, y) => {
    const value = 255 * (1 - Math.max(...inks.map((inkAt) => inkAt(x, y))));
    return [value, value, value];
  });
  const { signs, geometry } = normalizeDigit(picture);
  expect(signs.length).toBe(3);
  expect(signs[1]!.left).toBeGreaterThan(330);
  expect(signs[1]!.right).toBeLessThan(520);
  expect(judge(geometry).status).toBe('several');
});

it('shows its stages', () => {
  const { stages } = normalizeDigit(drawn(280, 280, drawing(6)));
  expect(stages().map(({ name }) => name)).toEqual([
    'on paper',
    'ink',
    'mask',
    'main group',
    'strokes',
    'box',
    'normalized',
  ]);
  for (const { picture } of stages()) expect(picture.data.length).toBe(picture.width * picture.height * 4);
});

describe('nothing to read', () => {
  it.each([
    ['white', () => [255, 255, 255]],
    ['black', () => [0, 0, 0]],
    ['transparent', () => [0, 0, 0, 0]],
    ['a gradient', (x: number) => [100 + x / 2, 110 + x / 2, 100 + x / 2]],
  ] as const)('%s is blank', (_, colourAt) => {
    const { geometry, image, stages } = normalizeDigit(pictureOf(200, 160, colourAt));
    expect(judge(geometry).status).toBe('blank');
    expect(image.every((value) => value === 0)).toBe(true);
    expect(stages().at(-1)!.name).toBe('normalized');
  });
  it.each([
    [1, 1],
    [1, 300],
    [300, 1],
    [2, 2],
    [28, 3],
  ])('a picture of %d x %d is no reason to fail', (width, height) => {
    const { image } = normalizeDigit(pictureOf(width, height, (x, y) => [255 * ((x + y) & 1), 0, 0]));
    expect(image.length).toBe(784);
  });
  it('is a dot or noise', () => {
    const dot = pictureOf(200, 200, (x, y) =>
      (x - 90) * (x - 90) + (y - 70) * (y - 70) < 300 ? [0, 0, 0] : [255, 255, 255],
    );
    expect(judge(normalizeDigit(dot).geometry).status).toBe('not-a-digit');
    const noise = changed(
      pictureOf(150, 150, () => [128, 128, 128]),
      noisy(50),
    );
    expect(judge(normalizeDigit(noise).geometry).status).not.toBe('ok');
  });
});

describe('any picture', () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }));
  const pictures = sizes.chain(([width, height]) =>
    fc
      .uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 })
      .map((data) => ({ width, height, data })),
  );
  it('gives 784 bytes, the same again, framed as MNIST is', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const { image, geometry } = normalizeDigit(picture);
        expect(image.length).toBe(784);
        expect(normalizeDigit(picture).image).toEqual(image);
        expect(Object.values(geometry).every(Number.isFinite)).toBe(true);
        expect(image.some((value) => value > 0)).toBe(geometry.signs > 0);
        if (geometry.signs === 0) return;
        const { left, top, right, bottom, side, x, y } = frameOf(image);
        expect(Math.max(...image)).toBe(255);
        expect(side).toBeLessThanOrEqual(20);
        // Lopsided ink is not moved out of the field.
        if (left > 0 && right < 28) expect(Math.abs(x - 14)).toBeLessThanOrEqual(0.6);
        if (top > 0 && bottom < 28) expect(Math.abs(y - 14)).toBeLessThanOrEqual(0.6);
      }),
      { seed: 6, numRuns: 150 },
    );
  });
  it('of strokes anywhere, of any width and colours, fills the box', () => {
    const strokes = fc.record({
      digit: fc.integer({ min: 0, max: 9 }),
      index: fc.integer({ min: 0, max: 500 }),
      side: fc.integer({ min: 24, max: 90 }),
      pen: fc.double({ min: 0.04, max: 0.16, noNaN: true }),
      left: fc.integer({ min: 14, max: 40 }),
      top: fc.integer({ min: 14, max: 40 }),
      dark: fc.integer({ min: 0, max: 90 }),
      light: fc.integer({ min: 160, max: 255 }),
      onDark: fc.boolean(),
    });
    fc.assert(
      fc.property(strokes, ({ dark, light, onDark, pen, ...rest }) => {
        const tones = ([light, dark] as const).map((tone) => [tone, tone, tone] as const);
        const [paper, ink] = onDark ? [tones[1]!, tones[0]!] : [tones[0]!, tones[1]!];
        const picture = drawn(150, 150, { ...rest, pen: Math.max(1.2, pen * rest.side) }, { paper, ink });
        const { image, signs } = normalizeDigit(picture);
        expect(signs.length).toBe(1);
        const { side, x, y } = frameOf(image);
        expect(side).toBeGreaterThanOrEqual(19);
        expect(side).toBeLessThanOrEqual(20);
        expect(Math.abs(x - 14)).toBeLessThanOrEqual(0.6);
        expect(Math.abs(y - 14)).toBeLessThanOrEqual(0.6);
      }),
      { seed: 6, numRuns: 60 },
    );
  });
});

describe('what stands around the digit', () => {
  const sheet = (digit: number, around: (x: number, y: number) => boolean, tone = 60) => {
    const inkAt = inkOf(drawing(digit, { side: 110, pen: 9, left: 90, top: 80 }));
    return pictureOf(280, 260, (x, y) => {
      const value = Math.min(around(x, y) ? tone : 255, 255 * (1 - inkAt(x, y)));
      return [value, value, value];
    });
  };
  const between = (value: number, low: number, high: number) => value >= low && value < high;
  it.each([
    [
      'a printed box',
      (x: number, y: number) =>
        between(x, 50, 240) && between(y, 50, 220) && !(between(x, 53, 237) && between(y, 53, 217)),
    ],
    ['the table at the edge', (x: number) => x > 255],
    ['a finger at the edge', (x: number, y: number) => (x - 140) * (x - 140) + (y - 260) * (y - 260) < 500],
    ['small print', (x: number, y: number) => between(y, 225, 233) && (x >> 1) % 6 < 3 && x % 4 < 2],
    ['a shadow in the corner', (x: number, y: number) => x + y < 110],
  ] as const)('%s is left out', (_, around) => {
    for (const digit of [2, 5, 8]) {
      const { image, signs } = normalizeDigit(sheet(digit, around));
      expect(signs.length).toBe(1);
      expect(likeness(image, normalizeDigit(sheet(digit, () => false)).image)).toBeGreaterThan(0.95);
    }
  });
});

describe('a sheet whose paper is known', () => {
  const white = { ink: [0, 0, 0], paper: [255, 255, 255] } as const;
  const black = { ink: [255, 255, 255], paper: [0, 0, 0] } as const;
  it.each(DIGITS)('gives the same %d as one whose paper is found', (digit) => {
    const found = normalizeDigit(drawn(280, 280, drawing(digit), white)).image;
    expect(normalizeDigit(drawn(280, 280, drawing(digit), white), { paper: 'white' }).image).toEqual(found);
    const onBlack = normalizeDigit(drawn(280, 280, drawing(digit), black), { paper: 'black' }).image;
    expect(likeness(onBlack, found)).toBeGreaterThan(ALIKE);
  });
  it('is never taken for a board with light writing, however much of it is covered', () => {
    // All but a spot, a ring around it, and the edges: what is left of the paper is a 1.
    const covered = pictureOf(84, 84, (x, y) => {
      const spot = Math.abs(x - 42) < 3 && Math.abs(y - 42) < 12;
      const value = spot || Math.min(x, y, 83 - x, 83 - y) < 8 ? 255 : 0;
      return [value, value, value];
    });
    expect(judge(normalizeDigit(covered).geometry).status).toBe('ok');
    const known = normalizeDigit(covered, { paper: 'white' });
    expect(judge(known.geometry)).toEqual({ status: 'not-a-digit', reason: 'too much of the picture is dark' });
    const all = normalizeDigit(
      pictureOf(84, 84, () => [0, 0, 0]),
      { paper: 'white' },
    );
    expect(judge(all.geometry).status).toBe('not-a-digit');
    const none = normalizeDigit(
      pictureOf(84, 84, () => [255, 255, 255]),
      { paper: 'white' },
    );
    expect(judge(none.geometry).status).toBe('blank');
  });
  it('is white or black', () => {
    const read = () => normalizeDigit(drawn(100, 100, drawing(3)), { paper: 'grey' as 'white' });
    expect(read).toThrow(expect.objectContaining({ name: 'CifraError', code: 'picture-paper' }));
  });
});

describe('pictures that are none', () => {
  const data = new Uint8Array(16);
  it.each([
    [{ width: 0, height: 4, data }, 'picture-size'],
    [{ width: 2, height: Number.NaN, data }, 'picture-size'],
    [{ width: 1.5, height: 2, data }, 'picture-size'],
    [{ width: -2, height: -2, data }, 'picture-size'],
    [{ width: 3, height: 2, data }, 'picture-data'],
    [{ width: 2, height: 2, data: new Uint8Array(4) }, 'picture-data'],
    [{ width: 2, height: 2, data: [0] as never }, 'picture-data'],
  ])('are refused: %#', (picture, code) => {
    expect(() => normalizeDigit(picture)).toThrow(expect.objectContaining({ name: 'CifraError', code }));
  });
});

describe('the verdict', () => {
  const { geometry } = normalizeDigit(drawn(280, 280, drawing(2)));
  const sure = [0, 0, 0.98, 0.02, 0, 0, 0, 0, 0, 0];
  const even = Array.from({ length: 10 }, () => 0.1);
  const statusOf = (reading: Reading, limits?: Limits) => judge(geometry, reading, limits).status;
  it('is ok where all is well', () => {
    expect(judge(geometry)).toEqual({ status: 'ok', reason: '' });
    expect(statusOf({ probabilities: sure })).toBe('ok');
    expect(statusOf({ probabilities: Float32Array.from(sure), digitness: 0.99 })).toBe('ok');
  });
  it('is unsure, or no digit, by the networks', () => {
    expect(statusOf({ probabilities: even })).toBe('unsure');
    expect(statusOf({ probabilities: sure, digitness: 0.0001 })).toBe('not-a-digit');
    expect(statusOf({ probabilities: sure, digitness: Number.NaN })).toBe('not-a-digit');
  });
  it('goes by the limits given', () => {
    expect(statusOf({ probabilities: even }, { ...LIMITS, leastConfidence: 0.05 })).toBe('ok');
    expect(judge({ ...geometry, edges: 4 }).status).toBe('not-a-digit');
  });
  it('asks more of what the picture cuts off', () => {
    const cut = { ...geometry, edges: 1 };
    const doubtful = { probabilities: sure, digitness: (LIMITS.leastDigitness + LIMITS.leastDigitnessAtEdge) / 2 };
    expect(judge(geometry, doubtful).status).toBe('ok');
    expect(judge(cut, doubtful)).toEqual({ status: 'not-a-digit', reason: 'it looks like no digit' });
    expect(judge(cut, { ...doubtful, digitness: 1 }).status).toBe('ok');
  });
  it('tells shapes from strokes', () => {
    const shape = { ...geometry, widest: (LIMITS.mostUneven + 0.1) * geometry.strokeWidth };
    expect(judge(shape)).toEqual({ status: 'not-a-digit', reason: 'shapes rather than strokes' });
  });
  it.each([[[]], [[1]], [[...sure, 0]], [[...sure.slice(0, 9), Number.NaN]], [[...sure.slice(0, 9), 2]]])(
    'needs ten probabilities, not %j',
    (probabilities) => {
      expect(() => statusOf({ probabilities })).toThrow(expect.objectContaining({ code: 'probabilities' }));
    },
  );
});
