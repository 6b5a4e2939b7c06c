import { join } from 'node:path';
import { defaultCacheDir } from '../../data/cache.node.js';
import { type Dataset, datasets, fileRoles } from '../../data/dataset.js';
import { findFiles } from '../../data/folder.node.js';
import { givenFolder } from '../../data/load.node.js';
import { resolveDataset } from '../../data/resolve.node.js';
import { CifraError } from '../../numeric/errors.js';
import { type OptionValues, UsageError } from '../arguments.js';
import { showDataset, showFirstImages } from '../datasetView.js';
import { interruptSignal } from '../interrupt.js';
import { invocation } from '../invocation.js';
import { progressView } from '../loadData.js';
import type { dataCommandOptions } from '../options.js';
import type { Output, Page } from '../terminal/output.js';
import { grouped } from '../terminal/text.js';

type DataOptions = OptionValues<typeof dataCommandOptions>;

/** Of synthetic digits, which can be made without end, so many are looked at unless --limit says otherwise. */
const SYNTHETIC_LIMIT = 1000;

export async function data(values: DataOptions, output: Output): Promise<void> {
  if (values.download && values.offline) {
    throw new UsageError('option-value', '--download and --offline exclude each other.', 'Give one of the two.');
  }
  const { result } = output;
  await showPlaces(values, result);
  const dataset = await find(values, output);
  const { name, source, hash, train, test } = dataset;
  output.event('data', { dataset: name, source, hash, train: train.labels.length, test: test.labels.length });
  showDataset(result, dataset);
  result.line();
  showFirstImages(result, dataset);
}

async function showPlaces(values: DataOptions, { style, line }: Page): Promise<void> {
  const given = givenFolder({ dataDir: values['data-dir'] });
  line(style.bold('Where data are looked for'));
  line(`  Folder  ${given ?? 'none given (--data-dir, or CIFRA_DATA_DIR in the environment)'}`);
  line(`  Cache   ${defaultCacheDir()}`);
  for (const { name } of Object.values(datasets)) {
    const count = Object.keys(await findFiles(join(defaultCacheDir(), name))).length;
    const fetch = `${invocation()} data --dataset ${name} --download fetches it`;
    line(
      `          ${name.padEnd(14)} ${count} of ${fileRoles.length} files${count < fileRoles.length ? `; ${fetch}` : ''}`,
    );
  }
  line();
}

/** Downloads only where that was asked for: looking must not cost anything. */
async function find(values: DataOptions, output: Output): Promise<Dataset> {
  const choice = values.dataset ?? 'auto';
  const options = {
    dataDir: values['data-dir'],
    download: values.download === true,
    onProgress: progressView(output),
    limit: values.limit,
    signal: interruptSignal(output),
  };
  const synthetic = async (): Promise<Dataset> => {
    if (options.limit === undefined) {
      output.notes.line(`The first ${grouped(SYNTHETIC_LIMIT)} synthetic digits; --limit makes more or fewer.`);
    }
    const { dataset } = await resolveDataset('synthetic', { ...options, limit: options.limit ?? SYNTHETIC_LIMIT });
    return dataset;
  };
  if (choice === 'synthetic') return synthetic();
  try {
    const { dataset } = await resolveDataset(choice === 'auto' ? 'mnist' : choice, options);
    output.clear();
    return dataset;
  } catch (error) {
    if (choice !== 'auto' || values.download || !(error instanceof CifraError)) throw error;
    output.notes.line(
      `MNIST is not here, so --dataset auto would take synthetic digits where it cannot be downloaded.`,
    );
    output.notes.line(output.notes.style.dim(error.message));
    output.notes.line();
    return synthetic();
  }
}
