import { CifraError } from '../../numeric/errors.js';
import type { OptionValues } from '../arguments.js';
import { partName, titleOf } from '../datasetView.js';
import { loadData } from '../loadData.js';
import { chosenModel } from '../modelChoice.js';
import type { predictOptions } from '../options.js';
import { predictOne, showPrediction } from '../prediction.js';
import type { Output } from '../terminal/output.js';
import { grouped } from '../terminal/text.js';

export async function predict(values: OptionValues<typeof predictOptions>, output: Output): Promise<void> {
  const { split = 'test', threads } = values;
  const index = values.index!;
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
