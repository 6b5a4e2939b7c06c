import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answersOf,
  calibrationError,
  coverageCurve,
  fitTemperature,
  negativeLogLikelihood,
  pointAt,
} from './calibration.js';
import { Random } from './philox.js';
import { type Tensor, tensor } from './tensor.js';

const rows = (...values: number[][]): Tensor<Float32Array> =>
  tensor(Float32Array.from(values.flat()), [values.length, values[0]!.length]);

describe('calibrationError', () => {
  it('is the weighed mean difference of confidence and accuracy', () => {
    // Bins of a tenth: three answers of 0.9 (it belongs to the bin below it), two right; one of 0.55, wrong.
    const { ece, bins } = calibrationError({ confidences: [0.9, 0.9, 0.9, 0.55], right: [1, 1, 0, 0] }, 10);
    expect(ece).toBeCloseTo((3 * (0.9 - 2 / 3) + 0.55) / 4, 12);
    expect(bins).toHaveLength(10);
    expect(bins[8]).toEqual({ low: 0.8, high: 0.9, count: 3, confidence: expect.closeTo(0.9), accuracy: 2 / 3 });
    expect(bins[5]).toMatchObject({ count: 1, accuracy: 0 });
    expect(bins[9]).toEqual({ low: 0.9, high: 1, count: 0, confidence: 0, accuracy: 0 });
  });

  it('has 15 bins, the ends of 0 to 1 among them, and is 0 where confidence keeps its word', () => {
    const { ece, bins } = calibrationError({ confidences: [0, 1, 0.5, 0.5], right: [0, 1, 1, 0] });
    expect(ece).toBe(0);
    expect(bins.map(({ count }) => count)).toEqual([1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1]);
  });

  it('refuses what it cannot measure', () => {
    expect(() => calibrationError({ confidences: [], right: [] })).toThrow('there are no answers');
    expect(() => calibrationError({ confidences: [1], right: [1] }, 0)).toThrow('the number of bins is 0');
  });
});

describe('answersOf', () => {
  it('takes the class with the largest probability', () => {
    const { confidences, right } = answersOf(rows([0.25, 0.75], [0.5, 0.5], [0.125, 0.875]), [1, 0, 0]);
    expect([...(confidences as Float64Array)]).toEqual([0.75, 0.5, 0.875]);
    expect([...(right as Uint8Array)]).toEqual([1, 1, 0]);
  });

  it('names what does not fit', () => {
    const code = 'calibration-data';
    expect(() => answersOf(rows([0.5, 0.5]), [])).toThrow(expect.objectContaining({ code }));
    expect(() => answersOf(rows([0.5, 0.5]), [2])).toThrow('label 2 at index 0 is none of the 2 classes');
    expect(() => answersOf(tensor(new Float32Array(2), [2]), [0, 0])).toThrow('rows of shape [2]');
  });
});

describe('coverageCurve', () => {
  const answers = { confidences: [0.9, 0.6, 0.8, 0.6, 1], right: [1, 0, 0, 1, 1] };

  it('withholds the least certain answers first, equal ones together', () => {
    expect(coverageCurve(answers)).toEqual([
      { confidence: 1, share: 0.2, accuracy: 1 },
      { confidence: 0.9, share: 0.4, accuracy: 1 },
      { confidence: 0.8, share: 0.6, accuracy: 2 / 3 },
      { confidence: 0.6, share: 1, accuracy: 0.6 },
    ]);
  });

  it('is read at a share', () => {
    const curve = coverageCurve(answers);
    expect(pointAt(curve, 0.5).confidence).toBe(0.8);
    expect(pointAt(curve, 0.6).confidence).toBe(0.8);
    expect(pointAt(curve, 0.61).share).toBe(1);
    expect(pointAt(curve, 1).accuracy).toBe(0.6);
  });
});

describe('fitTemperature', () => {
  it('finds the optimum that is known for two classes', () => {
    // A margin of 2, right in 3 of 4: p must be 3/4, so 2 / T = log 3.
    const logits = rows([2, 0], [2, 0], [2, 0], [2, 0]);
    const temperature = fitTemperature(logits, [0, 0, 1, 0]);
    expect(temperature).toBeCloseTo(2 / Math.log(3), 12);
    const loss = -(3 * Math.log(3 / 4) + Math.log(1 / 4)) / 4;
    expect(negativeLogLikelihood(logits, [0, 0, 1, 0], temperature)).toBeCloseTo(loss, 12);
  });

  it('gives back the temperature by which labels were drawn', () => {
    const random = new Random(1, 2, 3);
    const truth = 2.5;
    const [count, classes] = [20_000, 4];
    const logits = Float32Array.from({ length: count * classes }, () => 8 * random.uniform());
    const labels = Array.from({ length: count }, (_, i) => {
      const weights = [...logits.subarray(i * classes, (i + 1) * classes)].map((z) => Math.exp(z / truth));
      let left = random.uniform() * weights.reduce((a, b) => a + b, 0);
      return Math.max(
        0,
        weights.findIndex((weight) => (left -= weight) < 0),
      );
    });
    expect(fitTemperature({ data: logits, shape: [count, classes] }, labels)).toBeCloseTo(truth, 0.9);
  });

  it('is never worse than other temperatures, and turns with the logits', () => {
    const example = fc.tuple(
      fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 3, maxLength: 3 }),
      fc.nat(2),
    );
    fc.assert(
      fc.property(
        fc.array(example, { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (examples, other) => {
          const logits = rows(...examples.map(([row]) => row));
          const labels = examples.map(([, label]) => label);
          const best = fitTemperature(logits, labels);
          expect(best).toBeGreaterThanOrEqual(0.1);
          expect(best).toBeLessThanOrEqual(10);
          const loss = (temperature: number): number => negativeLogLikelihood(logits, labels, temperature);
          expect(loss(best)).toBeLessThanOrEqual(loss(other) + 1e-9);
        },
      ),
    );
  });

  it('stays within its range where the loss has no minimum', () => {
    expect(fitTemperature(rows([3, 0], [0, 2]), [0, 1])).toBe(0.1);
    expect(fitTemperature(rows([3, 0], [0, 2]), [1, 0])).toBe(10);
  });
});
