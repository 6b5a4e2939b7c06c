import { describe, expect, it } from 'vitest';
import { memoryRuns } from '../../../src/runs/memoryRuns.js';
import type { TrainerEvents, TrainingPlan } from './trainerApi.js';
import { Trainer } from './trainer.js';

const machine = { formatVersion: 2, browser: 'A browser', hardware: { cores: 2, platform: 'any' } } as const;
const plan: TrainingPlan = {
  ...{ recipe: 'fast', seed: 3, dataset: 'synthetic', limit: 700, epochs: 2 },
  ...{ augmentation: true, numerics: 'strict' },
};

describe('the trainer', () => {
  it('trains', async () => {
    const events: { [K in keyof TrainerEvents]?: TrainerEvents[K][] } = {};
    const emit = (event: string, data: unknown) => {
      ((events as Record<string, unknown[]>)[event] ??= []).push(data);
    };
    const { handlers } = new Trainer({ emit, store: memoryRuns(), machine, threads: 1 });
    await handlers.begin(plan);
    await handlers.step(undefined);
    await handlers.step(undefined);
    await handlers.epoch(undefined);
    await handlers.epoch(undefined);
    expect(events.state!.at(-1)!.name).toBe('done');
  });
});
