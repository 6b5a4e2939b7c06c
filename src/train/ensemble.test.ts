import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../engine/reference/backend.js';
import { dense, flatten, sequential } from '../nn/index.js';
import { Ensemble } from './ensemble.js';
import { Model } from './model.js';

function model(seed: number, units = 3, activation: 'softmax' | 'linear' = 'softmax', size = 2): Model {
  const layers = [flatten({ inputShape: [size, size, 1] }), dense({ units, activation })];
  const made = new Model(sequential(layers), referenceBackend, { seed });
  if (activation === 'softmax') made.compile({ loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return made;
}

const x = { data: Float32Array.from({ length: 20 }, (_, i) => ((i * 7) % 11) / 5 - 1), shape: [5, 2, 2, 1] };
const labels = Uint8Array.of(0, 1, 2, 1, 0);

describe('Ensemble', () => {
  it('gives the mean of its members’ probabilities', async () => {
    await using ensemble = new Ensemble([1, 2, 3].map((seed) => model(seed)));
    const { data, shape } = await ensemble.predict(x);
    expect(shape).toEqual([5, 3]);
    const each = await Promise.all(ensemble.members.map((member) => member.predict(x)));
    data.forEach((value, i) => {
      expect(value).toBeCloseTo((each[0]!.data[i]! + each[1]!.data[i]! + each[2]!.data[i]!) / 3, 6);
    });
    const classes = await ensemble.predictClass(x);
    classes.forEach((best, row) => {
      expect(data[3 * row + best]).toBe(Math.max(...data.subarray(3 * row, 3 * row + 3)));
    });
  });

  it('is evaluated as a model is: by itself it is its member', async () => {
    await using ensemble = new Ensemble([model(4)]);
    const [together, alone] = [
      await ensemble.evaluate(x, labels, { withProbabilities: true, batchSize: 2 }),
      await ensemble.members[0]!.evaluate(x, labels, { withProbabilities: true }),
    ];
    expect(together).toMatchObject({ correct: alone.correct, count: 5, accuracy: alone.accuracy });
    expect(together.loss).toBeCloseTo(alone.loss, 5);
    expect(together.probabilities).toEqual(alone.probabilities);
    const rows = Float32Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0]);
    const oneHot = await ensemble.evaluate(x, { data: rows, shape: [5, 3] });
    expect(oneHot.loss).toBeCloseTo(together.loss, 12);
    await expect(ensemble.evaluate(x, Uint8Array.of(0, 1, 2, 1, 3))).rejects.toMatchObject({ code: 'target-label' });
  });

  it.each<[string, Model[], string]>([
    ['no models', [], 'it has no members'],
    ['other classes', [model(1), model(2, 4)], 'member 2 makes [4] of [2, 2, 1], and the first [3] of [2, 2, 1]'],
    ['other images', [model(1), model(2, 3, 'softmax', 3)], 'member 2 makes [3] of [3, 3, 1]'],
    ['no probabilities', [model(1), model(1, 3, 'linear')], 'member 2 gives no probabilities'],
  ])('refuses %s', (_, models, says) => {
    expect(() => new Ensemble(models)).toThrow(says);
  });
});
