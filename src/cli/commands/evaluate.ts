import { type OptionValues, refuseTogether, UsageError } from '../arguments.js';
import { partName, titleOf } from '../datasetView.js';
import { loadData } from '../loadData.js';
import { chosenModel } from '../modelChoice.js';
import type { evaluateOptions } from '../options.js';
import { evaluatePictures } from '../pictures/evaluatePictures.js';
import { checkChart, qualityFields, showCoverage, writeChart } from '../probabilityQuality.js';
import type { Output } from '../terminal/output.js';
import { counted } from '../terminal/text.js';
import { testModel } from '../../train/testModel.js';
import { showTestResult } from '../testView.js';

type EvaluateValues = OptionValues<typeof evaluateOptions>;

export async function evaluate(values: EvaluateValues, output: Output): Promise<void> {
  const { images, labels, mistakes, threads } = values;
  if (images === undefined) {
    const alone = ['labels', 'group-by', 'mistakes'] as const;
    needsImages(alone.find((name) => values[name] !== undefined));
    return evaluateImages(values, output);
  }
  refuseTogether('--images', values, ['dataset', 'data-dir', 'split', 'limit', 'offline', 'chart']);
  const options = { model: values.model, threads, images, labels, groupBy: values['group-by'], mistakes };
  return evaluatePictures(options, output);
}

function needsImages(option: string | undefined): void {
  if (option === undefined) return;
  throw new UsageError('missing-option', `--${option} needs the option --images.`, 'Give the folder of the pictures.');
}

/** The images of a dataset, as they are. */
async function evaluateImages(values: EvaluateValues, output: Output): Promise<void> {
  const { split = 'test', limit, threads, chart } = values;
  checkChart(chart);
  const chosen = await chosenModel(values.model, threads);
  await using model = chosen.model;
  // Of the images that are not asked for, as few as can be: synthetic ones need not be made.
  const limits = {
    train: split === 'train' ? limit : 1,
    test: split === 'test' ? limit : 1,
  };
  const { dataset, notice } = await loadData(
    { ...values, dataset: values.dataset ?? chosen.dataset },
    Object.fromEntries(Object.entries(limits).filter(([, count]) => count !== undefined)),
    output,
  );
  const images = dataset[split];
  output.live(() => `Reading ${counted(images.labels.length, 'image')} …`);
  const test = await testModel(model, images, chosen.recipe);
  output.clear();
  const { accuracy, errors, loss, count, interval, confusion } = test;
  output.event('evaluate', {
    accuracy,
    errors,
    loss,
    count,
    interval: [interval.low, interval.high],
    confusion,
    ...qualityFields(test),
    dataset: dataset.name,
    split,
    ...(notice !== undefined && { notice }),
  });
  const { result } = output;
  result.line(`The ${partName(split)} of ${titleOf(dataset)} (${dataset.source}), read by ${chosen.title}:`);
  result.line();
  const words = `${partName(split)} of ${titleOf(dataset)}`;
  showTestResult(result, test, words, dataset.classNames);
  showCoverage(result, test);
  if (chart !== undefined) await writeChart(chart, test, { model: chosen.title, images: words }, output);
}
