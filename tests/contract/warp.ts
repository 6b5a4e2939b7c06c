import { describe, expect, it } from 'vitest';
import type { FillMode } from '../../src/engine/program/types.js';
import { Random } from '../../src/numeric/philox.js';
import { compute, expectNumbers, type Given } from './exact.js';
import { relativeError } from './harness.js';
import type { Contract } from './suite.js';

const identity = [1, 0, 0, 0, 1, 0];
const fillModes: readonly FillMode[] = ['constant', 'nearest', 'reflect', 'wrap'];
const plain = { divisor: 1, fillMode: 'constant', fillValue: 0 } as const;

/** A spline over one cell of 4 x 4 points around the image, of which each says (right, below). */
function grid(value: (p: number, q: number) => readonly [number, number]): Given {
  const values = Array.from({ length: 16 }, (_, i) => value(Math.floor(i / 4), i % 4)).flat();
  return { shape: [1, 4, 4, 2], values };
}

function maps(...matrices: readonly (readonly number[])[]): Given {
  return { shape: [matrices.length, 6], values: matrices.flat() };
}

export function describeWarp(get: () => Contract): void {
  describe('warpAffine, exactly', () => {
    it('leaves images as they are under the identity, divided', async () => {
      const x: Given = { shape: [1, 3, 4, 1], values: Array.from({ length: 12 }, (_, i) => i * 20), dtype: 'u8' };
      for (const fillMode of fillModes) {
        const attributes = { divisor: 4, fillMode, fillValue: 9 };
        const [y] = await compute(get().backend, 'warpAffine', [x, maps(identity)], attributes);
        expectNumbers(
          y!,
          Array.from({ length: 12 }, (_, i) => i * 5),
        );
      }
    });

    it('takes column before row: the transposed map turns the image over', async () => {
      const x: Given = { shape: [1, 2, 2, 2], values: [1, 2, 3, 4, 5, 6, 7, 8] };
      const [y] = await compute(get().backend, 'warpAffine', [x, maps([0, 1, 0, 1, 0, 0])], plain);
      expectNumbers(y!, [1, 2, 5, 6, 3, 4, 7, 8]);
    });

    it('gives each image its own map', async () => {
      const x: Given = { shape: [2, 1, 3, 1], values: [1, 2, 3, 1, 2, 3] };
      const [y] = await compute(get().backend, 'warpAffine', [x, maps([1, 0, 1, 0, 1, 0], [-1, 0, 2, 0, 1, 0])], plain);
      expectNumbers(y!, [2, 3, 0, 3, 2, 1]);
    });

    it.each([
      ['constant', 'zzzzzzzzzzzzabcdzzzzzzzzzzzz'],
      ['nearest', 'aaaaaaaaaaaaabcddddddddddddd'],
      ['reflect', 'dcbaabcddcbaabcddcbaabcddcba'],
      ['wrap', 'abcdabcdabcdabcdabcdabcdabcd'],
    ] as const)('fills with %s: %s', async (fillMode, pattern) => {
      const { backend } = get();
      const value = (letter: string) => (letter === 'z' ? 0.5 : letter.charCodeAt(0) - 96);
      const letters = Array.from('abcd', value);
      for (let shift = -12; shift <= 12; shift++) {
        const expected = Array.from(pattern.slice(12 + shift, 16 + shift), value);
        const attributes = { divisor: 1, fillMode, fillValue: 0.5 };
        const across: Given = { shape: [1, 1, 4, 1], values: letters };
        expectNumbers(
          (await compute(backend, 'warpAffine', [across, maps([1, 0, shift, 0, 1, 0])], attributes))[0]!,
          expected,
        );
        const down: Given = { shape: [1, 4, 1, 1], values: letters };
        expectNumbers(
          (await compute(backend, 'warpAffine', [down, maps([1, 0, 0, 0, 1, shift])], attributes))[0]!,
          expected,
        );
      }
    });

    it('interpolates between neighbours, beyond the edge as the fill mode says', async () => {
      const x: Given = { shape: [1, 1, 3, 1], values: [8, 4, 0] };
      const expected: Record<FillMode, number[]> = {
        constant: [6, 2, 99],
        nearest: [6, 2, 0],
        reflect: [6, 2, 0],
        wrap: [6, 2, 4],
      };
      for (const fillMode of fillModes) {
        const attributes = { divisor: 1, fillMode, fillValue: 99 };
        const [y] = await compute(get().backend, 'warpAffine', [x, maps([1, 0, 0.5, 0, 1, 0])], attributes);
        expectNumbers(y!, expected[fillMode]);
      }
    });

    it('has the same bits for bytes as for floats', async () => {
      const { backend } = get();
      const random = new Random(23, 103);
      const shape = [8, 11, 14, 1];
      const values = Float64Array.from({ length: 8 * 11 * 14 }, () => random.below(256));
      const drawn = Array.from({ length: 7 }, () => identity.map((value) => value + random.uniform(-1, 1)));
      const map = maps(...drawn, [1, 0, NaN, 0, 1, Infinity]);
      for (const fillMode of fillModes) {
        const attributes = { divisor: 255, fillMode, fillValue: 0.1 };
        const [bytes] = await compute(backend, 'warpAffine', [{ shape, values, dtype: 'u8' }, map], attributes);
        const [floats] = await compute(backend, 'warpAffine', [{ shape, values }, map], attributes);
        expect(bytes, fillMode).toEqual(floats);
      }
    });

    it('is linear in the image, and keeps an image of one colour', async () => {
      const { backend } = get();
      const random = new Random(22, 103);
      const shape = [2, 9, 7, 3];
      const draw = () => Float64Array.from({ length: 2 * 9 * 7 * 3 }, () => Math.fround(random.uniform(-1, 1)));
      const [a, b] = [draw(), draw()];
      const map = maps([0.9, 0.2, 0.313, -0.3, 1.1, -0.771], [1.2, -0.4, 1.237, 0.1, 0.7, 2.119]);
      const warp = async (values: Float64Array, fillMode: FillMode) =>
        (await compute(backend, 'warpAffine', [{ shape, values }, map], { divisor: 1, fillMode, fillValue: 0 }))[0]!;
      for (const fillMode of fillModes) {
        const [ofA, ofB] = [await warp(a, fillMode), await warp(b, fillMode)];
        const ofSum = await warp(
          a.map((value, i) => 2 * value - 0.5 * b[i]!),
          fillMode,
        );
        const sum = ofA.map((value, i) => 2 * value - 0.5 * ofB[i]!);
        expect(relativeError(ofSum, sum), fillMode).toBeLessThanOrEqual(1e-6);
        if (fillMode === 'constant') continue;
        const grey = new Float64Array(a.length).fill(0.75);
        expect(relativeError(await warp(grey, fillMode), grey), fillMode).toBeLessThanOrEqual(1e-6);
      }
    });
  });
  describe('warpElastic, exactly', () => {
    const spacing = 20;
    const image: Given = { shape: [1, 4, 6, 1], values: Array.from({ length: 24 }, (_, i) => (i * 37) % 251) };
    const map = maps([0.9, 0.2, 0.313, -0.3, 1.1, 0.771]);

    it('without displacement is warpAffine, bit for bit', async () => {
      const { backend } = get();
      for (const dtype of ['u8', 'f32'] as const) {
        for (const fillMode of fillModes) {
          const attributes = { divisor: 255, fillMode, fillValue: 0.5 };
          const x = { ...image, dtype };
          const [plain] = await compute(backend, 'warpAffine', [x, map], attributes);
          const still = grid(() => [0, 0]);
          const [y] = await compute(backend, 'warpElastic', [x, map, still], { ...attributes, spacing });
          expect(y, `${dtype} ${fillMode}`).toEqual(plain);
        }
      }
    });

    it('with equal points moves all pixels alike: right and below', async () => {
      const attributes = { divisor: 1, fillMode: 'nearest', fillValue: 0, spacing } as const;
      const points = grid(() => [1, -2]);
      const [y] = await compute(get().backend, 'warpElastic', [image, maps(identity), points], attributes);
      const expected = Array.from({ length: 24 }, (_, i) => {
        const [row, column] = [Math.max(Math.floor(i / 6) - 2, 0), Math.min((i % 6) + 1, 5)];
        return image.values[row * 6 + column]!;
      });
      expectNumbers(y!, expected, 1e-4);
    });

    it('with points on a line displaces along that line, about the centre', async () => {
      const ruler: Given = { shape: [1, 1, 6, 1], values: [0, 10, 20, 30, 40, 50] };
      const attributes = { divisor: 1, fillMode: 'nearest', fillValue: 0, spacing } as const;
      // Points at -30, -10, 10, 30 pixels from the centre: a displacement of a tenth of the distance.
      const points = grid((_, q) => [(q - 1.5) * 2, 0]);
      const [y] = await compute(get().backend, 'warpElastic', [ruler, maps(identity), points], attributes);
      expectNumbers(y!, [0, 8.5, 19.5, 30.5, 41.5, 50], 1e-4);
    });
  });

  it('randomUniform gives every row the words of its own stream', async () => {
    const keys = [
      [77, 3, 5, 9],
      [0, 0, 0, 0],
      [2 ** 32 - 1, 1, 2 ** 31, 59999],
    ] as const;
    const given: Given = { shape: [3, 4], values: keys.flat(), dtype: 'u32' };
    const [y] = await compute(get().backend, 'randomUniform', [given], { shape: [3, 3], amplitude: 2, stream: 7 });
    const expected = keys.flatMap(([low, high, a, b]) => {
      const random = new Random(low + high * 2 ** 32, 7, a, b);
      return Array.from({ length: 9 }, () => 2 * ((random.uint32() >>> 8) / 2 ** 23 - 1));
    });
    expectNumbers(y!, expected);
  });

  it('eraseRectangle clips what goes beyond the image, and writes over NaN', async () => {
    const x: Given = { shape: [3, 2, 3, 1], values: [1, NaN, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6] };
    const most = 2 ** 31 - 1;
    const values = [-5, 1, 1, most, 0, 0, 0, 0, 1, -most, most, 2];
    const rectangles: Given = { shape: [3, 4], values, dtype: 'i32' };
    const [y] = await compute(get().backend, 'eraseRectangle', [x, rectangles], { value: 9 });
    expectNumbers(y!, [1, 9, 9, 4, 5, 6, 1, 2, 3, 4, 5, 6, 1, 2, 3, 9, 9, 6]);
  });
}
