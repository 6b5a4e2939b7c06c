import { splineField } from '../augment/elastic.js';
import type { ImageDataGenerator } from '../augment/imageDataGenerator.js';
import type { AugmentationPlace } from '../augment/place.js';
import type { Executable } from '../engine/backend.js';
import type { Augmentation } from '../nn/index.js';

/** What a generator asks of a program. */
export function augmentationOf({ options }: ImageDataGenerator): Augmentation {
  const { fillMode, cval, elastic, strokes, blur, contrast, noise, erasing } = options;
  return {
    fillMode,
    fillValue: cval,
    ...(elastic && elastic.alpha > 0 && { elastic: splineField(elastic) }),
    strokes: strokes !== undefined && strokes.thinner + strokes.thicker > 0,
    blur: blur !== undefined && blur.sigma[1] > 0,
    tone: contrast !== undefined || noise !== undefined,
    ...(erasing && { erasing: { value: erasing.value } }),
  };
}

/** Writes a generator's numbers for one image to a row of the inputs of a program made with its `augmentationOf`. */
export type AugmentationWriter = (row: number, place: AugmentationPlace) => void;

export function augmentationWriter(executable: Executable, generator: ImageDataGenerator): AugmentationWriter {
  const { elastic, strokes, blur, tone, erasing } = augmentationOf(generator);
  const matrices = executable.input('matrices');
  const keys = (elastic !== undefined || tone) && executable.input('keys');
  const changes = strokes && executable.input('strokes');
  const sigmas = blur && executable.input('sigmas');
  const tones = tone && executable.input('tones');
  const rectangles = erasing && executable.input('rectangles');
  return (row, place) => {
    generator.writeMatrix(matrices, row, place);
    if (keys) generator.writeKey(keys, row, place);
    if (changes) generator.writeStrokeChange(changes, row, place);
    if (sigmas) generator.writeSigma(sigmas, row, place);
    if (tones) generator.writeTone(tones, row, place);
    if (rectangles) generator.writeRectangle(rectangles, row, place);
  };
}
