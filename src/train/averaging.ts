import type { Executable } from '../engine/backend.js';
import {
  type Network,
  type Optimizer,
  slotName,
  statisticsNames,
  statisticsOutput,
  type StatisticsProgramOptions,
} from '../nn/index.js';
import { sizeOf } from '../numeric/tensor.js';

/** Batches that batch normalization's statistics are computed from. */
export interface StatisticsBatches {
  readonly program: StatisticsProgramOptions;
  readonly count: number;
  /** Fills the program's inputs with batch number `batch`, from 0, and returns its rows. */
  fill(executable: Executable, batch: number): number;
}

/**
 * The weights of the network with the optimizer's averages in place of the trainable ones; moving statistics are as they
 * are.
 * @param steps optimizer steps made, >= 1
 * @param stateOf a copy of a state's value
 */
export function averagedWeights(
  network: Network,
  { slots, average }: Optimizer,
  steps: number,
  stateOf: (name: string) => Float32Array,
): Map<string, Float32Array> {
  return new Map(
    network.weights.map(({ name, trainable }) => [
      name,
      average && trainable ? average.value(stateOf(slotName(slots.at(-1)!, name)), steps) : stateOf(name),
    ]),
  );
}

/**
 * What batch normalization's moving statistics are when they are means over the batches, each of which counts as its
 * number of rows. The sums are in float64 and in the order of the batches.
 * @param executable runs `statisticsProgram`
 * @param beforeRun is called before each batch runs
 */
export async function meanStatistics(
  network: Network,
  executable: Executable,
  { count, fill }: Omit<StatisticsBatches, 'program'>,
  beforeRun: (batch: number) => void,
): Promise<Map<string, Float32Array>> {
  const names = new Set(statisticsNames(network));
  const moving = network.weights.filter(({ name }) => names.has(name));
  const sums = new Map(moving.map(({ name, shape }) => [name, new Float64Array(sizeOf(shape))]));
  let total = 0;
  for (let batch = 0; batch < count; batch++) {
    const rows = fill(executable, batch);
    beforeRun(batch);
    await executable.run(rows);
    total += rows;
    for (const [name, sum] of sums) {
      const values = executable.readOutput(statisticsOutput(name));
      for (let i = 0; i < sum.length; i++) sum[i]! += values[i]! * rows;
    }
  }
  return new Map([...sums].map(([name, sum]) => [name, Float32Array.from(sum, (value) => value / total)]));
}
