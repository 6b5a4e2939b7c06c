import { imageGradientProgram } from '../nn/index.js';
import { normal } from '../numeric/distributions.js';
import { byDefault, number, optional, readOptions, wholeNumber } from '../numeric/options.js';
import { Random, streams } from '../numeric/philox.js';
import type { Tensor } from '../numeric/tensor.js';
import { classCount, type InspectedModel, onePicture, targetClass, withProgram } from './model.js';
import { rangeOf, symmetricScale } from './planes.js';

export interface GradientSaliencyOptions {
  /** The class whose logit is looked at. Default the one that is read. */
  readonly target?: number;
  /**
   * SmoothGrad (Smilkov et al. 2017): the mean gradient over this many copies of the image, each with noise of its own.
   * Default 1, the image itself and no noise.
   */
  readonly samples?: number;
  /** The noise's standard deviation, as a share of the range of the image's values. Default 0.15; of use with `samples`. */
  readonly noise?: number;
  /** Decides the noise. Default 0. */
  readonly seed?: number;
}

export interface GradientSaliency {
  readonly target: number;
  /** Of the target, for the image without noise. */
  readonly logit: number;
  /** d logit / d pixel, [height, width, channels], signed, for a pixel as the first layer takes it. */
  readonly gradient: Tensor<Float32Array>;
  /** Its absolute value, the largest of the channels: [height, width]. */
  readonly saliency: Tensor<Float32Array>;
  /** The largest saliency. */
  readonly scale: number;
}

/** How many noisy images go through the network at once. */
const BATCH = 64;

/**
 * How a class's logit changes with each pixel, by the network's own derivatives (Simonyan et al., "Deep Inside
 * Convolutional Networks: Visualising Image Classification Models and Saliency Maps", 2013).
 * @param image [1, height, width, channels], as `predict` takes it
 * @throws CifraError `input-shape`, `target-label`, `no-classes`, `option-value`
 */
export async function gradientSaliency(
  model: InspectedModel,
  image: Tensor,
  options: GradientSaliencyOptions = {},
): Promise<GradientSaliency> {
  const { target, samples, noise, seed } = readOptions('gradientSaliency', options, {
    target: optional(number()),
    samples: byDefault(wholeNumber(1), 1),
    noise: byDefault(number({ from: 0 }), 0.15),
    seed: byDefault(wholeNumber(0), 0),
  });
  const { data: pixels, shape } = onePicture(model, image);
  const classes = classCount(model);
  const { data: logits } = await model.predict({ data: pixels, shape }, { logits: true });
  const chosen = targetClass(target, logits);
  const { min, max } = rangeOf(pixels);
  const deviation = samples === 1 ? 0 : noise * (max - min);
  const sums = new Float64Array(pixels.length);
  const capacity = Math.min(samples, BATCH);
  await withProgram(model, imageGradientProgram(model.network, capacity), async (executable) => {
    const [images, targets] = [executable.input('images'), executable.input('targets')];
    for (let row = 0; row < capacity; row++) targets[row * classes + chosen] = 1;
    for (let sample = 0; sample < samples; sample += capacity) {
      const count = Math.min(capacity, samples - sample);
      for (let row = 0; row < count; row++) {
        const random = new Random(seed, streams.smoothGrad, sample + row);
        const noisy = deviation === 0 ? pixels : pixels.map((pixel) => pixel + deviation * normal(random));
        images.set(noisy, row * pixels.length);
      }
      await executable.run(count);
      executable.readOutput('gradient/images', count).forEach((value, i) => (sums[i % pixels.length]! += value));
    }
  });
  const gradient = Float32Array.from(sums, (sum) => sum / samples);
  const [, height, width, channels] = shape as readonly [number, number, number, number];
  const saliency = new Float32Array(height * width);
  gradient.forEach((value, i) => {
    const at = Math.floor(i / channels);
    saliency[at] = Math.max(saliency[at]!, Math.abs(value));
  });
  return {
    target: chosen,
    logit: logits[chosen]!,
    gradient: { data: gradient, shape: [height, width, channels] },
    saliency: { data: saliency, shape: [height, width] },
    scale: symmetricScale(rangeOf(saliency)),
  };
}
