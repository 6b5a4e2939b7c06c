import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/numeric/philox.js';
import { decodePicture, type Picture } from '../../src/pictures/index.js';
import { joined } from '../faults/mutations/bytes.js';
import { chunk, pngFile, type PngPicture } from './png.js';

const fixture = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, '../fixtures/pictures', name));

/** The largest difference of any value from what `expected` says. */
function difference({ width, height, data }: Picture, expected: (x: number, y: number) => readonly number[]): number {
  let most = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      expected(x, y).forEach((value, i) => {
        most = Math.max(most, Math.abs(value - data[4 * (y * width + x) + i]!));
      });
    }
  }
  return most;
}

// --------------------------------------------------------------------------------------------------------------- PNG

const WIDTH = 21;
const HEIGHT = 13;

/** `count` random samples for each pixel, the first one (0, 0) being `first`. */
function noise(bits: number, count: number, first?: readonly number[]): (x: number, y: number) => readonly number[] {
  const random = new Random(bits, count, 0);
  const values = Array.from({ length: WIDTH * HEIGHT }, () =>
    Array.from({ length: count }, () => random.below(2 ** bits)),
  );
  if (first !== undefined) values[0] = [...first];
  return (x, y) => values[y * WIDTH + x]!;
}

const size = { width: WIDTH, height: HEIGHT };
const to8 = (value: number, bits: number): number => (bits === 16 ? value >> 8 : (value * 255) / (2 ** bits - 1));
/** What pixel (0, 0) is, and all alike are transparent. */
const CLEAR = 1;

function gray(bits: number): PngPicture {
  return { ...size, bits, colour: 0, samples: noise(bits, 1, [CLEAR]) };
}

function colour(bits: number): PngPicture {
  return { ...size, bits, colour: 2, samples: noise(bits, 3, [CLEAR, CLEAR, CLEAR]) };
}

const palette = Array.from({ length: 256 }, (_, i) => [i, 255 - i, (i * 37) % 256]);

function indexed(bits: number): PngPicture {
  return { ...size, bits, colour: 3, palette: palette.slice(0, 2 ** bits), samples: noise(bits, 1) };
}

describe('PNG', () => {
  const both = (name: string, picture: PngPicture) => [
    { name, picture },
    { name: `${name}, interlaced`, picture: { ...picture, interlaced: true } },
  ];
  it.each([
    ...[1, 2, 4, 8, 16].flatMap((bits) => [
      ...both(`gray, ${bits} bits`, gray(bits)),
      ...both(`gray with a transparent one, ${bits} bits`, { ...gray(bits), transparent: [CLEAR] }),
    ]),
    ...[8, 16].flatMap((bits) => [
      ...both(`RGB, ${bits} bits`, colour(bits)),
      ...both(`RGB with a transparent one, ${bits} bits`, { ...colour(bits), transparent: [CLEAR, CLEAR, CLEAR] }),
      ...both(`gray and alpha, ${bits} bits`, { ...size, bits, colour: 4, samples: noise(bits, 2) }),
      ...both(`RGBA, ${bits} bits`, { ...size, bits, colour: 6, samples: noise(bits, 4) }),
    ]),
    ...[1, 2, 4, 8].flatMap((bits) => [
      ...both(`palette, ${bits} bits`, indexed(bits)),
      ...both(`palette with alpha, ${bits} bits`, { ...indexed(bits), transparent: [0, 128] }),
    ]),
  ])('$name', async ({ picture }) => {
    const { bits, samples, transparent } = picture;
    const result = await decodePicture(pngFile(picture), 'a.png');
    expect(result).toMatchObject({ ...size, format: 'png' });
    const expected = (x: number, y: number): readonly number[] => {
      const stored = samples(x, y);
      if (picture.colour === 3) return [...palette[stored[0]!]!, transparent?.[stored[0]!] ?? 255];
      const isClear = transparent !== undefined && stored.every((value) => value === CLEAR);
      const values = stored.map((value) => to8(value, bits));
      const rgb = stored.length < 3 ? [values[0]!, values[0]!, values[0]!] : values.slice(0, 3);
      return [...rgb, stored.length % 2 === 0 ? values.at(-1)! : isClear ? 0 : 255];
    };
    // 16 bits may be cut or rounded.
    expect(difference(result, expected)).toBeLessThanOrEqual(bits === 16 ? 1 : 0);
  });

  it('reads pictures of one pixel, one row and one column', async () => {
    for (const [width, height] of [
      [1, 1],
      [WIDTH, 1],
      [1, HEIGHT],
    ] as const) {
      for (const interlaced of [false, true]) {
        const picture = { ...gray(8), width, height, interlaced };
        const result = await decodePicture(pngFile(picture), 'a.png');
        expect(result).toMatchObject({ width, height });
        expect(result.data[0]).toBe(CLEAR);
      }
    }
  });

  it('ignores gamma, profiles, texts and animation, and turns by Exif', async () => {
    const plain = await decodePicture(pngFile(colour(8)), 'a.png');
    const more = [
      chunk('gAMA', new Uint8Array([0, 1, 134, 160])),
      chunk('iCCP', joined(new TextEncoder().encode('lie\0\0'), deflateSync(new Uint8Array(2 ** 20)))),
      chunk('zTXt', joined(new TextEncoder().encode('bomb\0\0'), deflateSync(new Uint8Array(2 ** 24)))),
      chunk('acTL', new Uint8Array([0, 0, 0, 2, 0, 0, 0, 0])),
    ];
    expect(await decodePicture(pngFile({ ...colour(8), more }), 'a.png')).toEqual(plain);
    const exif = Buffer.from('4d4d002a00000008000101120003000000010003000000000000', 'hex');
    const turned = await decodePicture(pngFile({ ...colour(8), more: [chunk('eXIf', exif)] }), 'a.png');
    expect([...turned.data.slice(0, 4)]).toEqual([...plain.data.slice(-4)]);
  });

  it('ignores what follows the end', async () => {
    const file = pngFile(gray(8));
    expect(await decodePicture(joined(file, new Uint8Array(100)), 'a')).toEqual(await decodePicture(file, 'a'));
  });
});

