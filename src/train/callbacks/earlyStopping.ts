import { boolean, byDefault, readOptions, wholeNumber } from '../../numeric/options.js';
import type { Callback } from './callback.js';
import { Monitor, monitorOptions, type MonitorOptions } from './monitor.js';

export interface EarlyStoppingOptions extends MonitorOptions {
  /** After how many epochs in a row without improvement the training ends; 0, the default, is as 1. */
  readonly patience?: number;
  /** Whether the model gets the weights of its best epoch back in the end. Default false. */
  readonly restoreBestWeights?: boolean;
}

/**
 * Ends the training when a figure has stopped improving (Keras EarlyStopping).
 * @throws CifraError `unknown-option`, `option-value`; in fit, `monitor` if the training does not give the figure
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback {
  const { patience, restoreBestWeights, ...monitored } = readOptions('earlyStopping', options, {
    ...monitorOptions,
    patience: byDefault(wholeNumber(0), 0),
    restoreBestWeights: byDefault(boolean, false),
  });
  let monitor = new Monitor('earlyStopping', monitored);
  let waited = 0;
  let best: ReadonlyMap<string, Float32Array> | undefined;
  return {
    // It may watch several trainings, one after the other.
    onTrainBegin() {
      monitor = new Monitor('earlyStopping', monitored);
      waited = 0;
      best = undefined;
    },
    onEpochEnd(log, training) {
      if (monitor.improves(log)) {
        waited = 0;
        if (restoreBestWeights) best = training.model.getWeights();
      } else if (++waited >= patience) {
        training.stop();
      }
    },
    onTrainEnd(_, { model }) {
      if (best) model.setWeights(best);
    },
  };
}
