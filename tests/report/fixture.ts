import { availableParallelism } from 'node:os';
import { augmentedSamples } from '../../src/cli/tenSteps/augmentedSamples.js';
import { testModel } from '../../src/train/testModel.js';
import type { Dataset } from '../../src/data/dataset.js';
import { syntheticDataset } from '../../src/data/syntheticDataset.js';
import { wasmBackend } from '../../src/engine/wasm/backend.js';
import { featureMaps, kernels, planesOf, plane, sequentialColour } from '../../src/inspect/index.js';
import { normalize } from '../../src/data/normalize.js';
import { Random } from '../../src/numeric/philox.js';
import { wilsonInterval } from '../../src/numeric/statistics.js';
import type { Tensor } from '../../src/numeric/tensor.js';
import { adam, categoricalCrossentropy, accuracy, trainingProgram } from '../../src/nn/index.js';
import type { FeatureMapsData, ReportData, RobustnessData, StepTime } from '../../src/report/data.js';
import type { Json } from '../../src/runs/json.js';
import { weightsSha256 } from '../../src/runs/modelFile.js';
import type { Model } from '../../src/train/model.js';
import { type Recipe, recipeFrom } from '../../src/train/recipe.js';
import { recipes } from '../../src/train/recipes/index.js';
import { recipeModel, runRecipe } from '../../src/train/runRecipe.js';
import { sprite } from './png.js';

const AREA = 28 * 28;
const WATCHED = 8;
const LOOKED_AT = 3;

export interface FixtureSize {
  readonly train: number;
  readonly test: number;
  /** Epochs of the seed recipe's two phases. */
  readonly epochs: readonly [number, number];
}

/** What a report shows of a real, short training of the seed network on synthetic digits. */
export async function trainedReport({ train, test, epochs }: FixtureSize, given?: Dataset): Promise<ReportData> {
  const started = performance.now();
  const dataset = given ?? (await syntheticDataset({ limit: { train, test } }));
  const recipe: Recipe = recipeFrom({
    ...recipes['seed']!,
    phases: recipes['seed']!.phases.map((phase, i) => ({ ...phase, epochs: epochs[i]!, batchSize: 32 })),
  });
  const threads = Math.min(2, availableParallelism());
  await using model = recipeModel(recipe, () => wasmBackend({ threads }), 1);
  const images = normalize(dataset.test.images);
  const snapshots: { epoch: number; kernels: number[]; predictions: Float32Array }[] = [];
  const snapshot = async (epoch: number): Promise<void> => {
    const found = kernels(model);
    // As weights are stored: height, width, channels, filters.
    const values = model.getWeights().get(`${found.layer}/kernel`)!;
    const { data } = await model.predict(images);
    snapshots.push({ epoch, kernels: Array.from(values, rounded), predictions: data });
  };
  await snapshot(0);
  const history = await runRecipe(recipe, dataset, {
    model,
    callbacks: [{ onEpochEnd: ({ epoch }) => snapshot(epoch) }],
  });
  const result = await testModel(model, dataset.test, recipe);
  const shown = shownImages(snapshots.at(-1)!.predictions, dataset);
  const pixels = (index: number): Uint8Array =>
    dataset.test.images.data.subarray(index * AREA, (index + 1) * AREA);
  const first = kernels(model);
  const watched = shown.map((_, i) => i).filter((i) => i % Math.ceil(shown.length / WATCHED) === 0);
  const augmentation = recipe.phases[1]!.augmentation!;
  const { layers, ...summary } = model.network.summaryData();
  let before = 0;

  return {
    name: '2026-11-23T04-37-00Z-seed-seed1',
    record: {
      formatVersion: 1,
      cifraVersion: '0.1.0',
      nodeVersion: process.version,
      command: ['cifra', 'train', '--dataset', dataset.name, '--limit', `${train},${test}`],
      recipe: JSON.parse(JSON.stringify(recipe)) as Json,
      seed: 1,
      dataset: {
        name: dataset.name,
        source: dataset.source,
        hash: dataset.hash,
        sha256: dataset.sha256,
        ...(dataset.name === 'synthetic' && {
          notice: "These are Cifra's synthetic digits, and no figure here is one of MNIST's.",
        }),
        trainCount: dataset.train.labels.length,
        testCount: dataset.test.labels.length,
      },
      hardware: { cpu: 'AMD EPYC', cores: threads, memoryGb: 23.5, platform: `${process.platform} ${process.arch}` },
      backend: { name: 'wasm', threads, numerics: model.backend.numerics, kernels: model.backend.kernels },
      startedAt: '2026-11-23T04:37:00.000Z',
      finishedAt: '2026-11-23T04:39:00.000Z',
      result: {
        testAccuracy: result.accuracy,
        testErrors: result.errors,
        testCount: result.count,
        weightsSha256: await weightsSha256(model.getWeights()),
        seconds: (performance.now() - started) / 1000,
      },
    },
    dataset: { title: dataset.name === 'mnist' ? 'MNIST' : 'synthetic digits', classNames: dataset.classNames },
    missing: [],
    epochs: history.epochs.map((log) => ({
      ...{ epoch: log.epoch, trainLoss: log.loss, trainAccuracy: log.accuracy ?? null },
      ...{ valLoss: log.valLoss ?? null, valAccuracy: log.valAccuracy ?? null },
      ...{ imagesPerSecond: log.imagesPerSecond, seconds: log.seconds, learningRate: log.learningRate },
    })),
    phases: recipe.phases.map((phase) => {
      const firstEpoch = before + 1;
      before += phase.epochs;
      return { firstEpoch, lastEpoch: before, augmented: 'augmentation' in phase, batchSize: phase.batchSize };
    }),
    network: { name: summary.name, parameters: summary.parameters, multiplyAdds: summary.multiplyAdds, layers },
    test: {
      ...result,
      classes: classesOf(result.confusion, dataset.classNames),
      images: shown,
      sprite: sprite(
        { width: 28, height: 28, count: shown.length, samples: 1, picture: (i) => pixels(shown[i]!.index) },
        32,
      ),
    },
    progress: {
      layer: first.layer,
      shape: [first.height, first.width, first.channels, first.filters],
      watched,
      snapshots: snapshots.map(({ epoch, kernels: values, predictions }) => ({
        epoch,
        kernels: values,
        probabilities: watched.map((i) => {
          const { index } = shown[i]!;
          return Array.from(predictions.subarray(10 * index, 10 * index + 10), rounded);
        }),
      })),
    },
    featureMaps: await mapsOf(model, watched.slice(0, LOOKED_AT), (i) => pixels(shown[i]!.index)),
    augmentation: await augmented(model, dataset, augmentation, epochs),
    robustness: await robustness(model, dataset),
    time: await stepTime(model, 32),
  };
}

