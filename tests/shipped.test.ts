import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { shippedGate, shippedModel, syntheticDigits, weightsSha256 } from '../src/index.js';
import { isObject } from '../src/runs/json.js';
import { decodeModel } from '../src/runs/modelFile.js';
import { shippedFile } from '../src/runs/shipped.node.js';

const card = readFileSync(new URL('../models/README.md', import.meta.url), 'utf8');
const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/);

describe('the model that comes with Cifra', () => {
  const file = shippedFile('digits');
  const { training, classNames } = decodeModel(readFileSync(file), file).metadata;
  const known = isObject(training) && isObject(training['shipped']) ? training['shipped'] : {};

  it('is small, and says how it was made', () => {
    expect(statSync(file).size).toBeLessThanOrEqual(1_000_000);
    expect(classNames).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(training).toMatchObject({
      recipe: { name: expect.any(String) },
      seed: expect.any(Number),
      dataset: { name: 'mnist', hash: sha256 },
      testAccuracy: expect.any(Number),
      shipped: {
        commit: expect.stringMatching(/^[0-9a-f]{40}$/),
        command: expect.stringMatching(/^cifra train --recipe \S+ .*--seed \d+/),
        engine: { version: expect.any(String), kernels: expect.any(String), numerics: expect.any(String) },
        singleSha256: sha256,
        halfSha256: sha256,
      },
    });
    // What is shipped can be made again anywhere, and is calibrated.
    if (known['draft'] !== true) {
      expect(training).toMatchObject({
        calibration: { type: 'temperature' },
        shipped: { engine: { numerics: 'strict' } },
      });
    }
  });

  it('has the card that belongs to it', async () => {
    await using model = await shippedModel({ threads: 1 });
    expect(await weightsSha256(model.getWeights())).toBe(known['halfSha256']);
    for (const key of ['singleSha256', 'halfSha256', 'commit', 'command']) expect(card).toContain(known[key]);
  });

  it('reads digits that were made by nobody', async () => {
    await using model = await shippedModel({ threads: 1 });
    const { images, labels } = syntheticDigits({ count: 200, seed: 5 });
    const found = await model.predictClass({ ...images, divisor: 255 });
    const right = found.filter((digit, i) => digit === labels[i]).length;
    expect(right).toBeGreaterThanOrEqual(190);
  });
});

describe('the gate that comes with Cifra', () => {
  it('takes made digits for digits', async () => {
    await using gate = await shippedGate({ threads: 1 });
    const { images } = syntheticDigits({ count: 200, seed: 6 });
    const found = await gate.predictClass({ ...images, divisor: 255 });
    expect(found.reduce((sum, isDigit) => sum + isDigit, 0)).toBeGreaterThanOrEqual(190);
    expect(statSync(shippedFile('gate')).size).toBeLessThan(200_000);
  });
});
