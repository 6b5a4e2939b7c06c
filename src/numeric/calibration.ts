import { CifraError } from './errors.js';
import { exp, log } from './exactMath.js';
import { formatShape, type Tensor } from './tensor.js';

/** How much probabilities are worth: do images that are read with a confidence of 90% come out right 90 times in 100? */

/** What a classifier answered to some images: the class with the largest probability. */
export interface Answers {
  /** That probability, image by image. */
  readonly confidences: ArrayLike<number>;
  /** Whether the class is the right one: 1 or 0. */
  readonly right: ArrayLike<number>;
}

/** Answers of similar confidence: a bar of the reliability diagram. */
export interface ReliabilityBin {
  /** Confidences in it are above `low`, up to `high`. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** Mean confidence, and share that is right; 0 where there are no answers. */
  readonly confidence: number;
  readonly accuracy: number;
}

export interface CalibrationError {
  /** The mean difference of confidence and accuracy over the bins, weighed by their answers, from 0 to 1. */
  readonly ece: number;
  readonly bins: readonly ReliabilityBin[];
}

/** What comes of answering only where the confidence is at least `confidence`. */
export interface CoveragePoint {
  readonly confidence: number;
  /** The share of the images that is answered, above 0, up to 1. */
  readonly share: number;
  /** Of those. */
  readonly accuracy: number;
}

/**
 * The answers in a classifier's probabilities [N, classes].
 * @throws CifraError `calibration-data` if there is not one label for each row
 */
export function answersOf(probabilities: Tensor<Float32Array>, labels: ArrayLike<number>): Answers {
  const { count, classes } = sizesOf(probabilities, labels);
  const confidences = new Float64Array(count);
  const right = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const row = probabilities.data.subarray(i * classes, (i + 1) * classes);
    let best = 0;
    for (let c = 1; c < classes; c++) if (row[c]! > row[best]!) best = c;
    confidences[i] = row[best]!;
    right[i] = best === labels[i] ? 1 : 0;
  }
  return { confidences, right };
}

/**
 * The expected calibration error of answers, by bins of equal width (Guo et al., "On Calibration of Modern Neural
 * Networks", 2017, https://arxiv.org/abs/1706.04599).
 * @throws CifraError `calibration-data` without answers, or for a number of bins that is no whole number from 1 to 1000
 */
export function calibrationError({ confidences, right }: Answers, bins = 15): CalibrationError {
  const count = confidences.length;
  if (count === 0) throw dataError('there are no answers', 'Give at least one.');
  if (!(Number.isInteger(bins) && bins >= 1 && bins <= 1000)) {
    throw dataError(`the number of bins is ${bins}`, 'Give a whole number from 1 to 1000.');
  }
  const counts = new Array<number>(bins).fill(0);
  const confidenceSums = new Array<number>(bins).fill(0);
  const rightSums = new Array<number>(bins).fill(0);
  for (let i = 0; i < count; i++) {
    // The bins contain their upper ends.
    const bin = Math.min(bins, Math.max(1, Math.ceil(confidences[i]! * bins))) - 1;
    counts[bin]!++;
    confidenceSums[bin]! += confidences[i]!;
    rightSums[bin]! += right[i]!;
  }
  const gap = counts.reduce((sum, _, i) => sum + Math.abs(confidenceSums[i]! - rightSums[i]!), 0);
  return {
    ece: gap / count,
    bins: counts.map((n, i) => ({
      low: i / bins,
      high: (i + 1) / bins,
      count: n,
      confidence: n === 0 ? 0 : confidenceSums[i]! / n,
      accuracy: n === 0 ? 0 : rightSums[i]! / n,
    })),
  };
}

/**
 * Accuracy against the share answered, where the least certain answers are withheld first (a risk-coverage curve): a
 * point for every confidence there is, from the largest on. Answers of equal confidence are given or withheld together.
 * @throws CifraError `calibration-data` without answers
 */
