import { describe, expect, it } from 'vitest';
import { tensor } from '../numeric/tensor.js';
import { differenceText, findings, valueText } from './findings.js';
import { moved } from './move.js';
import type { Study, TrainingResult } from './study.js';

const says = { helps: 'It helps', hurts: 'It hurts', 'no difference found': 'No difference found' };
const study: Study = {
  name: 's',
  title: 'S',
  question: '?',
  variants: [],
  readings: [],
  outcomes: [
    {
      name: 'test',
      label: 'test',
      unit: 'share',
      better: 'higher',
      says,
      of: ({ readings }) => readings['test']!.accuracy,
    },
    { name: 'steps', label: 'steps', unit: 'steps', better: 'lower', of: ({ steps }) => steps },
  ],
  contrasts: [{ name: 'c', label: '', variant: 'with', baseline: 'without' }],
  trainImages: 1,
  watchedImages: 1,
};

function result(variant: string, seed: number, accuracy: number, steps = 10): TrainingResult {
  const readings = { test: { accuracy, errors: 0, count: 1 } };
  return { variant, seed, steps, losses: [], epochs: [], readings, imagesPerSecond: 1, seconds: 1, weightsSha256: '' };
}

describe('findings', () => {
  it('are differences paired by seed, with the interval of Student’s t', () => {
    const results = [
      ...[result('with', 1, 0.9, 20), result('without', 1, 0.8, 30), result('without', 2, 0.82, 40)],
      ...[result('with', 2, 0.94, 28), result('with', 3, 0.95, 35), result('without', 3, 0.84, 45)],
    ];
    const { effects, answer } = findings(study, results);
    const [test, steps] = effects;
    expect(test).toMatchObject({ seeds: [1, 2, 3], verdict: 'helps' });
    expect(test!.estimate).toBeCloseTo(0.11, 12);
    // 4.3027 for 2 degrees of freedom, and a deviation of 0.01
    expect(test!.interval!.low).toBeCloseTo(0.11 - (4.3027 * 0.01) / Math.sqrt(3), 6);
    expect(steps).toMatchObject({ differences: [-10, -12, -10], verdict: 'helps' });
    expect(answer).toEqual([
      'It helps: 93.00% with it, 82.00% without, a difference of +11.00 points (95% interval +8.52 to +13.48; 3 seeds).',
    ]);
  });

  it('turn round with the variants', () => {
    const results = [1, 2, 3].flatMap((seed) => [
      result('with', seed, 0.8 + seed / 1000),
      result('without', seed, 0.9),
    ]);
    expect(findings(study, results).effects[0]).toMatchObject({ verdict: 'hurts' });
  });

  it('find no difference where the interval holds 0, nor from one seed, nor from none', () => {
    const two = [result('with', 1, 0.9), result('without', 1, 0.8), result('with', 2, 0.8), result('without', 2, 0.9)];
    expect(findings(study, two).answer[0]).toMatch(/^No difference found: /);
    const one = findings(study, two.slice(0, 2));
    expect(one.effects[0]).toMatchObject({ verdict: 'no difference found' });
    expect(one.effects[0]!.interval).toBeUndefined();
    expect(findings(study, [result('with', 1, 0.9), result('without', 2, 0.9)])).toEqual({ effects: [], answer: [] });
  });

  it('are written with their sign and unit', () => {
    expect([differenceText(0.0123, 'share'), differenceText(-3, 'steps'), differenceText(0, 'seconds')]).toEqual([
      ...['+1.23', '-3.0', '+0.0'],
    ]);
    expect([valueText(0.5, 'share'), valueText(12, 'steps'), valueText(3.25, 'seconds')]).toEqual([
      '50.00%',
      '12',
      '3.3',
    ]);
  });
});

describe('moved images', () => {
  const data = new Uint8Array(2 * 784);
  data.set([200], 14 * 28 + 14);
  data.set([200], 784 + 14 * 28 + 14);
  const images = { images: tensor(data, [2, 28, 28, 1]), labels: Uint8Array.of(3, 4) };

  it('are the same every time, and by whole pixels keep their ink', () => {
    const options = { widthShiftRange: 4, heightShiftRange: 4 };
    const { images: once, labels } = moved(images, options);
    expect(moved(images, options).images.data).toEqual(once.data);
    expect(labels).toBe(images.labels);
    for (const image of [0, 1]) {
      const pixels = once.data.subarray(784 * image, 784 * (image + 1));
      const at = pixels.indexOf(200);
      expect(pixels.reduce((sum, value) => sum + value, 0)).toBe(200);
      expect(Math.abs(Math.floor(at / 28) - 14)).toBeLessThanOrEqual(3);
      expect(Math.abs((at % 28) - 14)).toBeLessThanOrEqual(3);
    }
  });

  it('are the images themselves where nothing moves', () => {
    expect(moved(images, {}).images.data).toEqual(data);
  });
});