/** Every error and, of each class, the ten rightly read images of the largest loss; by index. */
function shownImages(predictions: Float32Array, { test: { labels } }: Dataset) {
  const read = Array.from(labels, (label, index) => {
    const row = predictions.subarray(10 * index, 10 * index + 10);
    const top = Array.from(row, (probability, i) => ({ label: i, probability: rounded(probability) }))
      .sort((a, b) => b.probability - a.probability)
      .slice(0, 3);
    return { index, label, predicted: top[0]!.label, loss: rounded(-Math.log(Math.max(row[label]!, 1e-7))), top };
  });
  const wrong = read.filter(({ label, predicted }) => label !== predicted);
  const doubtful = Array.from({ length: 10 }, (_, c) =>
    read
      .filter(({ label, predicted }) => label === c && predicted === c)
      .sort((a, b) => b.loss - a.loss)
      .slice(0, 10),
  );
  return [...wrong, ...doubtful.flat()].sort((a, b) => a.index - b.index);
}

function classesOf(confusion: readonly (readonly number[])[], names: readonly string[]) {
  return names.map((name, c) => {
    const count = confusion[c]!.reduce((sum, n) => sum + n, 0);
    const taken = confusion.reduce((sum, row) => sum + row[c]!, 0);
    const right = confusion[c]![c]!;
    return { name, count, recall: right / count, ...(taken > 0 && { precision: right / taken }) };
  });
}

async function mapsOf(
  model: Model,
  looked: readonly number[],
  pixels: (image: number) => Uint8Array,
): Promise<FeatureMapsData[]> {
  const data = new Float32Array(looked.length * AREA);
  looked.forEach((image, row) =>
    data.set(
      Array.from(pixels(image), (ink) => ink / 255),
      row * AREA,
    ),
  );
  const maps = await featureMaps(model, { data, shape: [looked.length, 28, 28, 1] });
  return looked.map((image, row) => ({
    image,
    layers: maps.map((map) => {
      const planes = planesOf(map, row);
      const [min, max] = [Math.min(...planes.data), Math.max(...planes.data)];
      const share = (value: number): number => (max === min ? 0 : (value - min) / (max - min));
      const picture = (i: number): number[] =>
        Array.from(plane(planes, i)).flatMap((value) => [...sequentialColour(share(value))]);
      const columns = planes.count === 1 ? 1 : Math.min(16, planes.count);
      return {
        ...{ name: map.layer.name, type: map.layer.type, shape: map.shape.slice(1), min, max },
        sprite: sprite({ ...planes, samples: 3, picture }, columns),
      };
    }),
  }));
}

