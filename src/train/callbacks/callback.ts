import type { TrainingCheckpoint } from '../checkpoint.js';
import type { BatchLog, EpochLog } from '../logs.js';
import type { ModelBase } from '../modelBase.js';

/** What a callback can do to the training it watches. */
export interface Training {
  readonly model: ModelBase;
  readonly epochs: number;
  /** Ends the training after this epoch. */
  stop(): void;
  /** Used from the next step on instead of the optimizer's schedule. */
  setLearningRate(learningRate: number): void;
  readonly learningRate: number;
  /** Leaves so many seconds out of the epoch's times: in which a callback made the training stand still. */
  leaveOut(seconds: number): void;
  /** Where the training stands now: to be saved, and given to `fit` or `runRecipe` as `resume` later. */
  checkpoint(): TrainingCheckpoint;
}

/** Called as training goes on; each may be asynchronous, and training waits for it. */
export interface Callback {
  onTrainBegin?(training: Training): void | Promise<void>;
  /** `epoch` from 1. */
  onEpochBegin?(epoch: number, training: Training): void | Promise<void>;
  onBatchEnd?(log: BatchLog, training: Training): void | Promise<void>;
  /** Where weights are averaged (`useEma`) and there is validation, the model has the averages here. */
  onEpochEnd?(log: EpochLog, training: Training): void | Promise<void>;
  onTrainEnd?(history: readonly EpochLog[], training: Training): void | Promise<void>;
}