export function coverageCurve({ confidences, right }: Answers): CoveragePoint[] {
  const count = confidences.length;
  if (count === 0) throw dataError('there are no answers', 'Give at least one.');
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => confidences[b]! - confidences[a]!);
  const points: CoveragePoint[] = [];
  let sum = 0;
  order.forEach((index, i) => {
    sum += right[index]!;
    const confidence = confidences[index]!;
    const isLast = i + 1 === count || confidences[order[i + 1]!]! < confidence;
    if (isLast) points.push({ confidence, share: (i + 1) / count, accuracy: sum / (i + 1) });
  });
  return points;
}

/** The point of a curve at which at least this share, from 0 to 1, is answered. */
export function pointAt(curve: readonly CoveragePoint[], share: number): CoveragePoint {
  return curve.find((point) => point.share >= share) ?? curve.at(-1)!;
}

/**
 * The mean negative log-likelihood of the labels by logits [N, classes] divided by a temperature.
 * @throws CifraError `calibration-data`
 */
export function negativeLogLikelihood(
  logits: Tensor<Float32Array>,
  labels: ArrayLike<number>,
  temperature = 1,
): number {
  const rows = shiftedRows(logits, labels);
  let sum = 0;
  for (const { row, label } of rows) {
    let total = 0;
    for (const z of row) total += exp(z / temperature);
    sum += log(total) - row[label]! / temperature;
  }
  return sum / rows.length;
}

/** Between these the temperature is sought. */
const TEMPERATURES = { from: 0.1, to: 10 } as const;
const HALVINGS = 50;

/**
 * The temperature by which logits [N, classes] must be divided for the labels to be most likely (Guo et al., 2017), from
 * 0.1 to 10; that is the least where all rows are right, so that none is too small. In 1 / temperature the loss is convex:
 * its slope is followed to zero by halving. Equal logits give equal bits everywhere.
 * @throws CifraError `calibration-data`
 */
export function fitTemperature(logits: Tensor<Float32Array>, labels: ArrayLike<number>): number {
  const rows = shiftedRows(logits, labels);
  /** Of the sum of losses: what the rows expect of their logits, less what the right ones are. */
  const slope = (inverse: number): number => {
    let sum = 0;
    for (const { row, label } of rows) {
      let total = 0;
      let weighted = 0;
      for (const z of row) {
        const e = exp(z * inverse);
        total += e;
        weighted += e * z;
      }
      sum += weighted / total - row[label]!;
    }
    return sum;
  };
  let low = 1 / TEMPERATURES.to;
  let high = 1 / TEMPERATURES.from;
  if (slope(high) <= 0) return TEMPERATURES.from;
  if (slope(low) >= 0) return TEMPERATURES.to;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (slope(middle) < 0) low = middle;
    else high = middle;
  }
  return 2 / (low + high);
}

interface Row {
  /** Logits, less their largest, so that no exponential overflows. */
  readonly row: Float64Array;
  readonly label: number;
}

function shiftedRows(logits: Tensor<Float32Array>, labels: ArrayLike<number>): Row[] {
  const { count, classes } = sizesOf(logits, labels);
  return Array.from({ length: count }, (_, i) => {
    const row = Float64Array.from(logits.data.subarray(i * classes, (i + 1) * classes));
    const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
    return { row: row.map((z) => z - most), label: labels[i]! };
  });
}

function sizesOf({ data, shape }: Tensor<Float32Array>, labels: ArrayLike<number>) {
  const [count = 0, classes = 0] = shape;
  if (shape.length !== 2 || data.length !== count * classes || count === 0 || classes < 2) {
    throw dataError(`there are rows of shape ${formatShape(shape)}`, 'Give [count, classes], with at least one row.');
  }
  if (labels.length !== count) {
    throw dataError(`there are ${count} rows and ${labels.length} labels`, 'Give a label for each row.');
  }
  for (let i = 0; i < count; i++) {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw dataError(`label ${label} at index ${i} is none of the ${classes} classes`, 'Give class numbers from 0.');
    }
  }
  return { count, classes };
}

function dataError(problem: string, remedy: string): CifraError {
  return new CifraError('calibration-data', `Calibration cannot be measured: ${problem}.`, remedy);
}
