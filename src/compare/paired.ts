import { CifraError } from '../numeric/errors.js';
import { exp, log } from '../numeric/exactMath.js';
import { type Interval, wilsonInterval } from '../numeric/statistics.js';

/** What two classifiers made of the same images. */
export interface PairedCounts {
  readonly bothRight: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly bothWrong: number;
}

/** Whether two classifiers that read the same images differ in accuracy, by the images that only one of them read right. */
export interface McNemarTest {
  /** Images that exactly one read right. */
  readonly discordant: number;
  /**
   * The probability, were both equally good, of the images that only one reads right to be shared out at least as unevenly:
   * exact, by the binomial distribution, two-sided. 0 to 1.
   */
  readonly pValue: number;
  /** The mid-p value, which counts what was observed by half: the exact one is somewhat too careful (Fagerland 2013). */
  readonly midP: number;
}

/**
 * McNemar's test, exact for any number of images (McNemar, "Note on the sampling error of the difference between
 * correlated proportions or percentages", 1947).
 * @param onlyFirst how many images only the first classifier read right, and `onlySecond` only the second
 * @throws CifraError `statistics-count` unless both are whole numbers, at least 0
 */
export function mcnemar(onlyFirst: number, onlySecond: number): McNemarTest {
  checkCounts({ onlyFirst, onlySecond });
  const discordant = onlyFirst + onlySecond;
  const few = Math.min(onlyFirst, onlySecond);
  // From the probability of `few` heads in as many throws as there are images down to that of none.
  let logarithm = -discordant * log(2);
  for (let k = 1; k <= few; k++) logarithm += log((discordant - k + 1) / k);
  const observed = exp(logarithm);
  let [term, tail] = [observed, 0];
  for (let k = few; k >= 0; k--) {
    tail += term;
    term *= k / (discordant - k + 1);
  }
  const isEven = onlyFirst === onlySecond;
  return {
    discordant,
    pValue: isEven ? 1 : Math.min(1, 2 * tail),
    midP: isEven ? 1 - observed / 2 : Math.min(1, 2 * tail - observed),
  };
}

/**
 * The 95% confidence interval of the first's accuracy less the second's, on the same images (Newcombe, "Improved confidence
 * intervals for the difference between binomial proportions based on paired data", 1998, method 10: from Wilson's intervals
 * and the correlation).
 * @throws CifraError `statistics-count` unless all are whole numbers, at least 0, and there is an image
 */
export function pairedInterval(counts: PairedCounts): Interval {
  checkCounts({ ...counts });
  const { bothRight, onlyFirst, onlySecond, bothWrong } = counts;
  const total = bothRight + onlyFirst + onlySecond + bothWrong;
  const [right1, right2] = [bothRight + onlyFirst, bothRight + onlySecond];
  const [first, second] = [wilsonInterval(right1, total), wilsonInterval(right2, total)];
  const [share1, share2] = [right1 / total, right2 / total];
  const correlation = correlationOf(counts);
  const distance = (a: number, b: number): number => Math.sqrt(Math.max(0, a * a - 2 * correlation * a * b + b * b));
  const difference = (onlyFirst - onlySecond) / total;
  return {
    low: difference - distance(share1 - first.low, second.high - share2),
    high: difference + distance(first.high - share1, share2 - second.low),
  };
}

/** Of right and wrong, with Newcombe's correction where it is positive; 0 where one classifier was always the same. */
function correlationOf({ bothRight, onlyFirst, onlySecond, bothWrong }: PairedCounts): number {
  const total = bothRight + onlyFirst + onlySecond + bothWrong;
  const product =
    (bothRight + onlyFirst) * (onlySecond + bothWrong) * (bothRight + onlySecond) * (onlyFirst + bothWrong);
  if (product === 0) return 0;
  const excess = bothRight * bothWrong - onlyFirst * onlySecond;
  return (excess > 0 ? Math.max(excess - total / 2, 0) : excess) / Math.sqrt(product);
}

function checkCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) {
    if (Number.isSafeInteger(count) && count >= 0) continue;
    throw new CifraError('statistics-count', `${name} must be a whole number from 0, but is ${count}.`);
  }
}
