import type { BrowserMachine } from '../../../src/recording/record.js';
import { pageMemoryStorage } from '../storage/memoryStorage.js';
import type { PageStorage } from '../storage/pageStorage.js';
import { PageRuns } from '../storage/runs.js';
import type { Argument, Result } from '../channel/messages.js';
import { Moved } from '../channel/serve.js';
import { Trainer } from './trainer.js';
import type { TrainerApi, TrainerEvents, TrainingPlan } from './trainerApi.js';
import { TrainerData } from './trainerData.js';

/** What tests of the trainer share: a trainer in Node, and what it tells. */

export const machine: BrowserMachine = {
  formatVersion: 2,
  browser: 'A browser',
  hardware: { cores: 2, platform: 'any' },
};

export const plan: TrainingPlan = {
  ...{ recipe: 'fast', seed: 3, dataset: 'synthetic', limit: 300, epochs: 2 },
  ...{ augmentation: true, numerics: 'strict' },
};

type Told = { readonly [K in keyof TrainerEvents]: TrainerEvents[K][] };

export function testTrainer(storage: PageStorage = pageMemoryStorage()) {
  const told: Told = { state: [], pace: [], losses: [], epochs: [], weights: [], mistakes: [], warning: [] };
  const emit = <K extends keyof TrainerEvents>(event: K, data: TrainerEvents[K]): void => {
    told[event].push(data);
  };
  const data = new TrainerData(undefined, {
    loading: (what, done, total) => emit('state', { name: 'loading', what, done, total }),
    warn: ({ code, message }) => emit('warning', { code, message }),
  });
  const runs = new PageRuns(storage);
  const { handlers } = new Trainer({ emit, home: Promise.resolve({ runs, data }), machine, threads: 1 });
  /** Asks as a page does: what moves is received. */
  const call = async <M extends keyof TrainerApi>(
    method: M,
    ...[argument]: Argument<TrainerApi, M> extends undefined ? [] : [Argument<TrainerApi, M>]
  ): Promise<Result<TrainerApi, M>> => {
    const answer = await (handlers[method] as (argument: unknown) => unknown)(argument);
    return (answer instanceof Moved ? answer.result : answer) as Result<TrainerApi, M>;
  };
  return { call, told, runs };
}
