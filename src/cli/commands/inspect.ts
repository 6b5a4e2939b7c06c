import { normalizeDigit } from '../../digit/index.js';
import { datasets } from '../../data/dataset.js';
import { normalize } from '../../data/normalize.js';
import { CifraError } from '../../numeric/errors.js';
import { rows, type Tensor, tensor } from '../../numeric/tensor.js';
import { type OptionValues, refuseTogether, UsageError } from '../arguments.js';
import { partName, titleOf } from '../datasetView.js';
import { inspectionFields } from '../inspection/fields.js';
import { planFiles } from '../inspection/files.js';
import { inspectModel } from '../inspection/inspection.js';
import { showInspection } from '../inspection/view.js';
import { loadData } from '../loadData.js';
import { checkReadsDigits, type ChosenModel, chosenModel, singleModel } from '../modelChoice.js';
import type { inspectOptions } from '../options.js';
import { loadPicture, nameOf } from '../pictures/load.js';
import type { Output } from '../terminal/output.js';
import { grouped } from '../terminal/text.js';

type InspectValues = OptionValues<typeof inspectOptions>;

export async function inspect(values: InspectValues, output: Output, words: readonly string[]): Promise<void> {
  const [path] = words;
  if (words.length > 1) {
    throw new UsageError(
      'unexpected-argument',
      `cifra inspect takes one model, but was given ${words.length}.`,
      "Give a run's folder or a .safetensors file: cifra inspect runs/DIR. cifra inspect --help shows all options.",
    );
  }
  if (values.image !== undefined) {
    refuseTogether('--image', values, ['index', 'dataset', 'data-dir', 'split', 'offline']);
  }
  const files = values.out === undefined ? undefined : await planFiles(values.out, values.layer);
  const chosen = await chosenModel(path, values.threads);
  await using model = singleModel(chosen);
  const chosenImage =
    values.image === undefined ? await fromDataset(values, chosen, output) : await fromFile(values.image, chosen);
  const inspection = await inspectModel(model, { ...chosenImage, layer: values.layer, target: values.target });
  const written = (await files?.write(inspection, path === undefined ? chosen.title : shortName(chosen.file))) ?? [];
  output.event('inspect', {
    model: chosen.file,
    ...chosenImage.fields,
    ...inspectionFields(inspection),
    files: written,
  });
  const { result } = output;
  result.line(`${chosen.title}, and what it makes of ${chosenImage.what}:`);
  result.line();
  showInspection(result, inspection);
  if (written.length === 0) return;
  result.line();
  for (const file of written) result.line(`  Drawn into ${file}`);
}

/** The end of a path says which model it is. */
function shortName(file: string): string {
  return file.split(/[/\\]/).slice(-2).join('/');
}

interface ChosenImage {
  readonly image: Tensor;
  readonly what: string;
  readonly classNames: readonly string[];
  /** As programs get it. */
  readonly fields: Readonly<Record<string, unknown>>;
}

async function fromDataset(
  values: InspectValues,
  { dataset: trainedOn }: ChosenModel,
  output: Output,
): Promise<ChosenImage> {
  const { split = 'test', index = 0 } = values;
  // Up to the image that is asked for: synthetic ones need not be made.
  const limit = { train: 1, test: 1, [split]: Math.min(index + 1, 1e6) };
  const { dataset, notice } = await loadData({ ...values, dataset: values.dataset ?? trainedOn }, limit, output);
  const { images, labels } = dataset[split];
  if (index >= labels.length) {
    throw new CifraError(
      'image-index',
      `--index is ${index}, but ${dataset.name} has ${grouped(labels.length)} ${partName(split)}.`,
      `Give a whole number from 0 to ${labels.length - 1}.`,
    );
  }
  const truth = labels[index]!;
  const name = dataset.classNames[truth] ?? String(truth);
  return {
    image: normalize(rows(images, index, index + 1)),
    what: `${split === 'train' ? 'training' : 'test'} image ${index} of ${titleOf(dataset)}, labelled ${name}`,
    classNames: dataset.classNames,
    fields: { dataset: dataset.name, split, index, truth, ...(notice !== undefined && { notice }) },
  };
}

/** A picture as `cifra predict` shows it to the network. */
async function fromFile(file: string, chosen: ChosenModel): Promise<ChosenImage> {
  checkReadsDigits(chosen, 'Look at an image of the dataset: --index 0.');
  const { image, signs } = normalizeDigit(await loadPicture(file));
  const name = nameOf(file);
  if (signs.length === 0) {
    throw new CifraError('picture-blank', `Nothing is on ${name}.`, 'Give a picture of a digit.');
  }
  return {
    image: normalize(tensor(image, [1, 28, 28, 1])),
    what: name,
    classNames: datasets.mnist.classNames,
    fields: { file: name },
  };
}
