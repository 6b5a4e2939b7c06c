import type { Program } from '../types.js';
import { joinBiasAndActivation } from './biasAndActivation.js';
import { foldNormalization } from './foldNormalization.js';
import { normalizeAgain } from './normalizeAgain.js';
import { reluAfterPooling } from './reluAfterPooling.js';

/** Rewrites a program into one that computes the same with less work or memory. */
export function fuse(program: Program): Program {
  return joinBiasAndActivation(reluAfterPooling(normalizeAgain(foldNormalization(program))));
}
