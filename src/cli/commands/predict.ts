import { CifraError } from '../../numeric/errors.js';
import { type OptionValues, refuseTogether, UsageError } from '../arguments.js';
import { partName, titleOf } from '../datasetView.js';
import { loadData } from '../loadData.js';
import { chosenModel } from '../modelChoice.js';
import type { predictOptions } from '../options.js';
import { predictFiles } from '../pictures/predictFiles.js';
import { predictOne, showPrediction } from '../prediction.js';
import type { Output } from '../terminal/output.js';
import { grouped } from '../terminal/text.js';

type PredictValues = OptionValues<typeof predictOptions>;

export async function predict(values: PredictValues, output: Output, words: readonly string[]): Promise<void> {
  const { index, stages, threads } = values;
  if (words.length > 0) {
    refuseTogether('pictures', values, ['index', 'dataset', 'data-dir', 'split', 'offline']);
    return predictFiles(words, { model: values.model, threads, stages }, output);
  }
  if (index === undefined) {
    throw new UsageError(
      'missing-argument',
      'cifra predict needs pictures, or with --index an image of a dataset.',
      'Give the files: cifra predict photo.jpg. cifra predict --help shows all options.',
    );
  }
  refuseTogether('--index', values, ['stages']);
  return predictImage(values, index, output);
}

/** An image of a dataset, as it is. */
async function predictImage(values: PredictValues, index: number, output: Output): Promise<void> {
  const { split = 'test', threads } = values;
  const chosen = await chosenModel(values.model, threads);
  await using model = chosen.model;
  // Up to the image that is asked for: synthetic ones need not be made.
  const limit = { train: 1, test: 1, [split]: Math.min(index + 1, 1e6) };
  const { dataset, notice } = await loadData({ ...values, dataset: values.dataset ?? chosen.dataset }, limit, output);
  const images = dataset[split];
  if (index >= images.labels.length) {
    throw new CifraError(
      'image-index',
      `--index is ${index}, but ${dataset.name} has ${grouped(images.labels.length)} ${partName(split)}.`,
      `Give a whole number from 0 to ${images.labels.length - 1}.`,
    );
  }
  const prediction = await predictOne(model, images, index);
  output.event('predict', {
    ...prediction,
    truth: images.labels[index],
    dataset: dataset.name,
    split,
    index,
    ...(notice !== undefined && { notice }),
  });
  const { result } = output;
  result.line(
    `${split === 'train' ? 'Training' : 'Test'} image ${index} of ${titleOf(dataset)}, read by ${chosen.title}:`,
  );
  result.line();
  showPrediction(result, prediction, images, index, dataset.classNames);
}
