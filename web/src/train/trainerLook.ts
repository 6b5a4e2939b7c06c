import type { LabelledImages } from '../../../src/data/dataset.js';
import { normalize } from '../../../src/data/normalize.js';
import { take } from '../../../src/data/split.js';
import { sizeOf, type Tensor } from '../../../src/numeric/tensor.js';
import type { Mistake, TrainerEvents } from './trainerApi.js';

/** So many validation images are read within an epoch. */
const SAMPLE = 500;
/** So many mistakes are shown. */
const SHOWN = 40;

type Mistakes = Omit<TrainerEvents['mistakes'], 'steps'>;

interface Predicts {
  predict(images: Tensor): Promise<Tensor<Float32Array>>;
}

/** Reads validation images as a training goes on: what is wrong, and how sure of it the network is. */
export class MistakeLook {
  readonly #sample: LabelledImages;

  constructor(private readonly validation: LabelledImages) {
    this.#sample = take(validation, spread(validation.labels.length, SAMPLE));
  }

  /** At a sample, always the same. */
  some(model: Predicts): Promise<Mistakes> {
    return mistakesOf(model, this.#sample);
  }

  all(model: Predicts): Promise<Mistakes> {
    return mistakesOf(model, this.validation);
  }
}

async function mistakesOf(model: Predicts, { images, labels }: LabelledImages): Promise<Mistakes> {
  const { data, shape } = await model.predict(normalize(images));
  const classes = shape[1]!;
  const size = sizeOf(images.shape.slice(1));
  const wrong: (Omit<Mistake, 'image'> & { index: number })[] = [];
  labels.forEach((label, index) => {
    const row = data.subarray(index * classes, (index + 1) * classes);
    const confidence = Math.max(...row);
    const predicted = row.indexOf(confidence);
    if (predicted !== label) wrong.push({ index, label, predicted, confidence });
  });
  const worst = wrong
    .sort((a, b) => b.confidence - a.confidence || a.index - b.index)
    .slice(0, SHOWN)
    .map(({ index, ...mistake }) => ({ ...mistake, image: images.data.slice(index * size, (index + 1) * size) }));
  return { of: labels.length, errors: wrong.length, worst };
}

/** `count` of the indices below `total`, or all, evenly. */
function spread(total: number, count: number): Uint32Array {
  const taken = Math.min(total, count);
  return Uint32Array.from({ length: taken }, (_, i) => Math.floor((i * total) / taken));
}
