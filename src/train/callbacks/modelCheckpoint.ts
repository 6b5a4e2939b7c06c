import { boolean, byDefault, type Kind, readOptions, required } from '../../numeric/options.js';
import type { ModelBase } from '../modelBase.js';
import type { Callback } from './callback.js';
import type { EpochLog } from '../logs.js';
import { Monitor, monitorOptions, type MonitorOptions } from './monitor.js';

export interface ModelCheckpointOptions extends MonitorOptions {
  /** Writes the model somewhere: `saveModel` to a file, for example. */
  save(model: ModelBase, log: EpochLog): void | Promise<void>;
  /** Whether to save only epochs that are the best so far. Default true. */
  readonly saveBestOnly?: boolean;
}

const saver: Kind<ModelCheckpointOptions['save']> = {
  allowed: 'a function of the model and the epoch',
  read: (value) => (typeof value === 'function' ? (value as ModelCheckpointOptions['save']) : undefined),
};

/**
 * Saves the model after each epoch, or after each that is the best so far (Keras ModelCheckpoint).
 * @throws CifraError `unknown-option`, `missing-option`, `option-value`; in fit, `monitor` if the training does not give
 *   the figure
 */
export function modelCheckpoint(options: ModelCheckpointOptions): Callback {
  const { save, saveBestOnly, ...monitored } = readOptions('modelCheckpoint', options, {
    ...monitorOptions,
    save: required(saver),
    saveBestOnly: byDefault(boolean, true),
  });
  const monitor = new Monitor('modelCheckpoint', monitored);
  return {
    async onEpochEnd(log, { model }) {
      if (!saveBestOnly || monitor.improves(log)) await save(model, log);
    },
  };
}
