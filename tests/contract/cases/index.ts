import type { OpName } from '../../../src/engine/program/types.js';
import { Random } from '../../../src/numeric/philox.js';
import type { Case, CaseGenerator } from './case.js';
import { conv2d, conv2dGradient, conv2dInputGradient, conv2dKernelGradient } from './conv2d.js';
import { blur, changeStrokes, changeTone } from './appearance.js';
import {
  activation,
  activationGradient,
  adam,
  add,
  dropout,
  rescale,
  reshape,
  scaleByScalar,
  sgd,
  stopUnlessFinite,
  sumSquares,
  updateMovingAverage,
} from './elementwise.js';
import {
  correctPredictions,
  meanRows,
  meanRowsGradient,
  oneHot,
  softmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  softmaxGradient,
} from './loss.js';
import { addBias, matmul, sumRows } from './matmul.js';
import {
  batchNormalization,
  batchNormalizationGradient,
  batchNormalizationInference,
  batchNormalizationInferenceGradient,
  foldNormalization,
} from './normalization.js';
import { averagePool2d, averagePool2dGradient, maxPool2d, maxPool2dGradient } from './pool2d.js';
import { eraseRectangle, randomUniform, warpAffine, warpElastic } from './augmentation.js';

/** How many cases of which kind every op is tested with. An op without an entry does not compile. */
const generators: { readonly [N in OpName]: readonly [count: number, draw: CaseGenerator] } = {
  rescale: [8, rescale],
  warpAffine: [16, warpAffine],
  oneHot: [6, oneHot],
  conv2d: [30, conv2d],
  conv2dGradient: [24, conv2dGradient],
  conv2dInputGradient: [24, conv2dInputGradient],
  conv2dKernelGradient: [24, conv2dKernelGradient],
  matmul: [42, matmul],
  addBias: [8, addBias],
  sumRows: [8, sumRows],
  activation: [28, activation],
  activationGradient: [28, activationGradient],
  maxPool2d: [16, maxPool2d],
  maxPool2dGradient: [16, maxPool2dGradient],
  averagePool2d: [12, averagePool2d],
  averagePool2dGradient: [12, averagePool2dGradient],
  batchNormalization: [12, batchNormalization],
  batchNormalizationGradient: [12, batchNormalizationGradient],
  batchNormalizationInference: [8, batchNormalizationInference],
  batchNormalizationInferenceGradient: [8, batchNormalizationInferenceGradient],
  foldNormalization: [12, foldNormalization],
  updateMovingAverage: [6, updateMovingAverage],
  dropout: [8, dropout],
  softmax: [8, softmax],
  softmaxGradient: [8, softmaxGradient],
  softmaxCrossEntropy: [8, softmaxCrossEntropy],
  softmaxCrossEntropyGradient: [8, softmaxCrossEntropyGradient],
  meanRows: [5, meanRows],
  meanRowsGradient: [5, meanRowsGradient],
  correctPredictions: [6, correctPredictions],
  reshape: [6, reshape],
  add: [6, add],
  sumSquares: [6, sumSquares],
  scaleByScalar: [6, scaleByScalar],
  stopUnlessFinite: [2, stopUnlessFinite],
  sgd: [6, sgd],
  adam: [6, adam],
  warpElastic: [24, warpElastic],
  eraseRectangle: [8, eraseRectangle],
  randomUniform: [8, randomUniform],
  changeStrokes: [20, changeStrokes],
  blur: [16, blur],
  changeTone: [16, changeTone],
};

const CASES_STREAM = 100;
const SEED = 20;

export const opNames = Object.keys(generators) as OpName[];

/** The cases of an op: the same on every machine and in every run. */
export function casesOf(op: OpName): Case[] {
  const [count, draw] = generators[op];
  const random = new Random(SEED, CASES_STREAM, opNames.indexOf(op));
  return Array.from({ length: count }, (_, index) => draw(random, index));
}
