import { describe, expect, it } from 'vitest';
import { trainOptions } from '../../../src/cli/options.js';
import { commandOf } from './command.js';
import type { TrainingPlan } from './trainerApi.js';

const plan: TrainingPlan = { recipe: 'fast', seed: 1, dataset: 'synthetic', augmentation: true, numerics: 'strict' };

describe('the command that trains the same in Node', () => {
  it('says what was changed, and nothing else', () => {
    expect(commandOf(plan)).toBe('cifra train --recipe fast --dataset synthetic --seed 1');
    expect(commandOf({ ...plan, limit: 5000, epochs: 5, learningRate: 0.001, numerics: 'relaxed' })).toBe(
      'cifra train --recipe fast --dataset synthetic --limit 5000 --epochs 5 --learning-rate 0.001 --seed 1 --numerics relaxed',
    );
  });

  it('has the options of the command line', () => {
    const command = commandOf({ ...plan, limit: 5000, epochs: 5, learningRate: 0.001, numerics: 'relaxed' })!;
    for (const [, name] of command.matchAll(/--(\S+)/g)) expect(trainOptions).toHaveProperty([name!]);
  });

  it('is none where augmentation is left out, for which the command line has no option', () => {
    expect(commandOf({ ...plan, recipe: 'best', augmentation: false })).toBeUndefined();
    expect(commandOf({ ...plan, augmentation: false })).toBeDefined();
  });
});
