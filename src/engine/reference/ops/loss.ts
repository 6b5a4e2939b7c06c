import { type ReferenceKernel, tableInUse } from '../kernel.js';
import { softmaxRow } from './activation.js';

/** log p = x - log(sum of e^x), which stays finite where p itself becomes 0. */
export const softmaxCrossEntropy: ReferenceKernel<'softmaxCrossEntropy'> = ({ op, inputs, outputs, rows }) => {
  const [logits, targets] = inputs as [Float64Array, Float64Array];
  const [loss, p] = outputs as [Float64Array, Float64Array];
  const [count, classes] = tableInUse(op.inputs[0]!, rows);
  const { labelSmoothing } = op.attributes;
  for (let n = 0; n < count; n++) {
    const begin = n * classes;
    const logSum = softmaxRow(logits, p, begin, classes);
    let sum = 0;
    for (let i = begin; i < begin + classes; i++) {
      const t = targets[i]! * (1 - labelSmoothing) + labelSmoothing / classes;
      sum += t * (logSum - logits[i]!);
    }
    loss[n] = sum;
  }
};

export const softmaxCrossEntropyGradient: ReferenceKernel<'softmaxCrossEntropyGradient'> = (call) => {
  const { op, inputs, outputs, rows } = call;
  const [p, targets, dLoss] = inputs as [Float64Array, Float64Array, Float64Array];
  const dLogits = outputs[0]!;
  const [count, classes] = tableInUse(op.inputs[0]!, rows);
  const { labelSmoothing } = op.attributes;
  for (let n = 0; n < count; n++) {
    const begin = n * classes;
    let sum = 0;
    for (let i = begin; i < begin + classes; i++) sum += targets[i]! * (1 - labelSmoothing) + labelSmoothing / classes;
    for (let i = begin; i < begin + classes; i++) {
      const t = targets[i]! * (1 - labelSmoothing) + labelSmoothing / classes;
      dLogits[i] = dLoss[n]! * (p[i]! * sum - t);
    }
  }
};

export const meanRows: ReferenceKernel<'meanRows'> = ({ op, inputs, outputs, rows }) => {
  const [x] = inputs as [Float64Array];
  const count = op.inputs[0]!.batched ? rows : x.length;
  let sum = 0;
  for (let n = 0; n < count; n++) sum += x[n]!;
  outputs[0]![0] = sum / count;
};

export const meanRowsGradient: ReferenceKernel<'meanRowsGradient'> = ({ inputs, outputs, rows }) => {
  outputs[0]!.fill(inputs[0]![0]! / rows, 0, rows);
};

export const correctPredictions: ReferenceKernel<'correctPredictions'> = ({ op, inputs, outputs, rows }) => {
  const [scores, targets] = inputs as [Float64Array, Float64Array];
  const [count, classes] = tableInUse(op.inputs[0]!, rows);
  let correct = 0;
  for (let n = 0; n < count; n++) {
    if (largest(scores, n * classes, classes) === largest(targets, n * classes, classes)) correct++;
  }
  outputs[0]![0] = correct;
};

/** Where the first of the largest of `count` values from `begin` is. */
function largest(values: Float64Array, begin: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (values[begin + i]! > values[begin + best]!) best = i;
  return best;
}
