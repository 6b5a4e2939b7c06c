import { mean, meanInterval, standardDeviation } from '../../numeric/statistics.js';
import type { SeedResult } from './seedResult.js';

/** One figure over the seeds. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  /** Of the sample (divisor n - 1); null for a single value, as the interval is. */
  readonly standardDeviation: number | null;
  readonly minimum: number;
  readonly maximum: number;
  /** The 95% interval of the mean, by Student's t. */
  readonly interval: readonly [low: number, high: number] | null;
}

/** What the seeds came to. */
export interface Spreads {
  readonly seconds: Spread;
  readonly accuracy: Spread;
  /** Of the seeds that reached the target alone; null: none did. */
  readonly secondsToTarget: Spread | null;
  /** How many seeds reached the target after some epoch. */
  readonly reached: number;
  /** How many were at the target or above it at the end. */
  readonly reachedAtEnd: number;
}

/** Of at least one seed. */
export function spreadsOf(results: readonly SeedResult[], target: number): Spreads {
  const times = results.map(({ secondsToTarget }) => secondsToTarget).filter((seconds) => seconds !== null);
  return {
    seconds: spreadOf(results.map(({ seconds }) => seconds)),
    accuracy: spreadOf(
      results.map(({ accuracy }) => accuracy),
      1,
    ),
    secondsToTarget: times.length === 0 ? null : spreadOf(times),
    reached: times.length,
    reachedAtEnd: results.filter(({ accuracy }) => accuracy >= target).length,
  };
}

/** The interval is cut where values cannot be: below 0 and above `most`. */
export function spreadOf(values: readonly number[], most = Infinity): Spread {
  const isSample = values.length > 1;
  const { low, high } = isSample ? meanInterval(values) : { low: 0, high: 0 };
  return {
    count: values.length,
    mean: mean(values),
    standardDeviation: isSample ? standardDeviation(values) : null,
    minimum: Math.min(...values),
    maximum: Math.max(...values),
    interval: isSample ? [Math.max(0, low), Math.min(most, high)] : null,
  };
}
