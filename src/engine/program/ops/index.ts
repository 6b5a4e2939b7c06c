import type { OpDefinition, OpName } from '../types.js';
import { activation, activationGradient, softmax, softmaxGradient } from './activation.js';
import { blur, changeStrokes, changeTone } from './appearance.js';
import { add, reshape, scaleByScalar, sumSquares } from './arithmetic.js';
import {
  batchNormalization,
  batchNormalizationGradient,
  batchNormalizationInference,
  batchNormalizationInferenceGradient,
  foldNormalization,
  updateMovingAverage,
} from './batchNormalization.js';
import { conv2d, conv2dGradient, conv2dInputGradient, conv2dKernelGradient } from './conv2d.js';
import { dropout } from './dropout.js';
import { eraseRectangle, oneHot, rescale } from './input.js';
import {
  correctPredictions,
  meanRows,
  meanRowsGradient,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
} from './loss.js';
import { addBias, matmul, sumRows } from './matmul.js';
import { adam, sgd, stopUnlessFinite } from './optimizer.js';
import { averagePool2d, averagePool2dGradient, maxPool2d, maxPool2dGradient } from './pool2d.js';
import { randomUniform } from './random.js';
import { warpAffine, warpElastic } from './warp.js';

/** Every op's rules. A name without an entry does not compile. */
export const ops: { readonly [N in OpName]: OpDefinition<N> } = {
  rescale,
  warpAffine,
  warpElastic,
  eraseRectangle,
  changeStrokes,
  blur,
  changeTone,
  randomUniform,
  oneHot,
  conv2d,
  conv2dGradient,
  conv2dInputGradient,
  conv2dKernelGradient,
  matmul,
  addBias,
  sumRows,
  activation,
  activationGradient,
  maxPool2d,
  maxPool2dGradient,
  averagePool2d,
  averagePool2dGradient,
  batchNormalization,
  batchNormalizationGradient,
  batchNormalizationInference,
  batchNormalizationInferenceGradient,
  foldNormalization,
  updateMovingAverage,
  dropout,
  softmax,
  softmaxGradient,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  meanRows,
  meanRowsGradient,
  correctPredictions,
  reshape,
  add,
  sumSquares,
  scaleByScalar,
  stopUnlessFinite,
  sgd,
  adam,
};
