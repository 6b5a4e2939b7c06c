import { formatShape } from '../../../src/numeric/tensor.js';
import type { TensorSpec } from '../../../src/engine/program/types.js';
import {
  between,
  type CaseGenerator,
  type CaseProgram,
  channelCounts,
  gaussian,
  newCase,
  pick,
  uniform,
} from './case.js';

type Draw = Parameters<CaseGenerator>[0];

/** [N, C] and [N, H, W, C] in turn, sometimes with many channels. */
function drawShape(random: Draw, index: number): number[] {
  const channels = index % 4 === 3 ? between(random, 60, 140) : pick(random, channelCounts);
  const middle = index % 2 === 0 ? [] : [between(random, 1, 8), between(random, 1, 8)];
  return [between(random, 1, 19), ...middle, channels];
}

const epsilon = 1e-3;

function perChannel(program: CaseProgram, x: TensorSpec, name: string): TensorSpec {
  const fill = name === 'variance' ? uniform(0.01, 3) : name === 'gamma' ? gaussian(0.5, 1) : gaussian();
  return program.unbatched(name, x.shape.slice(-1), fill);
}

export const batchNormalization: CaseGenerator = (random, index) => {
  const shape = drawShape(random, index);
  return newCase(random, formatShape(shape), shape[0]!, (program) => {
    const x = program.either('x', shape, index % 5 !== 4, gaussian(2, 0.5));
    const [gamma, beta] = [perChannel(program, x, 'gamma'), perChannel(program, x, 'beta')];
    const [y] = program.subject('batchNormalization', [x, gamma, beta], { epsilon });
    program.differentiate(y!, x, gamma, beta);
  });
};

export const batchNormalizationGradient: CaseGenerator = (random, index) => {
  const shape = drawShape(random, index);
  return newCase(random, formatShape(shape), shape[0]!, (program) => {
    const isBatched = index % 5 !== 4;
    const x = program.either('x', shape, isBatched, gaussian(2, 0.5));
    const dy = program.either('dy', shape, isBatched);
    const [gamma, beta] = [perChannel(program, x, 'gamma'), perChannel(program, x, 'beta')];
    const [, mean, variance] = program.builder.emit('batchNormalization', [x, gamma, beta], { epsilon });
    program.subject('batchNormalizationGradient', [x, mean!, variance!, gamma, dy], { epsilon });
    program.withoutNaN(beta);
  });
};

export const batchNormalizationInference: CaseGenerator = (random, index) => {
  const shape = drawShape(random, index);
  return newCase(random, formatShape(shape), shape[0]!, (program) => {
    const x = program.either('x', shape, index % 5 !== 4);
    const parameters = ['gamma', 'beta', 'mean', 'variance'].map((name) => perChannel(program, x, name));
    const [y] = program.subject('batchNormalizationInference', [x, ...parameters], { epsilon });
    program.differentiate(y!, x, parameters[0]!, parameters[1]!);
  });
};

export const batchNormalizationInferenceGradient: CaseGenerator = (random, index) => {
  const shape = drawShape(random, index);
  return newCase(random, formatShape(shape), shape[0]!, (program) => {
    const dy = program.either('dy', shape, index % 5 !== 4);
    const parameters = ['gamma', 'variance'].map((name) => perChannel(program, dy, name));
    program.subject('batchNormalizationInferenceGradient', [dy, ...parameters], { epsilon });
  });
};

export const foldNormalization: CaseGenerator = (random, index) => {
  const side = index % 2 === 0 ? 'input' : 'output';
  const taps = index % 4 < 2 ? [between(random, 1, 3), between(random, 1, 3)] : [];
  const [inChannels, outChannels] = [pick(random, channelCounts), between(random, 1, 140)];
  const shape = [...taps, inChannels, outChannels];
  return newCase(random, `${formatShape(shape)}, ${side}`, 1, (program) => {
    const kernel = program.unbatched('kernel', shape, gaussian(0.3));
    const channels = side === 'input' ? inChannels : outChannels;
    const fills = { gamma: gaussian(0.5, 1), beta: gaussian(), mean: gaussian(), variance: uniform(0.01, 3) };
    const statistics = Object.entries(fills).map(([name, fill]) => program.unbatched(name, [channels], fill));
    const bias = index % 3 === 0 ? [] : [program.unbatched('bias', [outChannels])];
    program.subject('foldNormalization', [kernel, ...statistics, ...bias], { epsilon, side });
  });
};
