import type { ProgramBuilder } from '../engine/program/builder.js';
import type { TensorSpec } from '../engine/program/types.js';
import { type Configured, family, type Like } from './config.js';
import { byDefault, listOf, readOption, readOptions } from '../numeric/options.js';

/** What is told of a training besides the loss. https://keras.io/api/metrics/ */
export interface Metric extends Configured {
  /** The program's output that holds it, [1]: a sum over the rows of the batch. Divide by their number. */
  readonly output: string;
  /** Adds the op. Takes scores and targets, both [N, classes]. */
  sum(builder: ProgramBuilder, scores: TensorSpec, targets: TensorSpec): TensorSpec;
}

/** The share of rows whose largest score is where the largest target is. Output `correct`: the number of these rows. */
export function accuracy(options: Readonly<Record<never, never>> = {}): Metric {
  readOptions('Metric accuracy', options, {});
  return {
    config: { type: 'accuracy' },
    output: 'correct',
    sum: (builder, scores, targets) => builder.emit('correctPredictions', [scores, targets], {})[0]!,
  };
}

const metrics = { accuracy };

export type MetricLike = Like<Metric, keyof typeof metrics>;
const metricKind = family<Metric>(metrics, 'sum');

/** The metrics that `given` stands for, none if it is undefined. @throws CifraError `option-value` */
export function metricsFrom(given: unknown, place = 'compile'): readonly Metric[] {
  return readOption(place, 'metrics', byDefault(listOf(metricKind, `metrics, such as ['accuracy']`), []), given);
}
