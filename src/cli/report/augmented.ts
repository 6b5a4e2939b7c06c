import type { LabelledImages } from '../../data/dataset.js';
import type { Backend } from '../../engine/backend.js';
import type { AugmentationData } from '../../report/index.js';
import { inkSprite } from '../../report/sprite.js';
import type { Recipe } from '../../train/recipe.js';
import { augmentedSamples } from '../tenSteps/augmentedSamples.js';

const IMAGES = 4;
const EPOCHS = 7;

/** Some training images, and what augmentation makes of them in the first epochs that have it; undefined without. */
export async function augmentationData(
  backend: Backend,
  train: LabelledImages,
  { phases }: Recipe,
  seed: number,
): Promise<AugmentationData | undefined> {
  let before = 0;
  for (const { epochs, augmentation } of phases) {
    if (!augmentation) {
      before += epochs;
      continue;
    }
    const shown = Array.from({ length: Math.min(EPOCHS, epochs) }, (_, i) => before + i + 1);
    const [, height, width] = train.images.shape as [number, number, number];
    const area = height * width;
    const rows: Uint8Array[] = [];
    for (let image = 0; image < Math.min(IMAGES, train.labels.length); image++) {
      const samples = await augmentedSamples(backend, train, augmentation, { seed, image, epochs: shown });
      rows.push(
        train.images.data.subarray(image * area, (image + 1) * area),
        Uint8Array.from(samples.data, Math.round),
      );
    }
    const pixels = new Uint8Array(rows.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of rows) {
      pixels.set(part, at);
      at += part.length;
    }
    return { epochs: shown, sprite: await inkSprite({ pixels, width, height }, 1 + shown.length) };
  }
  return undefined;
}
