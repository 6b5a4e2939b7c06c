import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conv2d, dense, dropout, flatten, maxPooling2d } from '../../../src/nn/index.js';
import { alone, evenly, percent, signed } from './numbers.js';
import { isIn, layerBefore, moved, placeCodec } from './places.js';
import { boxOf, mapSize, placeAt, stepped, tile, tilingSize } from './tiles.js';
import { layerTitle } from './words.js';

describe('tiles', () => {
  const aTiling = fc
    .record({
      shape: fc.oneof(
        fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 130 })),
        fc.tuple(fc.integer({ min: 1, max: 1100 })),
      ),
      available: fc.integer({ min: 100, max: 4000 }),
      wanted: fc.integer({ min: 8, max: 200 }),
      gap: fc.integer({ min: 1, max: 12 }),
    })
    .map(({ shape, available, wanted, gap }) => ({ available, tiling: tile(mapSize(shape), available, wanted, gap) }));

  it('fit into the width, all of them, in whole pixels', () => {
    fc.assert(
      fc.property(aTiling, ({ available, tiling }) => {
        const { scale, columns, rows, count, width } = tiling;
        expect(Number.isInteger(scale) && scale >= 1).toBe(true);
        expect(columns * rows).toBeGreaterThanOrEqual(count);
        if (scale > 1 || columns * width <= available / 2) {
          expect(tilingSize(tiling).width).toBeLessThanOrEqual(available);
        }
      }),
    );
  });

  it('find the pixel under a point', () => {
    fc.assert(
      fc.property(aTiling, fc.nat(), fc.nat(), fc.nat(), ({ tiling }, a, b, c) => {
        const at = { map: a % tiling.count, row: b % tiling.height, column: c % tiling.width };
        const box = boxOf(tiling, at.map, { top: at.row, left: at.column, rows: 1, columns: 1 });
        expect(placeAt(tiling, box.left, box.top)).toEqual(at);
        expect(placeAt(tiling, box.left + box.width - 0.01, box.top + box.height - 0.01)).toEqual(at);
      }),
    );
    const tiling = tile({ width: 3, height: 3, count: 5 }, 100, 30, 4);
    expect(tiling).toMatchObject({ columns: 3, rows: 2, scale: 10 });
    expect(placeAt(tiling, 31, 5)).toBeUndefined();
    expect(placeAt(tiling, 70, 40)).toBeUndefined();
  });

  it('are walked from pixel to pixel, and over their edges', () => {
    const tiling = tile({ width: 3, height: 2, count: 5 }, 100, 30, 4);
    expect(stepped(tiling, { map: 0, row: 1, column: 2 }, 1, 0)).toEqual({ map: 1, row: 1, column: 0 });
    expect(stepped(tiling, { map: 1, row: 1, column: 0 }, 0, 1)).toEqual({ map: 4, row: 0, column: 0 });
    expect(stepped(tiling, { map: 4, row: 0, column: 0 }, 0, -1)).toEqual({ map: 1, row: 1, column: 0 });
    // There is nothing there.
    for (const [map, right, down] of [
      [0, -1, 0],
      [2, 0, 1],
      [4, 1, 0],
    ] as const) {
      const corner = { map, row: down === 1 ? 1 : 0, column: right === 1 ? 2 : 0 };
      expect(stepped(tiling, corner, right, down)).toEqual(corner);
    }
  });
});

