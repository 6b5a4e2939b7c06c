import { type ReferenceKernel, tableInUse } from '../kernel.js';

/** Mean, then the mean of (x - mean)^2, then y: three passes, so that a large mean costs no digits. */
export const batchNormalization: ReferenceKernel<'batchNormalization'> = ({ op, inputs, outputs, rows }) => {
  const [x, gamma, beta] = inputs as [Float64Array, Float64Array, Float64Array];
  const [y, mean, variance] = outputs as [Float64Array, Float64Array, Float64Array];
  const [count, channels] = tableInUse(op.inputs[0]!, rows);
  mean.fill(0);
  variance.fill(0);
  for (let r = 0; r < count; r++) for (let c = 0; c < channels; c++) mean[c]! += x[r * channels + c]!;
  for (let c = 0; c < channels; c++) mean[c]! /= count;
  for (let r = 0; r < count; r++) {
    for (let c = 0; c < channels; c++) {
      const centred = x[r * channels + c]! - mean[c]!;
      variance[c]! += centred * centred;
    }
  }
  for (let c = 0; c < channels; c++) variance[c]! /= count;
  normalize(x, gamma, beta, mean, variance, op.attributes.epsilon, y, count);
};

/** y = (x - mean) / sqrt(variance + epsilon) * gamma + beta over `count` rows of channels. */
function normalize(
  x: Float64Array,
  gamma: Float64Array,
  beta: Float64Array,
  mean: Float64Array,
  variance: Float64Array,
  epsilon: number,
  y: Float64Array,
  count: number,
): void {
  const channels = gamma.length;
  for (let r = 0; r < count; r++) {
    for (let c = 0; c < channels; c++) {
      const at = r * channels + c;
      y[at] = ((x[at]! - mean[c]!) / Math.sqrt(variance[c]! + epsilon)) * gamma[c]! + beta[c]!;
    }
  }
}

/**
 * With h = (x - mean) / sqrt(variance + epsilon) over n places: dBeta = sum of dy, dGamma = sum of dy h,
 * dx = gamma / sqrt(variance + epsilon) (dy - dBeta / n - h dGamma / n).
 */
export const batchNormalizationGradient: ReferenceKernel<'batchNormalizationGradient'> = ({
  op,
  inputs,
  outputs,
  rows,
}) => {
  const [x, mean, variance, gamma, dy] = inputs as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const [dx, dGamma, dBeta] = outputs as [Float64Array, Float64Array, Float64Array];
  const { epsilon } = op.attributes;
  const [count, channels] = tableInUse(op.inputs[0]!, rows);
  dGamma.fill(0);
  dBeta.fill(0);
  for (let r = 0; r < count; r++) {
    for (let c = 0; c < channels; c++) {
      const at = r * channels + c;
      dBeta[c]! += dy[at]!;
      dGamma[c]! += (dy[at]! * (x[at]! - mean[c]!)) / Math.sqrt(variance[c]! + epsilon);
    }
  }
  for (let r = 0; r < count; r++) {
    for (let c = 0; c < channels; c++) {
      const at = r * channels + c;
      const deviation = Math.sqrt(variance[c]! + epsilon);
      const h = (x[at]! - mean[c]!) / deviation;
      dx[at] = (gamma[c]! / deviation) * (dy[at]! - dBeta[c]! / count - (h * dGamma[c]!) / count);
    }
  }
};

export const batchNormalizationInference: ReferenceKernel<'batchNormalizationInference'> = (call) => {
  const { op, inputs, outputs, rows } = call;
  const [x, gamma, beta, mean, variance] = inputs as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const [count] = tableInUse(op.inputs[0]!, rows);
  normalize(x, gamma, beta, mean, variance, op.attributes.epsilon, outputs[0]!, count);
};

export const batchNormalizationInferenceGradient: ReferenceKernel<'batchNormalizationInferenceGradient'> = (call) => {
  const { op, inputs, outputs, rows } = call;
  const [dy, gamma, variance] = inputs as [Float64Array, Float64Array, Float64Array];
  const dx = outputs[0]!;
  const [count, channels] = tableInUse(op.inputs[0]!, rows);
  for (let r = 0; r < count; r++) {
    for (let c = 0; c < channels; c++) {
      const at = r * channels + c;
      dx[at] = (dy[at]! * gamma[c]!) / Math.sqrt(variance[c]! + op.attributes.epsilon);
    }
  }
};

export const foldNormalization: ReferenceKernel<'foldNormalization'> = ({ op, inputs, outputs }) => {
  const [kernel, gamma, beta, mean, variance, bias] = inputs as Float64Array[];
  const [folded, foldedBias] = outputs as [Float64Array, Float64Array];
  const { epsilon, side } = op.attributes;
  const outChannels = foldedBias.length;
  const channels = gamma!.length;
  const scale = gamma!.map((value, c) => value / Math.sqrt(variance![c]! + epsilon));
  const shift = beta!.map((value, c) => value - mean![c]! * scale[c]!);
  for (let o = 0; o < outChannels; o++) {
    const from = bias ? bias[o]! : 0;
    foldedBias[o] = side === 'output' ? from * scale[o]! + shift[o]! : from;
  }
  for (let i = 0; i < kernel!.length; i++) {
    const o = i % outChannels;
    const c = side === 'output' ? o : Math.floor(i / outChannels) % channels;
    folded[i] = kernel![i]! * scale[c]!;
    if (side === 'input') foldedBias[o]! += kernel![i]! * shift[c]!;
  }
};

export const updateMovingAverage: ReferenceKernel<'updateMovingAverage'> = ({ op, inputs }) => {
  const [state, value] = inputs as [Float64Array, Float64Array];
  const { momentum } = op.attributes;
  for (let i = 0; i < state.length; i++) state[i] = state[i]! * momentum + value[i]! * (1 - momentum);
};
