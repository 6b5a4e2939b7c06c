import { number, optional, byDefault, readOptions, wholeNumber } from '../numeric/options.js';
import { sizeOf, type Tensor } from '../numeric/tensor.js';
import { classCount, type InspectedModel, onePicture, targetClass } from './model.js';
import { rangeOf, symmetricScale } from './planes.js';
import { softmax } from './softmax.js';

export interface OcclusionOptions {
  /** The side of the square that covers the image, in pixels. Default 5. */
  readonly size?: number;
  /** Pixels from one place to the next. Default 1: the square stands on every pixel once. */
  readonly stride?: number;
  /** What covered pixels become, as the first layer takes them. Default 0, MNIST's paper. */
  readonly fill?: number;
  /** The class whose probability is looked at. Default the one that is read. */
  readonly target?: number;
}

export interface Occlusion {
  readonly target: number;
  /** Of the target, with nothing covered. */
  readonly probability: number;
  /**
   * The probability lost, [height, width]: at (i, j) with the square's middle on pixel (i, j) * stride. Negative where the
   * covered image looks more like the target.
   */
  readonly lost: Tensor<Float32Array>;
  readonly size: number;
  readonly stride: number;
  /** The largest absolute loss. */
  readonly scale: number;
}

/**
 * How much probability a class loses when a square covers each part of an image (Zeiler and Fergus, "Visualizing and
 * Understanding Convolutional Networks", ECCV 2014). The square is cut off at the image's edges.
 * @param image [1, height, width, channels], as `predict` takes it
 * @throws CifraError `input-shape`, `target-label`, `no-classes`, `option-value`
 */
export async function occlusion(
  model: InspectedModel,
  image: Tensor,
  options: OcclusionOptions = {},
): Promise<Occlusion> {
  const { size, stride, fill, target } = readOptions('occlusion', options, {
    size: byDefault(wholeNumber(1), 5),
    stride: byDefault(wholeNumber(1), 1),
    fill: byDefault(number(), 0),
    target: optional(number()),
  });
  const { data, shape } = onePicture(model, image);
  const [, height, width, channels] = shape as readonly [number, number, number, number];
  const [down, across] = [Math.ceil(height / stride), Math.ceil(width / stride)];
  // The image as it is, then one for each place.
  const images = new Float32Array((1 + down * across) * sizeOf(shape));
  for (let i = 0; i <= down * across; i++) images.set(data, i * data.length);
  const before = Math.floor((size - 1) / 2);
  for (let i = 0; i < down * across; i++) {
    const top = Math.floor(i / across) * stride - before;
    const left = (i % across) * stride - before;
    const [from, to] = [Math.max(0, left), Math.min(width, left + size)];
    for (let row = Math.max(0, top); row < Math.min(height, top + size); row++) {
      const line = (i + 1) * data.length + row * width * channels;
      images.fill(fill, line + from * channels, line + to * channels);
    }
  }
  const classes = classCount(model);
  const predicted = await model.predict({ data: images, shape: [1 + down * across, ...shape.slice(1)] });
  const given = model.network.endsInSoftmax ? predicted.data : softmax(predicted.data, classes);
  const chosen = targetClass(target, given.subarray(0, classes));
  const probability = given[chosen]!;
  const lost = Float32Array.from({ length: down * across }, (_, i) => probability - given[(i + 1) * classes + chosen]!);
  return {
    target: chosen,
    probability,
    lost: { data: lost, shape: [down, across] },
    size,
    stride,
    scale: symmetricScale(rangeOf(lost)),
  };
}