describe('numbers', () => {
  it('have the same decimals beside each other', () => {
    const format = evenly([8.19, -0.031, 0.0004, 0]);
    expect([8.19, -0.031, 0.0004, -0.0004, 0].map(format)).toEqual(['8.19', '−0.03', '0.00', '0.00', '0']);
    expect([-0.6204, 0.001].map(evenly([-0.6204, 0.001]))).toEqual(['−0.620', '0.001']);
    expect(evenly([0.0168])(0.0168)).toBe('0.017');
    expect(evenly([0.00123])(0.00123)).toBe('0.00123');
    expect(evenly([10.07, 0.13], 4)(0.127)).toBe('0.13');
    expect(evenly([1234])(1234)).toBe('1234');
    expect(evenly([Infinity, 1.5])(Infinity)).toBe('Infinity');
  });

  it('have three digits alone, however small they are', () => {
    expect([0.0736, 12.34, -0.999, 0, 1e-4].map(alone)).toEqual(['0.0736', '12.3', '−0.999', '0', '0.000100']);
    expect(alone(4.234e-12)).toBe('4.23 × 10⁻¹²');
    expect(alone(-4.2e-5)).toBe('−4.20 × 10⁻⁵');
    expect([signed('0.2'), signed('−0.2'), percent(0.97123)]).toEqual(['+ 0.2', '− 0.2', '97.1%']);
  });
});

describe('words', () => {
  it('say what a layer does', () => {
    const title = (layer: { readonly config: Parameters<typeof layerTitle>[0] }): string => layerTitle(layer.config);
    expect(title(conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }))).toBe(
      'Convolution: 32 kernels of 3 × 3, then ReLU',
    );
    expect(title(conv2d({ filters: 1, kernelSize: [5, 3], strides: 2, padding: 'same' }))).toBe(
      'Convolution: 1 kernel of 5 × 3, in steps of 2 × 2, beyond the edges too',
    );
    expect(title(maxPooling2d())).toBe('Max pooling: the largest of 2 × 2');
    expect(title(maxPooling2d({ poolSize: 3, strides: 2 }))).toBe(
      'Max pooling: the largest of 3 × 3, in steps of 2 × 2',
    );
    expect(title(dense({ units: 10, activation: 'softmax' }))).toBe('Dense: 10 units, then softmax');
    expect(title(dropout({ rate: 0.25 }))).toBe('Dropout: 25%, in training only');
    expect(title(flatten())).toBe('Flatten: all numbers in one line');
  });
});

describe('places', () => {
  it('are kept in the address', () => {
    for (const text of ['12.9.7-conv2d_1', '3-dense', '4.5.0', '0.0.0-a-layer of 2.0']) {
      expect(placeCodec.format(placeCodec.parse(text))).toBe(text);
    }
    expect(placeCodec.parse('12.9.7-conv2d_1')).toEqual({ layer: 'conv2d_1', at: [12, 9, 7] });
    for (const text of ['', 'conv2d', '-1.2', '1.-2-dense', '3-']) expect(placeCodec.parse(text)).toBeUndefined();
    expect(placeCodec.format(undefined)).toBe('');
  });

  it('are of a network or not, and have others beside them', () => {
    const layer = (name: string, shape: number[]) =>
      ({ name, shape, config: { type: '' }, parameters: 0, data: new Float32Array(), min: 0, max: 0 }) as const;
    const layers = [layer('conv2d', [26, 26, 4]), layer('dense', [10])];
    const network = { image: new Uint8Array(), inputShape: [28, 28, 1], layers, explanation: undefined };
    expect(isIn(network, { layer: 'conv2d', at: [25, 25, 3] })).toBe(true);
    expect(isIn(network, { layer: 'conv2d', at: [25, 26, 3] })).toBe(false);
    expect(isIn(network, { layer: 'dense', at: [1, 1, 1] })).toBe(false);
    expect(isIn(network, { layer: 'dense_1', at: [1] })).toBe(false);
    expect(isIn(network, { layer: '', at: [27, 27, 0] })).toBe(true);
    expect([layerBefore(network, 'dense'), layerBefore(network, 'conv2d')]).toEqual(['conv2d', '']);
    expect(moved([26, 26, 4], { layer: 'conv2d', at: [25, 3, 0] }, 0, 1).at).toEqual([25, 3, 0]);
    expect(moved([26, 26, 4], { layer: 'conv2d', at: [25, 3, 0] }, 2, 1).at).toEqual([25, 3, 1]);
  });
});
