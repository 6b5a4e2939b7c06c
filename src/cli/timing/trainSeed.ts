import { createHash } from 'node:crypto';
import type { Dataset } from '../../data/dataset.js';
import { wasmBackend, type WasmBackendOptions } from '../../engine/wasm/backend.js';
import { weightsSha256 } from '../../runs/modelFile.js';
import type { BatchLog } from '../../train/logs.js';
import type { Model } from '../../train/model.js';
import type { Recipe } from '../../train/recipe.js';
import { recipeModel, runRecipe } from '../../train/runRecipe.js';
import { Clock } from './clock.js';
import type { SeedResult, TimedEpoch } from './seedResult.js';

export interface SeedRequest {
  /** Complete, with accuracy among its metrics. */
  readonly recipe: Recipe;
  readonly dataset: Dataset;
  readonly backend: WasmBackendOptions;
  readonly seed: number;
  /** An accuracy, from 0 to 1. */
  readonly target: number;
  readonly signal: AbortSignal;
  readonly onBatchEnd?: (log: BatchLog) => void;
  readonly onEpochEnd?: (epoch: TimedEpoch) => void;
}

/**
 * Trains a fresh model by the recipe, on the clock.
 * @throws CifraError what the training throws; the signal's reason if it is aborted
 */
export async function trainSeed(request: SeedRequest): Promise<SeedResult> {
  const { recipe, dataset, backend, seed, target, signal, onBatchEnd, onEpochEnd } = request;
  // Nothing asks for the model's backend before the training does: starting it is on the clock.
  await using model = recipeModel(recipe, () => wasmBackend(backend), seed);
  const clock = new Clock();
  const evaluations = timedEvaluations(model, clock);
  const epochs: TimedEpoch[] = [];
  let evaluated = '';
  await runRecipe(recipe, dataset, {
    model,
    signal,
    onPhaseBegin: () => clock.start(),
    callbacks: [
      {
        ...(onBatchEnd && { onBatchEnd }),
        async onEpochEnd({ epoch, valAccuracy, valLoss }) {
          const timed = { epoch, seconds: clock.seconds, accuracy: valAccuracy!, loss: valLoss! };
          epochs.push(timed);
          await clock.without(async () => {
            onEpochEnd?.(timed);
            evaluated = await weightsSha256(model.getWeights());
          });
        },
      },
    ],
  });
  const { seconds } = clock;
  const weights = await weightsSha256(model.getWeights());
  // Where the training's end has changed the model, the last epoch's accuracy is not its own.
  const end = weights === evaluated ? epochs.at(-1)! : await evaluations.repeat();
  const first = epochs.find(({ accuracy }) => accuracy >= target);
  return {
    seed,
    seconds,
    accuracy: end.accuracy!,
    loss: end.loss,
    epochOfTarget: first?.epoch ?? null,
    secondsToTarget: first?.seconds ?? null,
    epochs,
    evaluations: evaluations.count,
    evaluationSeconds: evaluations.seconds,
    trainCount: dataset.train.labels.length - (recipe.validation === 'test' ? 0 : evaluations.images),
    evaluatedCount: evaluations.images,
    weightsSha256: weights,
    recipeSha256: recipeHash(recipe),
  };
}

/** Tells recipes apart. */
export function recipeHash(recipe: Recipe): string {
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex');
}

/** The model's evaluations from now on: counted, and off the clock. */
function timedEvaluations(model: Model, clock: Clock) {
  const evaluate = model.evaluate.bind(model);
  let last: Parameters<typeof evaluate> | undefined;
  const evaluations = { count: 0, seconds: 0, images: 0, repeat: () => model.evaluate(...last!) };
  model.evaluate = async (...given) => {
    last = given;
    const { result, seconds } = await clock.without(() => evaluate(...given));
    evaluations.count++;
    evaluations.seconds += seconds;
    evaluations.images = result.count;
    return result;
  };
  return evaluations;
}
