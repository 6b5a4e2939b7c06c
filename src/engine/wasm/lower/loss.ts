import { chunks, fixed, type Lowering, perRows } from './call.js';

export const softmax: Lowering<'softmax'> = ({ inputs: [x], outputs: [y] }, context) => {
  const { pixels, channels } = chunks(x!);
  context.call('softmax', perRows(x!), [x!, y!, pixels, channels], [y!]);
};

export const softmaxGradient: Lowering<'softmaxGradient'> = ({ inputs: [y, dy], outputs: [dx] }, context) => {
  const { pixels, channels } = chunks(y!);
  context.call('softmaxGradient', perRows(y!), [y!, dy!, dx!, pixels, channels], [dx!]);
};

export const softmaxCrossEntropy: Lowering<'softmaxCrossEntropy'> = (
  { inputs: [logits, targets], outputs: [loss, probabilities], attributes: { labelSmoothing } },
  context,
) => {
  const all = [logits!, targets!, loss!, probabilities!, labelSmoothing, logits!.shape[1]!];
  context.call('softmaxCrossEntropy', perRows(logits!), all, [loss!, probabilities!]);
};

export const softmaxCrossEntropyGradient: Lowering<'softmaxCrossEntropyGradient'> = (
  { inputs: [probabilities, targets, dLoss], outputs: [dLogits], attributes: { labelSmoothing } },
  context,
) => {
  const all = [probabilities!, targets!, dLoss!, dLogits!, labelSmoothing, probabilities!.shape[1]!];
  context.call('softmaxCrossEntropyGradient', perRows(probabilities!), all, [dLogits!]);
};

export const meanRows: Lowering<'meanRows'> = ({ inputs: [x], outputs: [y] }, context) => {
  context.call('meanRows', fixed(1, x), [x!, y!], [y!]);
};

export const meanRowsGradient: Lowering<'meanRowsGradient'> = ({ inputs: [dy], outputs: [dx] }, context) => {
  context.call('meanRowsGradient', fixed(1), [dy!, dx!], [dx!]);
};

export const correctPredictions: Lowering<'correctPredictions'> = (
  { inputs: [scores, targets], outputs: [y] },
  context,
) => {
  context.call('correctPredictions', fixed(1, scores), [scores!, targets!, y!, scores!.shape.at(-1)!], [y!]);
};
