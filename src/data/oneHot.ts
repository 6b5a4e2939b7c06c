import { CifraError } from '../numeric/errors.js';
import type { Tensor } from '../numeric/tensor.js';
import { CLASSES } from './dataset.js';

/**
 * Labels as rows that are 1 at the label's class and 0 elsewhere: `[count, classes]`, float32. As `to_categorical` of
 * Keras: https://keras.io/api/utils/python_utils/#tocategorical-function
 * @throws CifraError `one-hot-label` if a label is not a whole number from 0 to `classes` - 1.
 */
export function oneHot(labels: ArrayLike<number>, classes = CLASSES): Tensor<Float32Array> {
  const data = new Float32Array(labels.length * classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new CifraError(
        'one-hot-label',
        `Label ${label} at index ${i} is not one of ${classes} classes, which are 0 to ${classes - 1}.`,
        'Give as many classes as the highest label plus one.',
      );
    }
    data[i * classes + label] = 1;
  }
  return { data, shape: [labels.length, classes] };
}
