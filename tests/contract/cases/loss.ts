import { formatShape } from '../../../src/numeric/tensor.js';
import { between, type CaseGenerator, gaussian, newCase, pick, uniform, wholes } from './case.js';
import { anyShape } from './matmul.js';

export const softmax: CaseGenerator = (random, index) => {
  const shape = anyShape(random, index);
  return newCase(random, formatShape(shape), shape[0]!, (program) => {
    const x = program.either('x', shape, index % 4 !== 3, gaussian(3));
    const [y] = program.subject('softmax', [x], {});
    program.differentiate(y!, x);
  });
};

export const softmaxGradient: CaseGenerator = (random, index) => {
  const shape = anyShape(random, index);
  return newCase(random, formatShape(shape), shape[0]!, (program) => {
    const isBatched = index % 4 !== 3;
    const y = program.either('y', shape, isBatched, uniform(0, 1));
    program.subject('softmaxGradient', [y, program.either('dy', shape, isBatched)], {});
  });
};

function drawClasses(random: Parameters<CaseGenerator>[0], index: number) {
  return {
    capacity: between(random, 1, 21),
    classes: index === 0 ? 10 : between(random, 2, 19),
    labelSmoothing: index % 2 === 0 ? 0 : pick(random, [0.1, 0.3]),
  };
}

export const softmaxCrossEntropy: CaseGenerator = (random, index) => {
  const { capacity, classes, labelSmoothing } = drawClasses(random, index);
  return newCase(random, `[${capacity}, ${classes}], smoothing ${labelSmoothing}`, capacity, (program) => {
    const logits = program.batched('logits', [classes], gaussian(3));
    const targets = program.batched('targets', [classes], uniform(0, 1));
    const [loss] = program.subject('softmaxCrossEntropy', [logits, targets], { labelSmoothing });
    program.differentiate(loss!, logits);
  });
};

export const softmaxCrossEntropyGradient: CaseGenerator = (random, index) => {
  const { capacity, classes, labelSmoothing } = drawClasses(random, index);
  return newCase(random, `[${capacity}, ${classes}], smoothing ${labelSmoothing}`, capacity, (program) => {
    const p = program.batched('p', [classes], uniform(0, 1));
    const targets = program.batched('targets', [classes], uniform(0, 1));
    const dLoss = program.batched('dLoss', []);
    program.subject('softmaxCrossEntropyGradient', [p, targets, dLoss], { labelSmoothing });
  });
};

export const meanRows: CaseGenerator = (random) => {
  const capacity = between(random, 1, 70);
  return newCase(random, `[${capacity}]`, capacity, (program) => {
    const x = program.batched('x', []);
    const [y] = program.subject('meanRows', [x], {});
    program.differentiate(y!, x);
  });
};

export const meanRowsGradient: CaseGenerator = (random) => {
  const capacity = between(random, 1, 70);
  return newCase(random, `[${capacity}]`, capacity, (program) => {
    program.subject('meanRowsGradient', [program.unbatched('dy', [1])], { rows: program.capacity });
  });
};

/** Whole numbers as scores: the first of equals counts. */
export const correctPredictions: CaseGenerator = (random) => {
  const [capacity, classes] = [between(random, 1, 40), between(random, 1, 11)];
  return newCase(random, `[${capacity}, ${classes}]`, capacity, (program) => {
    const scores = program.batched('scores', [classes], wholes(0, 3));
    const targets = program.batched('targets', [classes], wholes(0, 2));
    program.subject('correctPredictions', [scores, targets], {});
    program.withoutNaN(scores, targets);
  });
};

export const oneHot: CaseGenerator = (random, index) => {
  const [capacity, classes] = [between(random, 1, 40), between(random, 1, 13)];
  const dtype = index % 2 === 0 ? 'u8' : 'i32';
  return newCase(random, `${dtype} [${capacity}] of ${classes}`, capacity, (program) => {
    const labels = program.integers('labels', [], dtype, true, wholes(0, classes - 1));
    program.subject('oneHot', [labels], { classes });
  });
};
