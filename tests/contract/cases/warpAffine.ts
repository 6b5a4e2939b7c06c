import type { FillMode } from '../../../src/engine/program/types.js';
import { formatShape } from '../../../src/numeric/tensor.js';
import { normal } from '../../../src/numeric/distributions.js';
import { between, type CaseGenerator, type Fill, newCase, pick, uniform, wholes } from './case.js';

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

export const warpAffine: CaseGenerator = (random, index) => {
  const fillMode = fillModes[index % 4]!;
  const bytes = index % 3 !== 0;
  const shape = [between(random, 1, 9), between(random, 1, 13), between(random, 1, 13), pick(random, [1, 1, 3, 4, 5])];
  const attributes = { divisor: pick(random, [1, 255]), fillMode, fillValue: pick(random, [0, 0.25]) };
  return newCase(random, `${fillMode} ${bytes ? 'u8' : 'f32'} ${formatShape(shape)}`, shape[0]!, (program) => {
    const x = bytes
      ? program.integers('x', shape.slice(1), 'u8', true, wholes(0, 255))
      : program.batched('x', shape.slice(1), uniform(0, 1));
    const map = program.batched('matrices', [6], matrices());
    program.subject('warpAffine', [x, map], attributes);
    program.withoutNaN(x, map);
  });
};
