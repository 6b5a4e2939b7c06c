import type { Callback } from './callback.js';
import { Monitor, type MonitorOptions } from './monitor.js';

export interface EarlyStoppingOptions extends MonitorOptions {
  /** How many epochs without improvement to wait for. Default 0. */
  readonly patience?: number;
  /** Whether the model gets the weights of its best epoch back in the end. Default false. */
  readonly restoreBestWeights?: boolean;
}

/** Ends the training when a figure has stopped improving (Keras EarlyStopping). */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback {
  const { patience = 0, restoreBestWeights = false } = options;
  const monitor = new Monitor('earlyStopping', options);
  let waited = 0;
  let best: ReadonlyMap<string, Float32Array> | undefined;
  return {
    onEpochEnd(log, training) {
      if (monitor.improves(log)) {
        waited = 0;
        if (restoreBestWeights) best = training.model.getWeights();
      } else if (++waited > patience) {
        training.stop();
      }
    },
    onTrainEnd(_, { model }) {
      if (best) model.setWeights(best);
    },
  };
}
