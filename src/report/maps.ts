import { featureMaps, type InspectedModel, planesOf, upperEnd } from '../inspect/index.js';
import type { Tensor } from '../numeric/tensor.js';
import type { FeatureMapsData } from './data.js';
import { amountSprite } from './sprite.js';

/** Of so few values none is left out as an outlier: ten probabilities. */
const FEW = 100;
/** A map with more values than this, such as a wide dense layer's, is one line of pixels: at most so many. */
const LONGEST_LINE = 4096;

/**
 * What every layer makes of images, as pictures: from 0, or the smallest value where that is less, to the largest, a few
 * outliers left out.
 * @param shown for each image, which of the report's images it is
 */
export async function featureMapsData(
  model: InspectedModel,
  images: Tensor,
  shown: readonly number[],
): Promise<FeatureMapsData[]> {
  const maps = (await featureMaps(model, images)).filter(({ shape }) => shape.length > 2 || shape[1]! <= LONGEST_LINE);
  return Promise.all(
    shown.map(async (image, row) => ({
      image,
      layers: await Promise.all(
        maps.map(async (map) => {
          const planes = planesOf(map, row);
          let low = 0;
          for (const value of planes.data) if (value < low) low = value;
          const end = planes.data.length > FEW ? upperEnd(planes.data) : rangeEnd(planes.data);
          const high = Math.max(end, low + 1e-12);
          const pixels = Uint8Array.from(planes.data, (value) =>
            Math.round((255 * Math.min(high - low, Math.max(0, value - low))) / (high - low)),
          );
          const { width, height } = planes;
          const columns = planes.count === 1 ? 1 : undefined;
          return {
            name: map.layer.name,
            type: map.layer.type,
            shape: map.layer.outputShape,
            min: rounded(low),
            max: rounded(high),
            sprite: await amountSprite({ pixels, width, height }, columns),
          };
        }),
      ),
    })),
  );
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function rangeEnd(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
