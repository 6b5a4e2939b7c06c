import type { RgbaPicture } from '../../../src/digit/index.js';
import { enlarged } from './enlarge.js';
import type { Origin } from './scene.js';

/** Images of a test set, for the pad. */
export interface TestDigits {
  /** 784 bytes an image, row by row, 0 for paper to 255 for ink. */
  readonly images: Uint8Array;
  /** What each shows, 0 to 9. */
  readonly labels: Uint8Array;
  /** What they are called: `MNIST`. */
  readonly source: string;
}

/** Gives the test set where the page has one. */
export type TestDigitSource = () => Promise<TestDigits | undefined>;

export interface TestDigit {
  readonly picture: RgbaPicture;
  readonly origin: Required<Origin>;
}

const PIXELS = 784;
/** No training and no study uses this collection. */
const SEED = 20_000_000;
const COLLECTION = 1_000_000;

let next: number | undefined;

/** Another digit each time: in the order of the set, from some place in it on. */
export async function anotherDigit(source: TestDigitSource | undefined): Promise<TestDigit> {
  next ??= crypto.getRandomValues(new Uint32Array(1))[0]! % COLLECTION;
  const number = next++;
  const set = await source?.().catch(() => undefined);
  return set && set.labels.length > 0 ? fromSet(set, number % set.labels.length) : synthetic(number % COLLECTION);
}

function fromSet({ images, labels, source }: TestDigits, index: number): TestDigit {
  return {
    picture: enlarged(images.subarray(index * PIXELS, (index + 1) * PIXELS)),
    origin: { name: `Test image ${(index + 1).toLocaleString('en-US')} of ${source}`, label: labels[index]! },
  };
}

/** Loaded when it is needed: its skeletons are as large as the rest of the pad. */
async function synthetic(index: number): Promise<TestDigit> {
  const { syntheticDigits } = await import('../../../src/data/synthetic/index.js');
  const { images, labels } = syntheticDigits({ count: 1, seed: SEED, firstIndex: index });
  return { picture: enlarged(images.data), origin: { name: 'A synthetic digit', label: labels[0]! } };
}
