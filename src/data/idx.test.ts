import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeIdxImages, encodeIdxLabels, parseIdx, parseIdxImages, parseIdxLabels } from './idx.js';

function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  values.forEach((value, i) => new DataView(bytes.buffer).setUint32(4 * i, value));
  return bytes;
}

const twoImages = Uint8Array.from({ length: 2 * 784 }, (_, i) => i % 251);

describe('parseIdxImages', () => {
  it('reads what the format says, byte for byte', () => {
    const file = Buffer.concat([Buffer.from('00000803000000020000001c0000001c', 'hex'), twoImages]);
    const images = parseIdxImages(file, 'images');
    expect(images.shape).toEqual([2, 28, 28, 1]);
    expect(Buffer.from(images.data).equals(twoImages)).toBe(true);
    expect(Buffer.from(encodeIdxImages(twoImages)).equals(file)).toBe(true);
  });

  it('shares memory with the file', () => {
    const file = encodeIdxImages(twoImages);
    expect(parseIdxImages(file, 'images').data.buffer).toBe(file.buffer);
  });

  it.each([
    ['no bytes', new Uint8Array(0), 'idx-magic', 'it has only 0 bytes, and 2051 was expected'],
    ['labels', encodeIdxLabels(new Uint8Array(3)), 'idx-magic', 'it is one of labels'],
    ['a gzip file', new Uint8Array([0x1f, 0x8b, 8, 0, 0]), 'idx-magic', 'it is compressed by gzip'],
    ['a web page', new TextEncoder().encode('<!DOCTYPE html>'), 'idx-magic', 'it begins with "<" like a web page'],
    ['anything else', words(1234, 5), 'idx-magic', 'it begins with the number 1234'],
    [
      'floats',
      words(0x0d03, 1, 28, 28),
      'idx-magic',
      'it is one of float32 in 3 axes (it begins with the number 3331)',
    ],
    ['two axes', words(0x0802, 1, 784), 'idx-magic', 'it is one of bytes in 2 axes (it begins with the number 2050)'],
    ['an unknown type', words(0x0f03, 1, 28, 28), 'idx-magic', 'it begins with the number 3843, and 2051 was expected'],
    ['half a header', words(2051, 1), 'idx-truncated', 'it ends within its header, after 8 of 16 bytes'],
    ['no images', words(2051, 0, 28, 28), 'idx-empty', 'its count is 0'],
    ['another size', words(2051, 1, 32, 28), 'idx-shape', 'images of 32 x 28 pixels, and 28 x 28 were expected'],
    ['no rows', words(2051, 1, 0, 28), 'idx-shape', '0 x 28'],
    [
      'one byte less',
      encodeIdxImages(twoImages).slice(0, -1),
      'idx-truncated',
      '2 images need 1,584 bytes, and it has 1,583',
    ],
    [
      'the largest count',
      words(2051, 0xffffffff, 28, 28),
      'idx-truncated',
      'need 3,367,254,359,296 bytes, and it has 16',
    ],
    ['sizes that overflow', words(2051, 0xffffffff, 0xffffffff, 0xffffffff), 'idx-shape', '4294967295 x 4294967295'],
    ['one byte more', new Uint8Array([...encodeIdxImages(twoImages), 0]), 'idx-trailing', 'goes on after its end'],
  ])('refuses %s', (_, bytes, code, message) => {
    expect(() => parseIdxImages(bytes, 'some/file')).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringContaining(message),
        remedy: expect.stringMatching(/\.$/),
      }),
    );
    expect(() => parseIdxImages(bytes, 'some/file')).toThrow(/^some\/file /);
  });

  it('throws nothing but its own errors, whatever it is given', () => {
    const start = fc.constantFrom(words(2051), words(2051, 1, 28, 28), words(2051, 1), new Uint8Array(0));
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 1000 }), (head, tail) => {
        try {
          const { shape, data } = parseIdxImages(new Uint8Array([...head, ...tail]), 'file');
          expect(data.length).toBe(shape[0]! * 784);
        } catch (error) {
          expect(error).toMatchObject({ name: 'CifraError' });
        }
      }),
    );
  });
});

describe('parseIdxLabels', () => {
  it('reads what the format says', () => {
    const file = Buffer.from('0000080100000003050009', 'hex');
    expect([...parseIdxLabels(file, 'labels')]).toEqual([5, 0, 9]);
    expect(Buffer.from(encodeIdxLabels(new Uint8Array([5, 0, 9]))).equals(file)).toBe(true);
  });

  it.each([
    ['images', encodeIdxImages(twoImages), 'idx-magic', 'it is one of images'],
    ['half a header', words(2049), 'idx-truncated', 'after 4 of 8 bytes'],
    ['no labels', words(2049, 0), 'idx-empty', 'holds no labels'],
    [
      'a label above 9',
      encodeIdxLabels(new Uint8Array([1, 10])),
      'idx-label',
      'label 10 at index 1, and labels are 0 to 9',
    ],
    [
      'too few',
      encodeIdxLabels(new Uint8Array(4)).slice(0, -1),
      'idx-truncated',
      '4 labels need 12 bytes, and it has 11',
    ],
    ['too many', new Uint8Array([...encodeIdxLabels(new Uint8Array(4)), 0]), 'idx-trailing', 'and it has 13'],
  ])('refuses %s', (_, bytes, code, message) => {
    expect(() => parseIdxLabels(bytes, 'some/file')).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringContaining(message),
        remedy: expect.stringMatching(/\.$/),
      }),
    );
  });
});

describe('parseIdx', () => {
  it('refuses images and labels of different counts', () => {
    const images = encodeIdxImages(twoImages);
    expect(parseIdx(images, encodeIdxLabels(new Uint8Array([1, 2])), 'a', 'b').labels).toHaveLength(2);
    expect(() => parseIdx(images, encodeIdxLabels(new Uint8Array(3)), 'a', 'b')).toThrow(
      'a holds 2 images and b 3 labels.\n  Give the images and labels of the same set: train with train, t10k with t10k.',
    );
  });
});