async function augmented(
  model: Model,
  { train }: Dataset,
  augmentation: NonNullable<Recipe['phases'][number]['augmentation']>,
  [plain, more]: readonly [number, number],
) {
  const epochs = Array.from({ length: Math.max(6, more) }, (_, i) => plain + 1 + i);
  const rows: Uint8ClampedArray[] = [];
  for (let image = 0; image < 6; image++) {
    const { data } = await augmentedSamples(model.backend, train, augmentation, { seed: 1, image, epochs });
    rows.push(Uint8ClampedArray.from(train.images.data.subarray(image * AREA, (image + 1) * AREA)));
    for (let i = 0; i < epochs.length; i++) rows.push(Uint8ClampedArray.from(data.subarray(i * AREA, (i + 1) * AREA)));
  }
  const shape = { width: 28, height: 28, samples: 1 } as const;
  return { epochs, sprite: sprite({ ...shape, count: rows.length, picture: (i) => rows[i]! }, epochs.length + 1) };
}

type Change = (ink: Float32Array, value: number) => Float32Array;

const moved =
  (place: (x: number, y: number, value: number) => readonly [number, number]): Change =>
  (ink, value) =>
    Float32Array.from(ink, (_, i) => {
      const [x, y] = place((i % 28) - 13.5, Math.floor(i / 28) - 13.5, value).map((at) => at + 13.5) as [
        number,
        number,
      ];
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const at = (dx: number, dy: number): number =>
        left + dx < 0 || left + dx > 27 || top + dy < 0 || top + dy > 27 ? 0 : ink[(top + dy) * 28 + left + dx]!;
      const [u, v] = [x - left, y - top];
      return (1 - v) * ((1 - u) * at(0, 0) + u * at(1, 0)) + v * ((1 - u) * at(0, 1) + u * at(1, 1));
    });

const changes: readonly { name: string; unit: string; values: number[]; neutral: number; change: Change }[] = [
  {
    ...{ name: 'rotation', unit: 'degrees', values: [-45, -30, -20, -10, 0, 10, 20, 30, 45], neutral: 0 },
    change: moved((x, y, degrees) => {
      const angle = (degrees * Math.PI) / 180;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      return [c * x + s * y, c * y - s * x];
    }),
  },
  {
    ...{ name: 'shift', unit: 'pixels', values: [-6, -4, -2, 0, 2, 4, 6], neutral: 0 },
    change: moved((x, y, pixels) => [x - pixels, y]),
  },
  {
    ...{ name: 'noise', unit: 'standard deviation', values: [0, 0.1, 0.2, 0.3, 0.4, 0.5], neutral: 0 },
    change: (ink, deviation) => {
      const random = new Random(1, 0, 0);
      return ink.map((value) => Math.min(1, Math.max(0, value + deviation * normal(random))));
    },
  },
];

function normal(random: Random): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random.below(1e6) / 1e6;
  return sum;
}

async function robustness(model: Model, { test }: Dataset): Promise<RobustnessData> {
  const count = Math.min(200, test.labels.length);
  const ink = (image: number): Float32Array =>
    Float32Array.from(test.images.data.subarray(image * AREA, (image + 1) * AREA), (value) => value / 255);
  const strips = [];
  for (const { change, ...strip } of changes) {
    const right: number[] = [];
    const examples: Uint8ClampedArray[] = [];
    for (const value of strip.values) {
      const data = new Float32Array(count * AREA);
      for (let image = 0; image < count; image++) data.set(change(ink(image), value), image * AREA);
      const images: Tensor = { data, shape: [count, 28, 28, 1] };
      const { data: classes } = await model.predict(images);
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const row = classes.subarray(10 * i, 10 * i + 10);
        if (row.indexOf(Math.max(...row)) === test.labels[i]) sum++;
      }
      right.push(sum);
      examples.push(Uint8ClampedArray.from(data.subarray(2 * AREA, 3 * AREA), (value_) => 255 * value_));
    }
    strips.push({
      ...strip,
      accuracy: right.map((n) => n / count),
      intervals: right.map((n) => wilsonInterval(n, count)),
      sprite: sprite(
        { width: 28, height: 28, count: examples.length, samples: 1, picture: (i) => examples[i]! },
        examples.length,
      ),
    });
  }
  return { count, strips };
}

async function stepTime(model: Model, batchSize: number): Promise<StepTime> {
  const program = trainingProgram(model.network, {
    ...{ capacity: batchSize, images: { dtype: 'u8', divisor: 255 } },
    ...{ loss: categoricalCrossentropy(), metrics: [accuracy()], optimizer: adam() },
  });
  const executable = await model.backend.compile(program);
  for (const [name, values] of model.getWeights()) executable.writeState(name, values);
  const times = await executable.profile!(batchSize, 5);
  executable.dispose();
  const parts = new Map<string, number>();
  for (const { op, work } of times) parts.set(op, (parts.get(op) ?? 0) + Math.max(...work));
  const step = [...parts.values()].reduce((sum, ms) => sum + ms, 0);
  const shares = [...parts].map(([name, ms]) => ({ name, share: ms / step })).sort((a, b) => b.share - a.share);
  const rest = shares.slice(7).reduce((sum, { share }) => sum + share, 0);
  return { step, batchSize, parts: [...shares.slice(0, 7), { name: 'everything else', share: rest }] };
}

function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
