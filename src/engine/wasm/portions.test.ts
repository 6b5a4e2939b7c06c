import { describe, expect, it } from 'vitest';
import {
  accuracy,
  adam,
  categoricalCrossentropy,
  Network,
  predictionProgram,
  trainingProgram,
} from '../../nn/index.js';
import { seed } from '../../train/recipes/seed.js';
import { planProgram } from './plan.js';
import { busiestShare, portionOf, sharesOf } from './portions.js';

const network = Network.fromConfig(seed.network);
const options = {
  capacity: 128,
  images: { dtype: 'u8', divisor: 255 },
  loss: categoricalCrossentropy(),
  metrics: [accuracy()],
  optimizer: adam(),
} as const;
const programs = { training: trainingProgram(network, options), inference: predictionProgram(network, options) };

describe('portions', () => {
  it.each([1, 2, 3, 4, 8, 64])('of %i threads cover every stage in whole grains', (threads) => {
    for (const rows of [128, 96, 1]) {
      for (const stage of planProgram(programs.training, threads).stages) {
        const { count, grain } = sharesOf(stage, rows);
        const portion = portionOf(count, grain, threads);
        expect(count).toBeGreaterThan(0);
        expect(portion % grain).toBe(0);
        expect(portion).toBeGreaterThan(0);
      }
    }
  });

  it('are of whole groups where images must be added up in order', () => {
    const { stages } = planProgram(programs.training, 2);
    const gradients = stages.filter(({ calls }) => calls.some(({ kernel }) => kernel === 'winogradGradient'));
    expect(gradients).toHaveLength(3);
    for (const stage of gradients) expect(sharesOf(stage, 128).grain).toBe(8);
  });
});

describe('the busiest of so many equally fast threads', () => {
  it.each(['training', 'inference'] as const)('has little more than its share in %s of the seed network', (name) => {
    expect(busiestShare(planProgram(programs[name], 1), 128, 1)).toBe(1);
    const speedup = (threads: number) => 1 / busiestShare(planProgram(programs[name], threads), 128, threads);
    expect(speedup(2)).toBeGreaterThan(1.99);
    expect(speedup(4)).toBeGreaterThan(3.95);
    expect(speedup(8)).toBeGreaterThan(7.9);
    // 16 groups of 8 images do not come out even.
    expect(speedup(3)).toBeGreaterThan(2.6);
  });
});
