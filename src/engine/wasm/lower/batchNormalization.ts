import { sizeOf } from '../../../numeric/tensor.js';
import { chunks, fixed, type Lowering, NONE } from './call.js';

/** Output channels of a kernel that are folded at a time. */
const FOLDED_PER_UNIT = 64;

export const batchNormalization: Lowering<'batchNormalization'> = (
  { inputs: [x, gamma, beta], outputs: [y, mean, variance], attributes: { epsilon } },
  context,
) => {
  const { units, chunk, pixels, channels, most } = chunks(x!);
  const partial = context.scratch(2 * most * channels, 'all');
  context.call('momentsPartial', units, [x!, partial, chunk, pixels, channels], [partial]);
  context.call(
    'momentsJoin',
    fixed(channels, x),
    [partial, mean!, variance!, chunk, pixels, channels],
    [mean!, variance!],
  );
  const normalize = [x!, mean!, variance!, gamma!, beta!, y!, epsilon, chunk, pixels, channels];
  context.call('normalize', units, normalize, [y!]);
};

export const batchNormalizationGradient: Lowering<'batchNormalizationGradient'> = (
  { inputs: [x, mean, variance, gamma, dy], outputs: [dx, dGamma, dBeta], attributes: { epsilon } },
  context,
) => {
  const { units, chunk, pixels, channels, most } = chunks(x!);
  const partial = context.scratch(2 * most * channels, 'all');
  context.call('normalizeGradientPartial', units, [x!, mean!, dy!, partial, chunk, pixels, channels], [partial]);
  const joined = [partial, variance!, dGamma!, dBeta!, epsilon, chunk, channels];
  context.call('normalizeGradientJoin', fixed(channels, x), joined, [dGamma!, dBeta!]);
  const all = [x!, mean!, variance!, gamma!, dy!, dGamma!, dBeta!, dx!, epsilon, chunk, pixels, channels];
  context.call('normalizeGradient', units, all, [dx!]);
};

export const batchNormalizationInference: Lowering<'batchNormalizationInference'> = (
  { inputs: [x, gamma, beta, mean, variance], outputs: [y], attributes: { epsilon } },
  context,
) => {
  const { units, chunk, pixels, channels } = chunks(x!);
  const all = [x!, mean!, variance!, gamma!, beta!, y!, epsilon, chunk, pixels, channels];
  context.call('normalize', units, all, [y!]);
};

export const batchNormalizationInferenceGradient: Lowering<'batchNormalizationInferenceGradient'> = (
  { inputs: [dy, gamma, variance], outputs: [dx], attributes: { epsilon } },
  context,
) => {
  const { units, chunk, pixels, channels } = chunks(dy!);
  context.call('scaleChannels', units, [dy!, gamma!, variance!, dx!, epsilon, chunk, pixels, channels], [dx!]);
};

export const foldNormalization: Lowering<'foldNormalization'> = (
  { inputs: [kernel, gamma, beta, mean, variance, bias], outputs: [folded, foldedBias], attributes },
  context,
) => {
  const [channels, outChannels] = [gamma!.shape[0]!, foldedBias!.shape[0]!];
  const sums = context.scratch(2 * FOLDED_PER_UNIT, 'thread');
  const shape = [sizeOf(kernel!.shape) / outChannels, channels, outChannels, attributes.side === 'input' ? 1 : 0];
  const all = [kernel!, gamma!, beta!, mean!, variance!, bias ?? NONE, folded!, foldedBias!, sums];
  context.call(
    'foldNormalization',
    fixed(Math.ceil(outChannels / FOLDED_PER_UNIT)),
    [...all, attributes.epsilon, ...shape],
    [folded!, foldedBias!, sums],
    { once: folded!.role === 'derived' },
  );
};
