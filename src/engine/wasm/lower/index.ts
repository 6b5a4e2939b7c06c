import type { Scratch } from '../../program/memoryPlan.js';
import { changedTensors } from '../../program/changes.js';
import type { Op, OpName, Program } from '../../program/types.js';
import {
  batchNormalization,
  batchNormalizationGradient,
  batchNormalizationInference,
  batchNormalizationInferenceGradient,
} from './batchNormalization.js';
import type { KernelCall, LoweredOp, Lowering, LoweringContext } from './call.js';
import { conv2d, conv2dInputGradient, conv2dKernelGradient } from './conv2d.js';
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
import { oneHot, rescale, warpAffine } from './input.js';
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

const lowerings: { readonly [N in OpName]: Lowering<N> } = {
  rescale,
  warpAffine,
  oneHot,
  conv2d,
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

/** Chooses the kernels for every op of the program, in order, for a team of `threads`. */
export function lower(program: Program, threads: number): LoweredOp[] {
  const changed = changedTensors(program);
  const lowered: LoweredOp[] = [];
  for (const op of program.ops) {
    const calls: KernelCall[] = [];
    const scratch: Scratch[] = [];
    const context: LoweringContext = {
      scratch(floats, kept = false) {
        const item = { bytes: floats * 4, kept };
        scratch.push(item);
        return item;
      },
      workspace(floats) {
        const bytesPerThread = Math.ceil(floats / 16) * 64;
        const item = { bytes: bytesPerThread * threads, bytesPerThread, kept: false };
        scratch.push(item);
        return item;
      },
      isChanged: (tensor) => changed.has(tensor),
      isFixed: (tensor) => tensor.role === 'constant' || (tensor.role === 'state' && !changed.has(tensor)),
      call: (kernel, units, args, writes, once = false) =>
        void calls.push({ kernel, units, arguments: args, writes, once }),
    };
    lowerOp(op, context);
    lowered.push({ op, calls, scratch });
  }
  return lowered;
}

function lowerOp<N extends OpName>(op: Op<N>, context: LoweringContext): void {
  lowerings[op.name](op, context);
}
