import { changedTensors } from '../../program/changes.js';
import type { Op, OpName, Program, TensorSpec } from '../../program/types.js';
import { blur, changeStrokes, changeTone } from './appearance.js';
import {
  batchNormalization,
  batchNormalizationGradient,
  batchNormalizationInference,
  batchNormalizationInferenceGradient,
  foldNormalization,
} from './batchNormalization.js';
import type { KernelCall, LoweredOp, Lowering, LoweringContext } from './call.js';
import { conv2d, conv2dGradient, conv2dInputGradient, conv2dKernelGradient } from './conv2d.js';
import {
  activation,
  activationGradient,
  add,
  dropout,
  reshape,
  scaleByScalar,
  sumSquares,
  updateMovingAverage,
} from './elementwise.js';
import { eraseRectangle, oneHot, rescale } from './input.js';
import {
  correctPredictions,
  meanRows,
  meanRowsGradient,
  softmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
  softmaxGradient,
} from './loss.js';
import { addBias, matmul, sumRows } from './matmul.js';
import { adam, sgd, stopUnlessFinite } from './optimizer.js';
import { averagePool2d, averagePool2dGradient, maxPool2d, maxPool2dGradient } from './pool2d.js';
import { randomUniform } from './random.js';
import { warpAffine, warpElastic } from './warp.js';

const lowerings: { readonly [N in OpName]: Lowering<N> } = {
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

/** Chooses the kernels for every op of the program, in order. */
export function lower(program: Program): LoweredOp[] {
  const changed = changedTensors(program);
  const fixed = fixedTensors(program, changed);
  return program.ops.map((op) => {
    const calls: KernelCall[] = [];
    lowerOp(op, {
      scratch: (floats, kind) => ({ floats, kind }),
      isChanged: (tensor) => changed.has(tensor),
      isFixed: (tensor) => fixed.has(tensor),
      call: (kernel, units, args, writes, { once = false, multiplyAdds = 0 } = {}) =>
        void calls.push({ kernel, units, arguments: args, writes, once, multiplyAdds }),
    });
    return { op, calls };
  });
}

function lowerOp<N extends OpName>(op: Op<N>, context: LoweringContext): void {
  lowerings[op.name](op, context);
}

/** Constants, state that the program does not change, and what is computed from these. */
function fixedTensors({ tensors }: Program, changed: ReadonlySet<TensorSpec>): Set<TensorSpec> {
  return new Set(
    tensors.filter(
      (tensor) =>
        tensor.role === 'constant' || tensor.role === 'derived' || (tensor.role === 'state' && !changed.has(tensor)),
    ),
  );
}
