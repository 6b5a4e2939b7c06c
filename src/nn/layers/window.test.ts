import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Misfit } from './layer.js';
import { slidingWindow } from './window.js';

const size = fc.integer({ min: 1, max: 40 });
const small = fc.integer({ min: 1, max: 7 });

describe('slidingWindow', () => {
  it('valid: counts the windows that fit, and pads nothing', () => {
    const placed = slidingWindow([28, 27, 3], [3, 2], [1, 2], 'valid');
    expect(placed).toEqual({
      outHeight: 26,
      outWidth: 13,
      channels: 3,
      padding: { top: 0, bottom: 0, left: 0, right: 0 },
    });
  });

  it('same: the extra row or column is at the end, as in TensorFlow', () => {
    const padding = (height: number, window: number, stride: number) => {
      const { top, bottom } = slidingWindow([height, 100, 1], [window, 1], [stride, 1], 'same').padding;
      return [top, bottom];
    };
    expect(padding(28, 3, 1)).toEqual([1, 1]);
    expect(padding(28, 2, 1)).toEqual([0, 1]);
    expect(padding(28, 3, 2)).toEqual([0, 1]);
    expect(padding(27, 3, 2)).toEqual([1, 1]);
    expect(padding(11, 5, 2)).toEqual([2, 2]);
    expect(padding(12, 5, 2)).toEqual([1, 2]);
    expect(padding(9, 2, 3)).toEqual([0, 0]);
  });

  it('same: sizes are ceil(size / stride), every place is reached, and no window lies outside', () => {
    fc.assert(
      fc.property(size, small, small, (height, window, stride) => {
        const { outHeight, padding } = slidingWindow([height, 1, 1], [window, 1], [stride, 1], 'same');
        expect(outHeight).toBe(Math.ceil(height / stride));
        expect(padding.bottom - padding.top === 0 || padding.bottom - padding.top === 1).toBe(true);
        expect(padding.top).toBeLessThan(window);
        const lastStart = (outHeight - 1) * stride - padding.top;
        expect(lastStart).toBeLessThan(height);
        if (stride <= window) expect(lastStart + window).toBeGreaterThanOrEqual(height);
      }),
    );
  });

  it('a window that does not fit, and what is no image, are misfits with both shapes', () => {
    expect(() => slidingWindow([4, 9, 2], [5, 5], [1, 1], 'valid')).toThrow(
      'its window of 5x5 does not fit into the input of 4x9 (shape [4, 9, 2])',
    );
    expect(() => slidingWindow([784], [3, 3], [1, 1], 'same')).toThrow(
      'it takes images [height, width, channels], but its input has shape [784]',
    );
    expect(() => slidingWindow([1, 2, 3, 4], [1, 1], [1, 1], 'same')).toThrow(Misfit);
  });
});
