import { formatShape } from '../../../src/numeric/tensor.js';
import type { Random } from '../../../src/numeric/philox.js';
import { between, type CaseGenerator, newCase, pick, uniform } from './case.js';

/** Images [count, height, width, channels] whose rows leave every remainder of a vector. */
function shapeOf(random: Random): readonly [number, number, number, number] {
  return [between(random, 1, 9), between(random, 1, 9), between(random, 1, 13), pick(random, [1, 1, 1, 3, 4, 5])];
}

export const changeStrokes: CaseGenerator = (random, index) => {
  const shape = shapeOf(random);
  const [low, high] = [[-1.2, 0] as const, [0, 2.1] as const, [2.1, 5] as const, [-2, 4.2] as const][index % 4]!;
  return newCase(random, `${formatShape(shape)} by ${low} to ${high}`, shape[0], (program) => {
    const x = program.batched('x', shape.slice(1), uniform(0, 1));
    const changes = program.batched('changes', [1], uniform(low, high));
    program.subject('changeStrokes', [x, changes], {});
    program.withoutNaN(changes);
    // Levels are stretched up to three times.
    program.rounding = 3;
  });
};

export const blur: CaseGenerator = (random, index) => {
  const shape = shapeOf(random);
  const [low, high] = index % 4 === 0 ? [-0.5, 1.5] : [0, 1];
  return newCase(random, `${formatShape(shape)} by ${low} to ${high}`, shape[0], (program) => {
    const x = program.batched('x', shape.slice(1), uniform(0, 1));
    program.subject('blur', [x, program.batched('sigmas', [1], uniform(low, high))], {});
  });
};

export const changeTone: CaseGenerator = (random, index) => {
  const shape = shapeOf(random);
  const noise = pick(random, [0.01, 0.1, 1]);
  const stream = random.below(1000);
  return newCase(random, `${formatShape(shape)}, noise ${index % 4 === 0 ? 0 : noise}`, shape[0], (program) => {
    const x = program.batched('x', shape.slice(1), uniform(0, 1));
    let i = 0;
    const tones = program.batched('tones', [3], (r) => {
      if (i++ % 3 < 2) return r.uniform(-0.2, 1.4);
      return index % 4 === 0 ? 0 : r.uniform(0, noise);
    });
    const keys = program.integers('keys', [4], 'u32', true, (r) => r.uint32());
    program.subject('changeTone', [x, tones, keys], { stream });
  });
};
