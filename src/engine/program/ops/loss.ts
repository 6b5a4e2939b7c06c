import type { OpDefinition } from '../types.js';
import { expect, expectRank, expectShape, lastAxis, like, unbatched } from './shapeRules.js';

/**
 * Per row: p = softmax(logits), t = targets (1 - labelSmoothing) + labelSmoothing / C, loss = - sum of t log p.
 * Inputs: logits [N, C], targets [N, C]. Outputs: loss [N], p [N, C].
 */
export const softmaxCrossEntropy: OpDefinition<'softmaxCrossEntropy'> = {
  shapes([logits, targets]) {
    expectRank(logits!, 2, 'The logits [N, classes]');
    expectShape(targets!, logits!.shape, 'The targets');
    return [{ shape: [logits!.shape[0]!], batched: logits!.batched }, like(logits!)];
  },
  gradient({ op, outputGradients: [dLoss, dProbabilities], emit }) {
    if (dProbabilities) throw new Error('softmaxCrossEntropy: differentiate the loss, not the probabilities');
    return emit('softmaxCrossEntropyGradient', [op.outputs[1]!, op.inputs[1]!, dLoss!], op.attributes);
  },
};

/** dLogits[n, c] = dLoss[n] (p[n, c] sum of t[n] - t[n, c]). Inputs: p, targets, dLoss [N]. */
export const softmaxCrossEntropyGradient: OpDefinition<'softmaxCrossEntropyGradient'> = {
  shapes: ([probabilities]) => [like(probabilities!)],
};

/** The mean over the rows in use. Input: x [N]. Output: [1]. */
export const meanRows: OpDefinition<'meanRows'> = {
  shapes([x]) {
    expectRank(x!, 1, 'The values');
    expect(x!.batched, () => 'The values must be one for each row of the batch');
    return [unbatched(1)];
  },
  gradient: ({ op, outputGradients: [dy], emit }) => emit('meanRowsGradient', [dy!], { rows: op.inputs[0]!.shape[0]! }),
};

/** dx[n] = dy[0] / (number of rows in use). Input: dy [1]. Output: [rows], batched. */
export const meanRowsGradient: OpDefinition<'meanRowsGradient'> = {
  shapes: (_, { rows }) => [{ shape: [rows], batched: true }],
};

/** The number of rows whose largest score (the first of equals) is where the largest target is. Inputs: scores, targets [N, C]. */
export const correctPredictions: OpDefinition<'correctPredictions'> = {
  shapes([scores, targets]) {
    expectShape(targets!, scores!.shape, 'The targets');
    expect(lastAxis(scores!) >= 1, () => 'There must be at least one class');
    return [unbatched(1)];
  },
};