// ------------------------------------------------------------------------------------------------------ JPEG and WebP

/** What `make.py` draws. */
function scene(x: number, y: number): readonly number[] {
  if (x < 4 || y < 2) return [0, 0, 0, 255];
  if (y < 12) return x < 20 ? [224, 32, 32, 255] : [32, 192, 32, 255];
  return x < 20 ? [32, 32, 224, 255] : [240, 240, 240, 255];
}

const luma = (x: number, y: number): readonly number[] => {
  const [red, green, blue] = scene(x, y);
  const light = 0.299 * red! + 0.587 * green! + 0.114 * blue!;
  return [light, light, light, 255];
};
const clear = (x: number, y: number): readonly number[] => (x >= 20 && y >= 12 ? [240, 240, 240, 64] : scene(x, y));

describe('JPEG and WebP', () => {
  it.each([
    ['baseline.jpg', scene, 16],
    ['progressive.jpg', scene, 16],
    ['restarts.jpg', scene, 16],
    ['comment.jpg', scene, 16],
    ['rgb.jpg', scene, 16],
    ['gray.jpg', luma, 16],
    ['cmyk.jpg', scene, 16],
    ['ycck.jpg', scene, 16],
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => [`exif${orientation}.jpg`, scene, 16] as const),
    ['exif6.webp', scene, 0],
    ['lossless.webp', scene, 0],
    ['alpha-lossless.webp', clear, 0],
    ['animated.webp', scene, 0],
  ] as const)('%s', async (name, expected, tolerance) => {
    const result = await decodePicture(fixture(name), name);
    expect(result).toMatchObject({ width: 40, height: 24, format: name.endsWith('.jpg') ? 'jpeg' : 'webp' });
    expect(difference(result, expected)).toBeLessThanOrEqual(tolerance);
  });

  // Colours run into each other at the edges where they are stored at half the resolution.
  it.each([
    ['subsampled.jpg', scene],
    ['lossy.webp', scene],
    ['alpha-lossy.webp', clear],
  ] as const)('%s, away from the edges', async (name, expected) => {
    const result = await decodePicture(fixture(name), name);
    for (const [x, y] of [
      [12, 7],
      [30, 7],
      [12, 18],
      [30, 18],
    ] as const) {
      expected(x, y).forEach((value, i) => {
        expect(Math.abs(value - result.data[4 * (40 * y + x) + i]!)).toBeLessThanOrEqual(8);
      });
    }
  });

  it('ignores what follows the end of a JPEG, as phones append films and depths', async () => {
    const file = fixture('baseline.jpg');
    const more = fixture('gray.jpg');
    expect(await decodePicture(joined(file, more), 'a.jpg')).toEqual(await decodePicture(file, 'a.jpg'));
  });

  it('reads from the middle of a larger buffer, and leaves it alone', async () => {
    const file = fixture('cmyk.jpg');
    const large = joined(new Uint8Array(7), file, new Uint8Array(9));
    const before = large.slice();
    expect(await decodePicture(large.subarray(7, 7 + file.length), 'a')).toEqual(await decodePicture(file, 'a'));
    expect(large).toEqual(before);
  });
});
