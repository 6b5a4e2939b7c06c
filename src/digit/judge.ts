import { CifraError } from '../numeric/errors.js';
import type { Geometry } from './geometry.js';
import { LIMITS, type Limits } from './limits.js';

export type Status = 'ok' | 'unsure' | 'blank' | 'not-a-digit' | 'several';

export interface Verdict {
  readonly status: Status;
  /** Why it is not 'ok', in a few words for people; empty if it is. */
  readonly reason: string;
}

/** What networks say of a normalized digit. */
export interface Reading {
  /** Of the ten digits, from 0 to 9. */
  readonly probabilities: ArrayLike<number>;
  /** That it is a digit at all, 0 to 1, if a network for that was asked. */
  readonly digitness?: number | undefined;
}

const OK: Verdict = { status: 'ok', reason: '' };

/**
 * Whether a picture shows one digit, from what was seen on the way and what networks make of it. Without a reading it
 * says what can be said before.
 * @throws CifraError `probabilities` unless there are ten numbers from 0 to 1
 */
export function judge(geometry: Geometry, reading?: Reading, limits: Limits = LIMITS): Verdict {
  return judgeGeometry(geometry, limits) ?? (reading ? judgeReading(geometry, reading, limits) : undefined) ?? OK;
}

function judgeGeometry(seen: Geometry, limits: Limits): Verdict | undefined {
  if (seen.signs === 0) return { status: 'blank', reason: 'nothing is on it' };
  if (seen.contrast < limits.leastContrast) return { status: 'blank', reason: 'nothing stands out from the paper' };
  const wrong = [
    [seen.noise > limits.mostNoise, 'noise'],
    [seen.hues > limits.mostHues, 'a scene of many colours'],
    [seen.inkShare < limits.leastInkShare, 'no sign stands out'],
    [seen.edges > limits.mostEdges, 'it goes on beyond the picture'],
    [seen.coverage > limits.mostCoverage, 'too much of the picture is dark'],
    [seen.widest > limits.mostWidest, 'a blot rather than strokes'],
    [seen.widest > limits.mostUneven * seen.strokeWidth, 'shapes rather than strokes'],
    [seen.parts > limits.mostParts, 'too many parts'],
  ] as const;
  const found = wrong.find(([is]) => is);
  if (found) return { status: 'not-a-digit', reason: found[1] };
  if (seen.signs > 1) return { status: 'several', reason: `${seen.signs} signs` };
  if (seen.pieces > limits.mostPieces) return { status: 'not-a-digit', reason: 'too many pieces' };
  if (seen.aspect > limits.mostAspect) return { status: 'not-a-digit', reason: 'too wide' };
  return undefined;
}

function judgeReading(seen: Geometry, { probabilities, digitness }: Reading, limits: Limits): Verdict | undefined {
  const all = Array.from(probabilities);
  if (all.length !== 10 || !all.every((value) => value >= 0 && value <= 1)) {
    throw new CifraError(
      'probabilities',
      `judge needs ten probabilities from 0 to 1, but was given ${all.length}: ${all.slice(0, 12).join(', ')}.`,
      'Give what a model with ten outputs and softmax predicts for the normalized digit.',
    );
  }
  // What is cut off by the picture's edge is more often a part of something larger than a digit.
  const leastDigitness = seen.edges > 0 ? limits.leastDigitnessAtEdge : limits.leastDigitness;
  if (digitness !== undefined && !(digitness >= leastDigitness)) {
    return { status: 'not-a-digit', reason: 'it looks like no digit' };
  }
  if (Math.max(...all) < limits.leastConfidence) return { status: 'unsure', reason: 'it may be more than one digit' };
  return undefined;
}
