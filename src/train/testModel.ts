import type { LabelledImages } from '../data/dataset.js';
import {
  answersOf,
  calibrationError,
  type CalibrationError,
  coverageCurve,
  type CoveragePoint,
} from '../numeric/calibration.js';
import { type Interval, wilsonInterval } from '../numeric/statistics.js';
import type { Tensor } from '../numeric/tensor.js';
import type { Classifier } from './ensemble.js';
import type { Recipe } from './recipe.js';
import { inputsOf } from './runRecipe.js';

/** How a model reads labelled images. */
export interface TestResult {
  readonly count: number;
  /** From 0 to 1. */
  readonly accuracy: number;
  readonly errors: number;
  /** The 95% confidence interval of the accuracy (Wilson). */
  readonly interval: Interval;
  readonly loss: number;
  /** confusion[label][class it was taken for]: how many images. */
  readonly confusion: readonly (readonly number[])[];
  readonly calibration: CalibrationError;
  readonly coverage: readonly CoveragePoint[];
  /** [count, classes], what all of the above was computed from. */
  readonly probabilities: Tensor<Float32Array>;
}

/** Reads labelled images with a model, and says how well. */
export async function testModel(
  model: Classifier,
  images: LabelledImages,
  recipe: Pick<Recipe, 'loss'>,
): Promise<TestResult> {
  const [x, y] = inputsOf(images, recipe);
  const { loss, probabilities } = await model.evaluate(x, y, { withProbabilities: true });
  const { data, shape } = probabilities!;
  const answers = answersOf(probabilities!, images.labels);
  const classes = shape[1]!;
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  images.labels.forEach((label, i) => confusion[label]![largest(data.subarray(i * classes, (i + 1) * classes))]!++);
  const count = images.labels.length;
  const right = confusion.reduce((sum, row, label) => sum + row[label]!, 0);
  return {
    count,
    accuracy: right / count,
    errors: count - right,
    interval: wilsonInterval(right, count),
    loss,
    confusion,
    calibration: calibrationError(answers),
    coverage: coverageCurve(answers),
    probabilities: probabilities!,
  };
}

function largest(values: Float32Array): number {
  return values.indexOf(Math.max(...values));
}
