// How the cost of training grows with the network: milliseconds an image at batch 128, all threads, next to multiply-adds
// (of direct convolution) and memory.
import { freemem } from 'node:os';
import { CifraError } from 'cifra';
import { BATCH, inputsOf, likeSeed, noise, train } from './seedNetwork.mjs';
import { format, table } from './text.mjs';
import { inTurn, spreadOfTimes, windowOf } from './windows.mjs';

export const title = `How training grows: ms an image, batch ${BATCH}, all threads, median (fastest to slowest window)`;

const series = {
  width: {
    title: 'width: filters',
    sizes: [0.25, 0.5, 1, 2],
    network: (width) => ({ width }),
    name: (width) => `x ${width}`,
  },
  depth: {
    title: 'depth: convolutions',
    sizes: [2, 4, 6, 8],
    network: (convolutions) => ({ convolutions }),
    name: String,
  },
  side: {
    title: 'pictures (convolutions keep their size)',
    sizes: [14, 28, 56, 112],
    network: (side) => ({ side, padding: 'same' }),
    name: (side) => `${side} x ${side}`,
  },
};

const IMAGES = 16 * BATCH;

/**
 * A list of { series, size, multiplyAdds (an image), megabytes, median, fastest, slowest, windows }; where there is not
 * the memory, of { series, size, megabytes }.
 */
export async function measure({ quick, cores, progress }) {
  const effort = quick ? { rounds: 2, seconds: 0.1 } : { rounds: 5, seconds: 0.3 };
  const results = [];
  for (const [key, { sizes, network }] of Object.entries(series)) {
    const models = [];
    const sides = [];
    for (const size of quick ? sizes.slice(0, 3) : sizes) {
      progress(`training by ${key}: ${size}`);
      const options = network(size);
      const model = likeSeed(cores, options);
      models.push(model);
      const images = inputsOf(noise(IMAGES, options.side));
      const { multiplyAdds, totalBytes } = await description(model, images);
      const result = { series: key, size, megabytes: totalBytes / 1e6 };
      results.push(result);
      if (totalBytes > freemem() / 2) continue;
      const go = (count) => train(model, images, count, BATCH);
      const rate = await windowOf(go, { batch: BATCH, most: IMAGES, seconds: effort.seconds });
      result.multiplyAdds = multiplyAdds / BATCH;
      sides.push({ result, window: async () => 1000 / (await rate()) });
    }
    progress(`training by ${key}`);
    const figures = await inTurn(
      sides.map(({ window }) => window),
      effort.rounds,
    );
    sides.forEach(({ result }, i) => Object.assign(result, spreadOfTimes(figures[i])));
    for (const model of models) await model.dispose();
  }
  return results;
}

/** A program that is too large for WebAssembly's memory has none: the network is left out, as one too large for here. */
async function description(model, [x, y]) {
  try {
    return await model.describeTraining(x, y, BATCH);
  } catch (error) {
    if (error instanceof CifraError && error.code === 'out-of-memory') return { totalBytes: Infinity };
    throw error;
  }
}

export function lines(results) {
  return Object.entries(series).flatMap(([key, { title: head, name }]) => [
    '',
    ...table([
      [head, 'ms an image', '', 'multiply-adds', 'GFLOP/s', 'memory'],
      ...results
        .filter(({ series: of }) => of === key)
        .map(({ size, median, fastest, slowest, multiplyAdds, megabytes }) =>
          median === undefined
            ? [name(size), '–', 'not enough memory', '', '', `${format(megabytes)} MB`]
            : [
                name(size),
                format(median, 3),
                `(${format(fastest, 3)} to ${format(slowest, 3)})`,
                `${format(multiplyAdds / 1e6, 1)} M`,
                format((2 * multiplyAdds) / median / 1e6, 1),
                `${format(megabytes)} MB`,
              ],
        ),
    ]),
  ]);
}
