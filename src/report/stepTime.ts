import type { InspectedModel } from '../inspect/index.js';
import { lossFrom, metricsFrom, optimizerFrom, trainingProgram } from '../nn/index.js';
import { median } from '../numeric/statistics.js';
import type { Recipe } from '../train/recipe.js';
import type { StepTime } from './data.js';

/** One after the other, each of so many steps: the median of them counts. */
const WINDOWS = 3;
const STEPS = 2;

/**
 * Where the time of a step of the recipe's first phase goes, by layer: measured now, on this machine, with a copy of the
 * weights and without augmentation. Undefined where the backend does not tell.
 */
export async function stepTimeData(
  model: InspectedModel,
  { optimizer, loss, metrics, phases }: Recipe,
): Promise<StepTime | undefined> {
  const [phase] = phases;
  if (!phase) return undefined;
  const { batchSize } = phase;
  const how = {
    optimizer: optimizerFrom(optimizer),
    loss: lossFrom(loss),
    metrics: metricsFrom(metrics ?? ['accuracy']),
  };
  const program = trainingProgram(model.network, {
    capacity: batchSize,
    images: { dtype: 'u8', divisor: 255 },
    targets: how.loss.targets,
    ...how,
  });
  const executable = await model.backend.compile(program);
  try {
    if (!executable.profile) return undefined;
    for (const [name, values] of model.getWeights()) executable.writeState(name, values);
    const windows: Map<string, number>[] = [];
    for (let i = 0; i < WINDOWS; i++) windows.push(byLayer(await executable.profile(batchSize, STEPS)));
    const parts = [...windows[0]!.keys()].map((name) => ({
      name,
      milliseconds: median(windows.map((window) => window.get(name) ?? 0)),
    }));
    const step = parts.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    return {
      step,
      batchSize,
      parts: parts
        .map(({ name, milliseconds }) => ({ name, share: milliseconds / step }))
        .sort((a, b) => b.share - a.share),
    };
  } finally {
    executable.dispose();
  }
}

/** Milliseconds by layer: of each call the slowest thread's. */
function byLayer(calls: readonly { label: string; work: readonly number[] }[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const { label, work } of calls) times.set(label, (times.get(label) ?? 0) + Math.max(...work));
  return times;
}
