import { describe, expect, it } from 'vitest';
import { divergingColour, sequentialColour } from '../../inspect/index.js';
import { drawAmounts, drawInk, drawOver, drawSigned, enlarged, shrunk } from './drawn.js';
import { exactLimits, limitsOf, signedLimits } from './inspection.js';
import { figure, sizes } from './words.js';

const size = { width: 2, height: 1 };
const coloursOf = ({ data }: { readonly data: Uint8ClampedArray }): number[][] =>
  Array.from({ length: data.length / 4 }, (_, i) => [...data.subarray(4 * i, 4 * i + 4)]);

describe('numbers in colours', () => {
  it('have the colour of their share, and steps for terminals without colours', () => {
    const amounts = drawAmounts([1, 4], size, { least: 1, most: 3, isCut: true });
    expect(coloursOf(amounts)).toEqual([
      [...sequentialColour(0), 255],
      [...sequentialColour(1), 255],
    ]);
    expect(amounts.values).toEqual([0, 255]);
    const signed = drawSigned([-2, 0.5], size, exactLimits(2));
    expect(coloursOf(signed)[0]).toEqual([...divergingColour(-1), 255]);
    expect(signed.values).toEqual([-255, 64]);
  });

  it('of nothing but zeros are drawn', () => {
    expect(drawSigned([0, 0], size, exactLimits(0)).values).toEqual([0, 0]);
    expect(drawAmounts([0, 0], size, { least: 0, most: 0, isCut: false }).values).toEqual([0, 0]);
  });

  it('let the ink below show through', () => {
    const [blank, inked] = coloursOf(drawOver([0, 0], [0, 1], size, exactLimits(1)));
    expect(blank).toEqual([247, 247, 247, 255]);
    expect(inked).toEqual([124, 124, 124, 255]);
    expect(coloursOf(drawInk([0, 1], size))).toEqual([
      [255, 255, 255, 255],
      [0, 0, 0, 255],
    ]);
  });

  it('are enlarged pixel by pixel and shrunk by means', () => {
    const large = enlarged(drawSigned([-1, 1], size, exactLimits(1)), 2);
    expect([large.width, large.height, large.values]).toEqual([4, 2, [-255, -255, 255, 255, -255, -255, 255, 255]]);
    const planes = { data: Float32Array.of(9, 9, 9, 1, 2, 3), count: 2, height: 1, width: 3 };
    const { numbers, ...small } = shrunk(planes, 1, 2);
    expect([small, [...numbers]]).toEqual([{ width: 2, height: 1 }, [1.5, 3]]);
  });
});

describe('the limits of a scale', () => {
  it('begin at 0 unless there is less, and leave outliers out of images only', () => {
    const layer = { name: 'a', type: 'Conv2D', outputShape: [], parameters: 0, multiplyAdds: 0 };
    const data = Float32Array.from({ length: 1000 }, (_, i) => (i === 0 ? 90 : 1));
    const map = { layer, data, min: 1, max: 90, zeros: 0 };
    expect(limitsOf({ ...map, shape: [1, 10, 10, 10] })).toEqual({ least: 0, most: 1, isCut: true });
    expect(limitsOf({ ...map, shape: [1, 1000], min: -2 })).toEqual({ least: -2, most: 90, isCut: false });
    expect(signedLimits(data.map((value) => -value))).toEqual({ least: -1, most: 1, isCut: true });
  });
});

describe('figures', () => {
  it('have three digits that matter', () => {
    expect([0, 0.00001, 0.01234, 0.1234, -1.234, 12.34, 1234.5].map(figure)).toEqual([
      ...['0', '0', '0.0123', '0.123', '-1.23', '12.3', '1235'],
    ]);
    expect(sizes(26, 26, 32)).toBe('26 × 26 × 32');
  });
});
