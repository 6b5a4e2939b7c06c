import { describe, expect, it } from 'vitest';
import type { FillMode } from '../../src/engine/program/types.js';
import { Random } from '../../src/numeric/philox.js';
import { compute, expectNumbers, type Given } from './exact.js';
import { relativeError } from './harness.js';
import type { Contract } from './suite.js';

const identity = [1, 0, 0, 0, 1, 0];
const fillModes: readonly FillMode[] = ['constant', 'nearest', 'reflect', 'wrap'];
const plain = { divisor: 1, fillMode: 'constant', fillValue: 0 } as const;

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
}
