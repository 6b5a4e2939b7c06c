import type { RgbaPicture } from '../../../src/digit/index.js';
import { enlarged } from './enlarge.js';
import type { Origin } from './scene.js';

/** Gives images of MNIST's test set where the page has them: 784 values each, 0 for paper to 255 for ink. */
export type TestDigitSource = () => Promise<readonly LabelledDigit[] | undefined>;

interface LabelledDigit {
  readonly image: Uint8Array;
  /** 0 to 9. */
  readonly label: number;
}

export interface TestDigit {
  readonly picture: RgbaPicture;
  readonly origin: Required<Origin>;
}

/** No training and no study uses this collection. */
const SEED = 20_000_000;
const COLLECTION = 1_000_000;

let next: number | undefined;
let set: readonly LabelledDigit[] | undefined;

/** Another digit each time: in the order of the set, from some place in it on. */
export async function anotherDigit(source: TestDigitSource | undefined): Promise<TestDigit> {
  next ??= crypto.getRandomValues(new Uint32Array(1))[0]! % COLLECTION;
  const number = next++;
  set ??= await source?.().catch(() => undefined);
  const digit = set?.[number % set.length];
  if (!digit) return synthetic(number % COLLECTION);
  return { picture: enlarged(digit.image), origin: { name: 'A test image of MNIST', label: digit.label } };
}

/** Loaded when it is needed: its skeletons are as large as the rest of the pad. */
async function synthetic(index: number): Promise<TestDigit> {
  const { syntheticDigits } = await import('../../../src/data/synthetic/index.js');
  const { images, labels } = syntheticDigits({ count: 1, seed: SEED, firstIndex: index });
  return { picture: enlarged(images.data), origin: { name: 'A synthetic digit', label: labels[0]! } };
}
