import { availableParallelism } from 'node:os';
import { augmentationData } from '../../src/cli/report/augmented.js';
import type { Dataset } from '../../src/data/dataset.js';
import { syntheticDataset } from '../../src/data/syntheticDataset.js';
import { wasmBackend } from '../../src/engine/wasm/backend.js';
import {
  collectReport,
  type Progress,
  ProgressRecorder,
  readProgress,
  type ReportData,
} from '../../src/report/index.js';
import type { Json } from '../../src/runs/json.js';
import { weightsSha256 } from '../../src/runs/modelFile.js';
import { recipeFrom } from '../../src/train/recipe.js';
import { recipes } from '../../src/train/recipes/index.js';
import { recipeModel, runRecipe } from '../../src/train/runRecipe.js';
import { testModel } from '../../src/train/testModel.js';

export interface FixtureSize {
  /** Images. */
  readonly train: number;
  readonly test: number;
  /** Epochs of the seed recipe's two phases. */
  readonly epochs: readonly [number, number];
}

/** What the report shows of a real, short training of the seed network, on synthetic digits unless others are given. */
export async function trainedReport({ train, test, epochs }: FixtureSize, given?: Dataset): Promise<ReportData> {
  const started = performance.now();
  const startedAt = new Date().toISOString();
  const dataset = given ?? (await syntheticDataset({ limit: { train, test } }));
  const { phases, ...rest } = recipes['seed']!;
  const recipe = recipeFrom({
    ...rest,
    phases: phases.map((phase, i) => ({ ...phase, epochs: epochs[i]!, batchSize: 32 })),
  });
  const threads = Math.min(2, availableParallelism());
  await using model = recipeModel(recipe, () => wasmBackend({ threads }), 1);

  let progress: Progress | undefined;
  const recorder = new ProgressRecorder(dataset.test, undefined, async (text) => {
    progress = readProgress(new TextEncoder().encode(text), 'progress.json');
  });
  await recorder.take(model, 0);
  const history = await runRecipe(recipe, dataset, {
    model,
    callbacks: [{ onEpochEnd: ({ epoch }) => recorder.take(model, epoch) }],
  });
  const result = await testModel(model, dataset.test, recipe);

  const { name, source, hash, sha256, classNames } = dataset;
  const isSynthetic = name === 'synthetic';
  return await collectReport({
    name: `${startedAt.slice(0, 19).replaceAll(':', '-')}Z-seed-seed1`,
    record: {
      formatVersion: 1,
      cifraVersion: '0.1.0',
      nodeVersion: process.version,
      command: ['cifra', 'train', '--dataset', name, '--limit', `${train},${test}`],
      recipe: JSON.parse(JSON.stringify(recipe)) as Json,
      seed: 1,
      dataset: {
        ...{ name, source, hash, sha256 },
        ...(isSynthetic && { notice: "These are Cifra's synthetic digits, and no figure here is one of MNIST's." }),
        trainCount: dataset.train.labels.length,
        testCount: dataset.test.labels.length,
      },
      hardware: { cpu: 'of the test', cores: threads, memoryGb: 8, platform: `${process.platform} ${process.arch}` },
      backend: { name: 'wasm', threads, numerics: model.backend.numerics, kernels: model.backend.kernels },
      startedAt,
      finishedAt: new Date().toISOString(),
      result: {
        testAccuracy: result.accuracy,
        testErrors: result.errors,
        testCount: result.count,
        weightsSha256: await weightsSha256(model.getWeights()),
        seconds: (performance.now() - started) / 1000,
      },
    },
    metrics: history.epochs.map((log) => ({
      ...{ epoch: log.epoch, trainLoss: log.loss, trainAccuracy: log.accuracy ?? null },
      ...{ valLoss: log.valLoss ?? null, valAccuracy: log.valAccuracy ?? null },
      ...{ imagesPerSecond: log.imagesPerSecond, seconds: log.seconds, learningRate: log.learningRate },
    })),
    title: isSynthetic ? 'synthetic digits' : 'MNIST',
    recipe,
    progress,
    augmentation: await augmentationData(model.backend, dataset.train, recipe, model.seed),
    tested: { model, dataset: { test: dataset.test, classNames }, result },
    missing: [],
  });
}
