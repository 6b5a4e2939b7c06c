import { formatShape } from '../../../src/numeric/tensor.js';
import { between, type CaseGenerator, channelCounts, gaussian, newCase, pick } from './case.js';
import { drawActivation } from './conv2d.js';

const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 33] as const;
const depths = [...sizes, 64, 130, 300] as const;

/** In turn: rows of a are the batch (b as it is, transposed), the batch is summed over, and no batch in 4 transposes. */
export const matmul: CaseGenerator = (random, index) => {
  const role = (['rows', 'rows', 'sum', 'none', 'none', 'none', 'none'] as const)[index % 7]!;
  const transposeA = role === 'sum' || (role === 'none' && index % 7 >= 5);
  const transposeB = role === 'rows' ? index % 7 === 1 : role === 'none' && index % 2 === 0;
  const capacity = between(random, 1, role === 'sum' ? 40 : 19);
  const [m, n, k] = [pick(random, sizes), pick(random, sizes), pick(random, depths)];
  const withBias = role !== 'sum' && index % 3 === 1;
  const drawn = withBias && index % 2 === 1 ? drawActivation(random) : undefined;
  const activation = drawn && index % 4 === 3 ? { kind: 'relu' as const } : drawn;
  const size = role === 'rows' ? [capacity, k, n] : role === 'sum' ? [m, capacity, n] : [m, k, n];
  const title =
    `${formatShape([size[0]!, size[1]!])} ${formatShape([size[1]!, size[2]!])}, batch: ${role}` +
    `${transposeA ? ', a transposed' : ''}${transposeB ? ', b transposed' : ''}` +
    `${withBias ? ', bias' : ''}${activation ? `, ${activation.kind}` : ''}`;
  return newCase(random, title, capacity, (program) => {
    const a =
      role === 'none'
        ? program.unbatched('a', transposeA ? [k, m] : [m, k])
        : program.batched('a', [role === 'rows' ? k : m]);
    const b =
      role === 'sum' ? program.batched('b', [n]) : program.unbatched('b', transposeB ? [n, k] : [k, n], gaussian(0.5));
    const bias = withBias ? [program.unbatched('bias', [n])] : [];
    const attributes = activation ? { transposeA, transposeB, activation } : { transposeA, transposeB };
    const [y] = program.subject('matmul', [a, b, ...bias], attributes);
    if (!withBias) program.differentiate(y!, a, b);
  });
};

/** [..., C] of 1 to 4 axes. */
export const anyShape: (random: Parameters<CaseGenerator>[0], index: number) => number[] = (random, index) => {
  const first = between(random, 1, 11);
  const middle = Array.from({ length: index % 3 }, () => between(random, 1, 7));
  return [first, ...middle, pick(random, channelCounts)];
};

export const addBias: CaseGenerator = (random, index) => {
  const shape = anyShape(random, index);
  return newCase(random, formatShape(shape), shape[0]!, (program) => {
    const x = program.either('x', shape, index % 4 !== 3);
    const bias = program.unbatched('bias', shape.slice(-1));
    const [y] = program.subject('addBias', [x, bias], {});
    program.differentiate(y!, x, bias);
  });
};

export const sumRows: CaseGenerator = (random, index) => {
  const shape = anyShape(random, index);
  return newCase(random, formatShape(shape), shape[0]!, (program) => {
    program.subject('sumRows', [program.either('x', shape, index % 4 !== 3)], {});
  });
};
