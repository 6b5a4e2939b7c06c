import type { Callback } from './callback.js';
import type { EpochLog } from '../logs.js';

const columns = [
  'epoch',
  'loss',
  'accuracy',
  'valLoss',
  'valAccuracy',
  'learningRate',
  'imagesPerSecond',
  'seconds',
] as const satisfies readonly (keyof EpochLog)[];

/**
 * Gives `write` the lines of a CSV file: a header, then one line per epoch (Keras CSVLogger). A figure that the
 * training does not give is left empty.
 */
export function csvLogger(options: { readonly write: (line: string) => void | Promise<void> }): Callback {
  return {
    onTrainBegin: () => options.write(`${columns.join(',')}\n`),
    onEpochEnd: (log) => options.write(`${columns.map((column) => log[column] ?? '').join(',')}\n`),
  };
}
