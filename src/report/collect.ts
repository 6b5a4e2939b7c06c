import type { Dataset } from '../data/dataset.js';
import { normalize } from '../data/normalize.js';
import type { InspectedModel } from '../inspect/index.js';
import type { MetricsRow } from '../runs/metrics.js';
import type { RunRecord } from '../runs/runRecord.js';
import type { Recipe } from '../train/recipe.js';
import type { TestResult } from '../train/testModel.js';
import type { AugmentationData, PhaseData, ProgressData, ReadImage, ReportData, TestData } from './data.js';
import { featureMapsData } from './maps.js';
import { type Progress, rowsOf } from './progress.js';
import { robustnessData } from './robustness.js';
import { stepTimeData } from './stepTime.js';
import { testData } from './tested.js';

/** What is known of a run. What is not there is named in `missing`, and the report does without. */
export interface ReportSources {
  readonly name: string;
  readonly record: RunRecord;
  readonly metrics: readonly MetricsRow[];
  /** "MNIST" */
  readonly title: string;
  readonly recipe: Recipe | undefined;
  readonly progress: Progress | undefined;
  readonly augmentation: AugmentationData | undefined;
  /** The model with the data that it is tested on, and how it read them. */
  readonly tested:
    | {
        readonly model: InspectedModel;
        readonly dataset: Pick<Dataset, 'test' | 'classNames'>;
        readonly result: TestResult;
      }
    | undefined;
  readonly missing: readonly string[];
  /** Robustness on all test images instead of 500. */
  readonly full?: boolean;
}

/** Of how many images the feature maps are shown. */
const MAPS = 4;
/** Those of networks with larger maps than this together are shown of fewer images: values of one image. */
const LARGE_MAPS = 150_000;

/** All that the report of a run shows. */
export async function collectReport(sources: ReportSources): Promise<ReportData> {
  const { name, record, metrics, title, recipe, progress, augmentation, tested, missing, full } = sources;
  const data: ReportData = {
    name,
    record,
    dataset: { title, classNames: tested?.dataset.classNames ?? [] },
    missing,
    epochs: metrics,
    phases: recipe ? phasesOf(recipe) : [],
    ...(augmentation && { augmentation }),
  };
  if (!tested) return data;
  const { model, dataset, result } = tested;
  const test = await testData(result, dataset.test, dataset.classNames, progress?.images);
  const places = new Map(test.images.map(({ index }, i) => [index, i]));
  const { layers, parameters, multiplyAdds } = model.network.summaryData();
  const values = layers.reduce((sum, { outputShape }) => sum + outputShape.reduce((all, size) => all * size, 1), 0);
  const mapped = imagesForMaps(test, values > LARGE_MAPS ? 1 : MAPS);
  const inputs = normalize(
    rowsOf(
      dataset.test.images,
      mapped.map((i) => test.images[i]!.index),
    ),
  );
  const time = recipe && (await stepTimeData(model, recipe));
  return {
    ...data,
    network: { name: model.network.name, parameters, multiplyAdds, layers },
    test,
    ...(progress && progress.snapshots.length > 0 && { progress: progressData(progress, places) }),
    featureMaps: await featureMapsData(model, inputs, mapped),
    robustness: await robustnessData(model, dataset.test, full),
    ...(time && { time }),
  };
}

function phasesOf({ phases }: Recipe): PhaseData[] {
  let epoch = 0;
  return phases.map(({ epochs, batchSize, augmentation }) => {
    const firstEpoch = epoch + 1;
    epoch += epochs;
    return { firstEpoch, lastEpoch: epoch, augmented: augmentation !== undefined, batchSize };
  });
}

function progressData(
  { layer, shape, images, snapshots }: Progress,
  places: ReadonlyMap<number, number>,
): ProgressData {
  const shown = images.flatMap((index, i) => {
    const place = places.get(index);
    return place === undefined ? [] : [{ place, i }];
  });
  return {
    layer,
    shape: shape.length === 4 ? (shape as [number, number, number, number]) : [0, 0, 0, 0],
    watched: shown.map(({ place }) => place),
    snapshots: snapshots.map(({ epoch, kernels, probabilities }) => ({
      epoch,
      kernels,
      probabilities: shown.map(({ i }) => probabilities[i]!),
    })),
  };
}

/** The worst mistake, then rightly read images of other classes, the surest of those there are. */
function imagesForMaps({ images }: TestData, count: number): number[] {
  const isRight = ({ label, predicted }: ReadImage): boolean => label === predicted;
  const all = images.map((image, i) => ({ image, i }));
  const worst = all.find(({ image }) => !isRight(image));
  const chosen = worst ? [worst] : [];
  const classes = new Set(chosen.map(({ image }) => image.label));
  for (const candidate of all.toReversed()) {
    if (chosen.length === count) break;
    if (!isRight(candidate.image) || classes.has(candidate.image.label)) continue;
    classes.add(candidate.image.label);
    chosen.push(candidate);
  }
  return chosen.map(({ i }) => i);
}
