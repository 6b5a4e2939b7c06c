import type { LabelledImages } from '../data/dataset.js';
import { normalize } from '../data/normalize.js';
import { rows } from '../numeric/tensor.js';
import type { Classifier } from '../train/ensemble.js';
import { bar } from './terminal/bars.js';
import type { Page } from './terminal/output.js';
import { drawPictures, pictureOf } from './terminal/pictures.js';
import { percent } from './terminal/text.js';

export interface Prediction {
  /** The class with the largest probability. */
  readonly label: number;
  readonly probabilities: readonly number[];
}

/** What the model takes image `index` for: the notebook's own function from an image to a digit. */
export async function predictOne(model: Classifier, images: LabelledImages, index: number): Promise<Prediction> {
  const { data } = await model.predict(normalize(rows(images.images, index, index + 1)));
  const probabilities = [...data];
  return { label: probabilities.indexOf(Math.max(...probabilities)), probabilities };
}

/** The picture, and beside it the probability of every class. */
export function showPrediction(
  page: Page,
  { label, probabilities }: Prediction,
  images: LabelledImages,
  index: number,
  classNames: readonly string[],
): void {
  const { style, line } = page;
  const picture = pictureOf(images.images, index);
  const nameWidth = Math.max(...classNames.map((name) => name.length));
  const barWidth = Math.min(30, page.width - picture.width - nameWidth - 18);
  const bars = probabilities.map((probability, i) => {
    const text = `${(classNames[i] ?? String(i)).padStart(nameWidth)} ${bar(probability, barWidth)} ${percent(probability).padStart(7)}`;
    return i === label ? style.bold(text) : text;
  });
  drawPictures([picture], style.depth).forEach((pixels, i) => {
    // Ten bars beside the picture's twelve lines.
    line(`  ${pixels}   ${bars[i - 1] ?? ''}`.trimEnd());
  });
  const truth = images.labels[index]!;
  const name = (i: number): string => classNames[i] ?? String(i);
  line();
  line(
    label === truth
      ? `  Read as ${style.bold(style.good(name(label)))}, and that is right.`
      : `  Read as ${style.bold(style.bad(name(label)))}, but it is labelled ${style.bold(name(truth))}.`,
  );
}
