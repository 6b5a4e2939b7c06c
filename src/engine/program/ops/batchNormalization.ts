import type { OpDefinition, TensorSpec } from '../types.js';
import { expectShape, lastAxis, like, unbatched } from './shapeRules.js';

function expectPerChannel(x: TensorSpec, tensors: readonly (TensorSpec | undefined)[], names: readonly string[]): void {
  tensors.forEach((tensor, i) => expectShape(tensor!, [lastAxis(x)], names[i]!));
}

/**
 * Training: per channel c (last axis), over all other axes, mean and biased variance of x;
 * y = (x - mean) / sqrt(variance + epsilon) * gamma + beta. Inputs: x [..., C], gamma [C], beta [C].
 * Outputs: y, mean [C], variance [C]. (Ioffe and Szegedy 2015; Keras BatchNormalization.)
 */
export const batchNormalization: OpDefinition<'batchNormalization'> = {
  shapes([x, gamma, beta]) {
    expectPerChannel(x!, [gamma, beta], ['gamma', 'beta']);
    const channels = unbatched(lastAxis(x!));
    return [like(x!), channels, channels];
  },
  gradient({ op, outputGradients: [dy, dMean, dVariance], emit }) {
    if (!dy || dMean || dVariance) throw new Error('batchNormalization: differentiate y, not mean or variance');
    const [x, gamma] = op.inputs as [TensorSpec, TensorSpec];
    const [, mean, variance] = op.outputs as [TensorSpec, TensorSpec, TensorSpec];
    return emit('batchNormalizationGradient', [x, mean, variance, gamma, dy], op.attributes);
  },
};

/**
 * Inputs: x, mean, variance, gamma, dy. Outputs: dx, dGamma [C], dBeta [C]; dx takes in that the statistics depend on x,
 * too. dGamma = sum of dy (x - mean) / sqrt(variance + epsilon) and dBeta = sum of dy hold for any given statistics.
 */
export const batchNormalizationGradient: OpDefinition<'batchNormalizationGradient'> = {
  shapes([x, mean, variance, gamma, dy]) {
    expectPerChannel(x!, [mean, variance, gamma], ['mean', 'variance', 'gamma']);
    expectShape(dy!, x!.shape, 'The gradient');
    const channels = unbatched(lastAxis(x!));
    return [like(x!), channels, channels];
  },
};

/** y = (x - mean) / sqrt(variance + epsilon) * gamma + beta with given statistics. Inputs: x, gamma, beta, mean, variance. */
export const batchNormalizationInference: OpDefinition<'batchNormalizationInference'> = {
  shapes([x, ...parameters]) {
    expectPerChannel(x!, parameters, ['gamma', 'beta', 'mean', 'variance']);
    return [like(x!)];
  },
  gradient({ op, outputGradients: [dy], needs, emit }) {
    const [x, gamma, , mean, variance] = op.inputs as [TensorSpec, TensorSpec, TensorSpec, TensorSpec, TensorSpec];
    const dx = needs[0]
      ? emit('batchNormalizationInferenceGradient', [dy!, gamma, variance], op.attributes)[0]
      : undefined;
    if (!needs[1] && !needs[2]) return [dx];
    const [, dGamma, dBeta] = emit('batchNormalizationGradient', [x, mean, variance, gamma, dy!], op.attributes);
    return [dx, dGamma, dBeta];
  },
  inPlace: 0,
};

/**
 * Puts batch normalization with given statistics into the weights of the convolution or product beside it. With
 * s = gamma / sqrt(variance + epsilon) and t = beta - mean s per channel, `side` says of which axis of the kernel:
 * `input` (normalization before): kernel'[.., c, o] = kernel[.., c, o] s[c], bias'[o] = bias[o] + sum of kernel[.., c, o] t[c];
 * `output` (after): kernel'[.., o] = kernel[.., o] s[o], bias'[o] = bias[o] s[o] + t[o].
 * Inputs: kernel [.., C, O], gamma, beta, mean, variance, bias [O] (optional). Outputs: kernel', bias' [O].
 */
export const foldNormalization: OpDefinition<'foldNormalization'> = {
  shapes([kernel, gamma, beta, mean, variance, bias], { side }) {
    const channels = kernel!.shape.at(side === 'input' ? -2 : -1)!;
    const names = ['gamma', 'beta', 'mean', 'variance'];
    [gamma, beta, mean, variance].forEach((tensor, i) => expectShape(tensor!, [channels], names[i]!));
    if (bias) expectShape(bias, [lastAxis(kernel!)], 'The bias');
    return [{ shape: kernel!.shape, batched: false }, unbatched(lastAxis(kernel!))];
  },
};

/** dx = dy gamma / sqrt(variance + epsilon). Inputs: dy, gamma, variance. */
export const batchNormalizationInferenceGradient: OpDefinition<'batchNormalizationInferenceGradient'> = {
  shapes([dy, gamma, variance]) {
    expectPerChannel(dy!, [gamma, variance], ['gamma', 'variance']);
    return [like(dy!)];
  },
  inPlace: 0,
};

/** state = state * momentum + value * (1 - momentum), in place. Inputs: state, value. */
export const updateMovingAverage: OpDefinition<'updateMovingAverage'> = {
  shapes([state, value]) {
    expectShape(value!, state!.shape, 'The value');
    return [];
  },
  updates: () => [0],
};
