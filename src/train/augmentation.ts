import { splineField } from '../augment/elastic.js';
import type { ImageDataGenerator } from '../augment/imageDataGenerator.js';
import type { AugmentationPlace } from '../augment/place.js';
import type { Executable } from '../engine/backend.js';
import type { Augmentation } from '../nn/index.js';

/** What a generator asks of a program. */
export function augmentationOf({ options }: ImageDataGenerator): Augmentation {
  const { fillMode, cval, elastic, erasing } = options;
  return {
    fillMode,
    fillValue: cval,
    ...(elastic && elastic.alpha > 0 && { elastic: splineField(elastic) }),
    ...(erasing && { erasing: { value: erasing.value } }),
  };
}

/** Writes a generator's numbers for one image to a row of the inputs of a program made with its `augmentationOf`. */
export type AugmentationWriter = (row: number, place: AugmentationPlace) => void;

export function augmentationWriter(executable: Executable, generator: ImageDataGenerator): AugmentationWriter {
  const { elastic, erasing } = augmentationOf(generator);
  const matrices = executable.input('matrices');
  const keys = elastic && executable.input('keys');
  const rectangles = erasing && executable.input('rectangles');
  return (row, place) => {
    generator.writeMatrix(matrices, row, place);
    if (keys) generator.writeKey(keys, row, place);
    if (rectangles) generator.writeRectangle(rectangles, row, place);
  };
}
