import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syntheticDigits } from '../data/synthetic/index.js';
import type { Backend } from '../engine/backend.js';
import { ProgramBuilder } from '../engine/program/builder.js';
import type { FillMode } from '../engine/program/types.js';
import { wasmBackend } from '../engine/wasm/backend.js';
import { imageDataGenerator, type ImageDataGeneratorOptions } from './imageDataGenerator.js';

describe('a generator’s maps, on digits', () => {
  let backend: Backend;
  beforeAll(() => {
    backend = wasmBackend({ threads: 1 });
  });
  afterAll(() => backend.dispose());

  const digits = syntheticDigits({ count: 8, seed: 2 }).images.data;

  /** The eight digits, each moved by its own map, as a training step does it. */
  async function moved(given: ImageDataGeneratorOptions): Promise<{ pixels: Float32Array; matrices: Float32Array }> {
    const generator = imageDataGenerator(given);
    const { fillMode, cval: fillValue } = generator.options;
    const builder = new ProgramBuilder(8);
    const input = builder.input('images', [28, 28, 1], 'u8', true);
    const maps = builder.input('matrices', [6], 'f32', true);
    builder.output('moved', builder.emit('warpAffine', [input, maps], { divisor: 255, fillMode, fillValue })[0]!);
    const executable = await backend.compile(builder.build());
    const matrices = executable.input('matrices') as Float32Array;
    executable.input('images').set(digits);
    for (let image = 0; image < 8; image++) {
      generator.writeMatrix(matrices, image, { seed: 6, epoch: 0, image, height: 28, width: 28 });
    }
    await executable.run(8);
    return { pixels: Float32Array.from(executable.readOutput('moved')), matrices: matrices.slice() };
  }

  /** What a place outside of the image shows. */
  const outside: Record<Exclude<FillMode, 'constant'>, (at: number) => number> = {
    nearest: (at) => Math.min(Math.max(at, 0), 27),
    wrap: (at) => (at + 28) % 28,
    reflect: (at) => (at < 0 ? -1 - at : at > 27 ? 55 - at : at),
  };

  it.each(['nearest', 'wrap', 'reflect', 'constant'] as const)(
    'a pure shift gives the shifted digit, beyond the edge as %s says',
    async (fillMode) => {
      const given = { widthShiftRange: 12, heightShiftRange: 9, fillMode, cval: 0.5 };
      const { pixels, matrices } = await moved(given);
      const shifts = new Set<string>();
      for (let image = 0; image < 8; image++) {
        const [right, down] = [matrices[6 * image + 2]!, matrices[6 * image + 5]!];
        shifts.add(`${right} ${down}`);
        for (let row = 0; row < 28; row++) {
          for (let column = 0; column < 28; column++) {
            const [fromRow, fromColumn] = [row + down, column + right];
            const inside = fromRow >= 0 && fromRow < 28 && fromColumn >= 0 && fromColumn < 28;
            const clamp = fillMode === 'constant' ? (at: number) => at : outside[fillMode];
            const source = digits[image * 784 + clamp(fromRow) * 28 + clamp(fromColumn)]!;
            const expected = inside || fillMode !== 'constant' ? Math.fround(source / 255) : 0.5;
            expect(pixels[image * 784 + row * 28 + column]).toBe(expected);
          }
        }
      }
      expect(shifts.size).toBeGreaterThan(5);
    },
  );

  it('nothing to do gives the digit, bit for bit', async () => {
    expect((await moved({})).pixels).toEqual(Float32Array.from(digits, (value) => value / 255));
  });

  it('a flip gives its mirror image', async () => {
    const { pixels, matrices } = await moved({ horizontalFlip: true });
    const flipped = Array.from({ length: 8 }, (_, image) => matrices[6 * image] === -1);
    expect(new Set(flipped).size).toBe(2);
    const expected = Float32Array.from(digits, (_, i) => {
      const image = Math.floor(i / 784);
      const column = i % 28;
      return digits[flipped[image] ? i - column + 27 - column : i]! / 255;
    });
    expect(pixels).toEqual(expected);
  });
});
