import type { ModelBase } from '../modelBase.js';
import type { Callback, EpochLog } from './callback.js';
import { Monitor, type MonitorOptions } from './monitor.js';

export interface ModelCheckpointOptions extends MonitorOptions {
  /** Writes the model somewhere: `saveModel` to a file, for example. */
  readonly save: (model: ModelBase, log: EpochLog) => void | Promise<void>;
  /** Whether to save only epochs that are the best so far. Default true. */
  readonly saveBestOnly?: boolean;
}

/** Saves the model after each epoch, or after each that is the best so far (Keras ModelCheckpoint). */
export function modelCheckpoint(options: ModelCheckpointOptions): Callback {
  const { save, saveBestOnly = true } = options;
  const monitor = new Monitor('modelCheckpoint', options);
  return {
    async onEpochEnd(log, { model }) {
      if (!saveBestOnly || monitor.improves(log)) await save(model, log);
    },
  };
}
