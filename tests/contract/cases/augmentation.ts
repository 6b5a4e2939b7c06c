import { controlPoints } from '../../../src/engine/program/ops/warp.js';
import type { FillMode, TensorSpec } from '../../../src/engine/program/types.js';
import { formatShape } from '../../../src/numeric/tensor.js';
import { normal } from '../../../src/numeric/distributions.js';
import type { Random } from '../../../src/numeric/philox.js';
import {
  between,
  type CaseGenerator,
  type CaseProgram,
  type Fill,
  gaussian,
  newCase,
  pick,
  uniform,
  wholes,
} from './case.js';

const fillModes: readonly FillMode[] = ['constant', 'nearest', 'reflect', 'wrap'];

/**
 * Rows of [m0 m1 m2 m3 m4 m5]: identity plus noise, the shifts moved by irregular amounts. Should a place come to lie
 * within rounding of the image's edge, a constant fill could go either way.
 */
function matrices(): Fill {
  let i = 0;
  return (random) => {
    const entry = i++ % 6;
    if (entry === 2 || entry === 5) return 3 * normal(random) + 0.137;
    return (entry === 0 || entry === 4 ? 1 : 0) + 0.3 * normal(random);
  };
}

interface Given {
  readonly bytes: boolean;
  readonly shape: readonly [count: number, height: number, width: number, channels: number];
  readonly attributes: { readonly divisor: number; readonly fillMode: FillMode; readonly fillValue: number };
  readonly title: string;
}

function given(random: Random, index: number): Given {
  const fillMode = fillModes[index % 4]!;
  const bytes = index % 3 !== 0;
  const shape = [
    between(random, 1, 9),
    between(random, 1, 13),
    between(random, 1, 13),
    pick(random, [1, 1, 3, 4, 5]),
  ] as const;
  const attributes = { divisor: pick(random, [1, 255]), fillMode, fillValue: pick(random, [0, 0.25]) };
  return { bytes, shape, attributes, title: `${fillMode} ${bytes ? 'u8' : 'f32'} ${formatShape(shape)}` };
}

function images(program: CaseProgram, { bytes, shape }: Given): TensorSpec {
  return bytes
    ? program.integers('x', shape.slice(1), 'u8', true, wholes(0, 255))
    : program.batched('x', shape.slice(1), uniform(0, 1));
}

export const warpAffine: CaseGenerator = (random, index) => {
  const drawn = given(random, index);
  return newCase(random, drawn.title, drawn.shape[0], (program) => {
    const x = images(program, drawn);
    const map = program.batched('matrices', [6], matrices());
    program.subject('warpAffine', [x, map], drawn.attributes);
    program.withoutNaN(x, map);
  });
};

export const warpElastic: CaseGenerator = (random, index) => {
  const drawn = given(random, index);
  const [count, height, width] = drawn.shape;
  const spacing = pick(random, [1.3, 2, 3.5, 6.93, 20]);
  const grid = [controlPoints(height, spacing), controlPoints(width, spacing), 2];
  return newCase(random, `${drawn.title} every ${spacing}`, count, (program) => {
    const x = images(program, drawn);
    const map = program.batched('matrices', [6], matrices());
    const points = program.batched('points', grid, gaussian(2));
    program.subject('warpElastic', [x, map, points], { ...drawn.attributes, spacing });
    program.withoutNaN(x, map, points);
  });
};

export const eraseRectangle: CaseGenerator = (random, index) => {
  const { shape } = given(random, index);
  const value = pick(random, [0, 0.5]);
  return newCase(random, formatShape(shape), shape[0], (program) => {
    const x = program.batched('x', shape.slice(1));
    const rectangles = program.integers('rectangles', [4], 'i32', true, wholes(-3, 16));
    program.subject('eraseRectangle', [x, rectangles], { value });
  });
};

export const randomUniform: CaseGenerator = (random) => {
  const shape = [between(random, 1, 5), between(random, 1, 9)];
  const [rows, amplitude, stream] = [between(random, 1, 9), pick(random, [0, 1, 5.3]), random.below(1000)];
  return newCase(random, `${rows} rows of ${formatShape(shape)}`, rows, (program) => {
    const keys = program.integers('keys', [4], 'u32', true, (r) => r.uint32());
    program.subject('randomUniform', [keys], { shape, amplitude, stream });
  });
};
