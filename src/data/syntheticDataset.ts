import { tensor } from '../numeric/tensor.js';
import { sha256 } from '../files/sha256.js';
import { checkLimit, combinedHash, type Limit } from './contents.js';
import { type Dataset, datasets, fileNames, IMAGE_SIDE, type LabelledImages } from './dataset.js';
import type { DataProgress } from './download.js';
import { encodeIdxImages, encodeIdxLabels } from './idx.js';
import { syntheticDigits } from './synthetic/index.js';

/** As many as MNIST has. Test images follow the training images in the one endless sequence that a seed gives. */
const TRAIN_IMAGES = 60_000;
const TEST_IMAGES = 10_000;
/** Images made between two looks at the signal. */
const BATCH = 1000;

export interface SyntheticOptions {
  readonly limit?: Limit | undefined;
  /** Which digits: another seed gives other handwriting. Default 0, whatever the seed of the training. */
  readonly syntheticSeed?: number | undefined;
  readonly onProgress?: ((progress: DataProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The synthetic digits as a dataset: 60,000 training and 10,000 test images, or as many as `limit` says, which are then
 * the first of those. Its hashes are of the IDX files that these images and labels would make.
 */
export async function syntheticDataset(options: SyntheticOptions = {}): Promise<Dataset> {
  const limits = checkLimit(options.limit);
  const seed = options.syntheticSeed ?? 0;
  const trainCount = Math.min(TRAIN_IMAGES, limits.train ?? TRAIN_IMAGES);
  const testCount = Math.min(TEST_IMAGES, limits.test ?? TEST_IMAGES);
  const total = trainCount + testCount;
  const train = await generate(seed, 0, trainCount, 0, total, options);
  const test = await generate(seed, TRAIN_IMAGES, testCount, trainCount, total, options);
  const hashes = {
    [fileNames.trainImages]: await sha256(encodeIdxImages(train.images.data)),
    [fileNames.trainLabels]: await sha256(encodeIdxLabels(train.labels)),
    [fileNames.testImages]: await sha256(encodeIdxImages(test.images.data)),
    [fileNames.testLabels]: await sha256(encodeIdxLabels(test.labels)),
  };
  return {
    name: 'synthetic',
    train,
    test,
    classNames: datasets.mnist.classNames,
    source: `synthetic digits made by Cifra from seed ${seed}`,
    sha256: hashes,
    hash: await combinedHash(hashes),
  };
}

async function generate(
  seed: number,
  firstIndex: number,
  count: number,
  before: number,
  total: number,
  options: SyntheticOptions,
): Promise<LabelledImages> {
  const pixels = new Uint8Array(count * IMAGE_SIDE * IMAGE_SIDE);
  const labels = new Uint8Array(count);
  for (let done = 0; done < count;) {
    options.signal?.throwIfAborted();
    const part = syntheticDigits({ count: Math.min(BATCH, count - done), seed, firstIndex: firstIndex + done });
    pixels.set(part.images.data, done * IMAGE_SIDE * IMAGE_SIDE);
    labels.set(part.labels, done);
    done += part.labels.length;
    options.onProgress?.({ kind: 'generate', done: before + done, total });
    // Lets timers, key presses and aborts through.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return { images: tensor(pixels, [count, IMAGE_SIDE, IMAGE_SIDE, 1]), labels };
}
