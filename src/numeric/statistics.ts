import { CifraError } from './errors.js';
import { cos, sin } from './exactMath.js';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The 97.5% point of the normal distribution: a two-sided 95% interval. */
const Z_95 = 1.959963984540054;

/**
 * The 95% confidence interval of a share of which `count` of `total` were observed, from 0 to 1 (Wilson, "Probable
 * Inference, the Law of Succession, and Statistical Inference", 1927). Sound near 0 and 1, where accuracies lie.
 * @throws CifraError `statistics-share` unless both are whole numbers with 0 <= count <= total and total >= 1
 */
export function wilsonInterval(count: number, total: number): Interval {
  if (!(Number.isInteger(count) && Number.isInteger(total) && 0 <= count && count <= total && total >= 1)) {
    throw new CifraError(
      'statistics-share',
      `A share needs whole numbers with 0 <= count <= total and total >= 1, but was given ${count} of ${total}.`,
    );
  }
  const z2 = Z_95 * Z_95;
  const share = count / total;
  const centre = share + z2 / (2 * total);
  const half = Z_95 * Math.sqrt((share * (1 - share) + z2 / (4 * total)) / total);
  const divisor = 1 + z2 / total;
  return {
    low: count === 0 ? 0 : (centre - half) / divisor,
    high: count === total ? 1 : (centre + half) / divisor,
  };
}

/** @throws CifraError `statistics-empty` if there are no values */
export function mean(values: ArrayLike<number>): number {
  needValues(values, 1, 'mean');
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/**
 * The standard deviation of a sample (divisor n - 1).
 * @throws CifraError `statistics-empty` if there are fewer than two values
 */
export function standardDeviation(values: ArrayLike<number>): number {
  needValues(values, 2, 'standard deviation');
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const difference = values[i]! - centre;
    squares += difference * difference;
  }
  return Math.sqrt(squares / (values.length - 1));
}

/**
 * The 95% confidence interval of the mean of which these values are a sample, by Student's t distribution.
 * @throws CifraError `statistics-empty` if there are fewer than two values
 */
export function meanInterval(values: ArrayLike<number>): Interval {
  needValues(values, 2, 'interval of the mean');
  const centre = mean(values);
  const half = (student95(values.length - 1) * standardDeviation(values)) / Math.sqrt(values.length);
  return { low: centre - half, high: centre + half };
}

/**
 * What the size of Student's t is below with a probability of 95%, for so many degrees of freedom. Its distribution is
 * a finite sum in the angle whose tangent is t / sqrt(freedom) (Abramowitz and Stegun, 26.7.3 and 26.7.4).
 */
function student95(freedom: number): number {
  const odd = freedom % 2 === 1;
  let [low, high] = [0, Math.PI / 2];
  for (let i = 0; i < 60; i++) {
    const angle = (low + high) / 2;
    const square = cos(angle) * cos(angle);
    let term = odd ? cos(angle) : 1;
    let sum = 0;
    for (let k = odd ? 1 : 0; k <= freedom - 2; k += 2) {
      sum += term;
      term *= (square * (k + 1)) / (k + 2);
    }
    const probability = odd ? (2 / Math.PI) * (angle + sin(angle) * sum) : sin(angle) * sum;
    if (probability < 0.95) low = angle;
    else high = angle;
  }
  return (Math.sqrt(freedom) * sin(low)) / cos(low);
}

/**
 * The value below which `percent` (0 to 100) of the values lie, interpolated linearly between neighbours, as NumPy's
 * `percentile` does. The values may come in any order and are left as they are.
 * @throws CifraError `statistics-empty` if there are no values, `statistics-percent` if `percent` is out of range
 */
export function percentile(values: ArrayLike<number>, percent: number): number {
  needValues(values, 1, 'percentile');
  if (!(percent >= 0 && percent <= 100)) {
    throw new CifraError('statistics-percent', `A percentile lies from 0 to 100, but was given ${percent}.`);
  }
  const sorted = Float64Array.from(values).sort();
  const position = (percent / 100) * (sorted.length - 1);
  const index = Math.floor(position);
  const value = sorted[index]!;
  const next = sorted[index + 1] ?? value;
  return position === index ? value : value + (position - index) * (next - value);
}

/** @throws CifraError `statistics-empty` if there are no values */
export function median(values: ArrayLike<number>): number {
  return percentile(values, 50);
}

function needValues(values: ArrayLike<number>, least: number, what: string): void {
  if (values.length < least) {
    throw new CifraError(
      'statistics-empty',
      `The ${what} needs at least ${least} ${least === 1 ? 'value' : 'values'}, but was given ${values.length}.`,
    );
  }
}
