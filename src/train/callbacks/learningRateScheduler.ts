import type { Callback } from './callback.js';

/**
 * Sets the learning rate at the start of each epoch (Keras LearningRateScheduler): `schedule` gets the epoch, from 1,
 * and the rate so far.
 */
export function learningRateScheduler(schedule: (epoch: number, learningRate: number) => number): Callback {
  return {
    onEpochBegin: (epoch, training) => training.setLearningRate(schedule(epoch, training.learningRate)),
  };
}
