import { imageDataGenerator, type ImageDataGeneratorOptions } from '../../augment/imageDataGenerator.js';
import type { LabelledImages } from '../../data/dataset.js';
import type { Backend } from '../../engine/backend.js';
import { ProgramBuilder } from '../../engine/program/builder.js';
import { augment } from '../../nn/index.js';
import type { Tensor } from '../../numeric/tensor.js';
import { augmentationOf, augmentationWriter } from '../../train/augmentation.js';

export interface SamplePlace {
  readonly seed: number;
  /** Index of the training image. */
  readonly image: number;
  /** From 1, over the whole training. */
  readonly epochs: readonly number[];
}

/**
 * A training image as the network will see it in each of the epochs, computed as in training: by the engine's own
 * operations, with the numbers that training will draw. Values from 0 to 255, [epochs, height, width, 1].
 */
export async function augmentedSamples(
  backend: Backend,
  { images }: LabelledImages,
  options: ImageDataGeneratorOptions,
  { seed, image, epochs }: SamplePlace,
): Promise<Tensor> {
  const [, height, width, channels] = images.shape as [number, number, number, number];
  const generator = imageDataGenerator(options);
  const builder = new ProgramBuilder(epochs.length);
  const input = builder.input('images', [height, width, channels], 'u8', true);
  builder.output('samples', augment(builder, input, 255, augmentationOf(generator)));

  const executable = await backend.compile(builder.build());
  try {
    const size = height * width * channels;
    const write = augmentationWriter(executable, generator);
    epochs.forEach((epoch, row) => {
      executable.input('images').set(images.data.subarray(image * size, (image + 1) * size), row * size);
      write(row, { seed, epoch: epoch - 1, image, height, width });
    });
    await executable.run(epochs.length);
    return {
      data: Float32Array.from(executable.readOutput('samples'), (value) => 255 * value),
      shape: [epochs.length, height, width, channels],
    };
  } finally {
    executable.dispose();
  }
}
