import { activationKinds, type Activation } from '../../../src/engine/program/types.js';
import { formatShape } from '../../../src/numeric/tensor.js';
import { between, type CaseGenerator, gaussian, newCase, pick, uniform, wholes } from './case.js';
import { anyShape } from './matmul.js';

/** Every kind in turn. */
function activationOf(index: number): Activation {
  const kind = activationKinds[index % activationKinds.length]!;
  return kind === 'leakyRelu' || kind === 'elu' ? { kind, alpha: index % 2 === 0 ? 0.3 : 1.25 } : { kind };
}

export const activation: CaseGenerator = (random, index) => {
  const shape = anyShape(random, index);
  const attributes = activationOf(index);
  return newCase(random, `${attributes.kind} ${formatShape(shape)}`, shape[0]!, (program) => {
    const x = program.either('x', shape, index % 4 !== 3, gaussian(3));
    const [y] = program.subject('activation', [x], attributes);
    program.differentiate(y!, x);
  });
};

export const activationGradient: CaseGenerator = (random, index) => {
  const shape = anyShape(random, index);
  const attributes = activationOf(index);
  return newCase(random, `${attributes.kind} ${formatShape(shape)}`, shape[0]!, (program) => {
    const isBatched = index % 4 !== 3;
    // Whole numbers: many are exactly 0, where relu's derivative is 0.
    const x = program.either('x', shape, isBatched, wholes(-3, 3));
    const y = program.emit('activation', [x], attributes);
    program.subject('activationGradient', [y, program.either('dy', shape, isBatched)], attributes);
    program.withoutNaN(x);
  });
};

export const add: CaseGenerator = (random, index) => {
  const shape = anyShape(random, index);
  return newCase(random, formatShape(shape), shape[0]!, (program) => {
    const isBatched = index % 4 !== 3;
    const [a, b] = [program.either('a', shape, isBatched), program.either('b', shape, isBatched)];
    const [y] = program.subject('add', [a, b], {});
    program.differentiate(y!, a, b);
  });
};

export const reshape: CaseGenerator = (random, index) => {
  const shape = anyShape(random, 2);
  const [first, second, third, fourth] = shape as [number, number, number, number];
  return newCase(random, formatShape(shape), first, (program) => {
    const isBatched = index % 3 !== 2;
    const x = program.either('x', shape, isBatched);
    const rows = x.shape[0]!;
    const [y] = program.subject('reshape', [x], {
      shape: isBatched ? [rows, second * third * fourth] : [first * second, third, fourth],
    });
    program.differentiate(y!, x);
  });
};

export const scaleByScalar: CaseGenerator = (random, index) => {
  const shape = anyShape(random, index);
  const factor = pick(random, [1, 2e-3, -3]);
  return newCase(random, `${factor} ${formatShape(shape)}`, shape[0]!, (program) => {
    const x = program.either('x', shape, index % 2 === 0);
    program.subject('scaleByScalar', [x, program.unbatched('s', [1])], { factor });
  });
};

export const sumSquares: CaseGenerator = (random, index) => {
  const shape = index % 3 === 2 ? [between(random, 1, 9000)] : anyShape(random, index);
  return newCase(random, formatShape(shape), 1, (program) => {
    const x = index % 2 === 0 ? program.unbatched('x', shape) : program.stored('x', shape);
    const [y] = program.subject('sumSquares', [x], { factor: 1e-3 });
    program.differentiate(y!, x);
  });
};

export const updateMovingAverage: CaseGenerator = (random) => {
  const size = between(random, 1, 40);
  const momentum = pick(random, [0.99, 0.9, 0.5, 0]);
  return newCase(random, `${momentum} [${size}]`, 1, (program) => {
    const state = program.stored('state', [size]);
    program.subject('updateMovingAverage', [state, program.unbatched('value', [size])], { momentum });
  });
};

/** A state that changes after a value that is finite, or is not: then it stays. */
export const stopUnlessFinite: CaseGenerator = (random, index) =>
  newCase(random, index % 2 === 0 ? 'a finite value' : 'an infinite value', 1, (program) => {
    const x = program.unbatched('x', [1], index % 2 === 0 ? gaussian() : () => Infinity);
    program.withoutNaN(x);
    const state = program.stored('state', [9]);
    program.subject('stopUnlessFinite', [x], {});
    program.emit('updateMovingAverage', [state, program.unbatched('value', [9])], { momentum: 0.5 });
  });

export const dropout: CaseGenerator = (random, index) => {
  const shape = anyShape(random, index);
  const [rate, stream] = [pick(random, [0, 0.1, 0.2, 0.5, 0.9]), random.below(1000)];
  return newCase(random, `${rate} ${formatShape(shape)}`, shape[0]!, (program) => {
    const x = program.either('x', shape, index % 4 !== 3);
    const key = program.integers('random', [3], 'u32', false, (r) => r.uint32());
    const [y] = program.subject('dropout', [x, key], { rate, stream });
    program.differentiate(y!, x);
  });
};

export const rescale: CaseGenerator = (random, index) => {
  const shape = anyShape(random, index);
  const divisor = pick(random, [1, 255, 0.3]);
  return newCase(random, `${formatShape(shape)} / ${divisor}`, shape[0]!, (program) => {
    const isBatched = index % 4 !== 3;
    const x =
      index % 2 === 0
        ? program.integers('x', isBatched ? shape.slice(1) : shape, 'u8', isBatched, wholes(0, 255))
        : program.either('x', shape, isBatched);
    program.subject('rescale', [x], { divisor });
  });
};

export const sgd: CaseGenerator = (random, index) => {
  const size = index % 3 === 2 ? between(random, 4000, 9000) : between(random, 1, 40);
  const momentum = index % 3 === 0 ? 0 : pick(random, [0.9, 0.5]);
  const nesterov = index % 2 === 1;
  return newCase(random, `momentum ${momentum}${nesterov ? ', Nesterov' : ''} [${size}]`, 1, (program) => {
    const [w, g] = [program.stored('w', [size]), program.unbatched('g', [size])];
    const velocity = momentum === 0 ? [] : [program.stored('v', [size])];
    const scalars = program.unbatched('scalars', [1], uniform(0.001, 0.1));
    program.subject('sgd', [w, g, ...velocity, scalars], { momentum, nesterov });
  });
};

export const adam: CaseGenerator = (random, index) => {
  const size = index % 3 === 2 ? between(random, 4000, 9000) : between(random, 1, 40);
  const epsilon = pick(random, [1e-7, 1e-3]);
  return newCase(random, `epsilon ${epsilon} [${size}]`, 1, (program) => {
    const [w, g] = [program.stored('w', [size]), program.unbatched('g', [size])];
    const m = program.stored('m', [size], gaussian(0.1));
    const v = program.stored('v', [size], uniform(0, 1));
    const scalars = program.unbatched('scalars', [2], uniform(0.0001, 0.01));
    program.subject('adam', [w, g, m, v, scalars], { beta1: 0.9, beta2: 0.999, epsilon });
  });
};
