import type { LabelledImages } from '../data/dataset.js';
import { log } from '../numeric/exactMath.js';
import type { TestResult } from '../train/testModel.js';
import type { ClassData, ReadImage, TestData } from './data.js';
import { inkSprite } from './sprite.js';

/** Of the rightly read images of each class, so many can be looked at: those of the largest loss. */
const RIGHT_ONES = 12;
/** Of the misread ones, if there are more, too: the report stays small whatever the model. */
const MOST_ERRORS = 1200;
/** Probabilities below this, of what is 0 in 32 bits, give no larger loss. */
const LEAST_PROBABILITY = 1e-12;
/** Points of a curve that can be told apart in a picture. */
const CURVE_POINTS = 400;
/** Significant digits of what is shown of single images. */
const DIGITS = 6;

/**
 * What the report shows of a test, with the images that can be looked at.
 * @param also further images wanted, by index
 */
export async function testData(
  result: TestResult,
  { images, labels }: LabelledImages,
  classNames: readonly string[],
  also: readonly number[] = [],
): Promise<TestData> {
  const { count, accuracy, errors, interval, loss, confusion, calibration, coverage } = result;
  const all = readImages(result, labels);
  const byLoss = [...all].sort((a, b) => b.loss - a.loss || a.index - b.index);
  const wanted = new Set(also);
  for (const { index } of byLoss.filter(({ label, predicted }) => label !== predicted).slice(0, MOST_ERRORS)) {
    wanted.add(index);
  }
  classNames.forEach((_, label) => {
    const right = byLoss.filter((image) => image.label === label && image.predicted === label);
    for (const { index } of right.slice(0, RIGHT_ONES)) wanted.add(index);
  });
  const shown = byLoss.filter(({ index }) => wanted.has(index));
  const [, height, width] = images.shape as [number, number, number];
  const area = height * width;
  const pixels = new Uint8Array(shown.length * area);
  shown.forEach(({ index }, i) => pixels.set(images.data.subarray(index * area, (index + 1) * area), i * area));
  return {
    ...{ count, accuracy, errors, interval, loss, confusion, calibration, coverage: thinned(coverage) },
    classes: classesOf(confusion, classNames),
    images: shown,
    sprite: await inkSprite({ pixels, width, height }),
  };
}

function readImages({ probabilities: { data, shape } }: TestResult, labels: ArrayLike<number>): ReadImage[] {
  const [count, classes] = shape as [number, number];
  return Array.from({ length: count }, (_, index) => {
    const row = data.subarray(index * classes, (index + 1) * classes);
    const top = Array.from(row, (probability, label) => ({ label, probability }))
      .sort((a, b) => b.probability - a.probability || a.label - b.label)
      .slice(0, 3)
      .map((answer) => ({ ...answer, probability: rounded(answer.probability) }));
    const label = labels[index]!;
    const loss = rounded(-log(Math.max(row[label]!, LEAST_PROBABILITY)));
    return { index, label, predicted: top[0]!.label, loss, top };
  });
}

function classesOf(confusion: TestResult['confusion'], names: readonly string[]): ClassData[] {
  return names.map((name, label) => {
    const row = confusion[label] ?? [];
    const right = row[label] ?? 0;
    const count = row.reduce((sum, value) => sum + value, 0);
    const taken = confusion.reduce((sum, other) => sum + (other[label] ?? 0), 0);
    return {
      name,
      count,
      ...(taken > 0 && { precision: right / taken }),
      recall: count > 0 ? right / count : 0,
    };
  });
}

/** Evenly picked points, the first and the last among them. */
function thinned<T>(curve: readonly T[]): readonly T[] {
  if (curve.length <= CURVE_POINTS) return curve;
  const step = (curve.length - 1) / (CURVE_POINTS - 1);
  return Array.from({ length: CURVE_POINTS }, (_, i) => curve[Math.round(i * step)]!);
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
