import type { Dataset, LabelledImages } from '../../data/dataset.js';
import { normalize } from '../../data/normalize.js';
import { oneHot } from '../../data/oneHot.js';
import { formatShape } from '../../numeric/tensor.js';
import type { Model } from '../../train/model.js';
import type { Phase, Recipe } from '../../train/recipe.js';
import { inputsOf } from '../../train/runRecipe.js';
import type { Page } from '../terminal/output.js';
import { drawPictures, fitting, pictureOf } from '../terminal/pictures.js';
import { columns, grouped, megabytes } from '../terminal/text.js';
import { augmentedSamples } from './augmentedSamples.js';
import type { StepsPage } from './page.js';

/** The steps between the data and the training: what each does, shown on what is there. */

export function normalizeStep({ train }: Dataset, { line, style }: Page, steps: StepsPage): void {
  steps.step(3, 'Bytes from 0 to 255 become numbers from 0 to 1, with which gradients behave well.');
  const images = normalize(train.images);
  const divisor = images.divisor ?? 1;
  const [row, first, count] = [14, 10, 8];
  const width = images.shape[2]!;
  const bytes = [...images.data.subarray(row * width + first, row * width + first + count)];
  const table = [
    ['before', ...bytes.map(String)],
    ['after', ...bytes.map((byte) => (byte / divisor).toFixed(3))],
  ];
  line(style.dim(`  Image 0, row ${row}, columns ${first} to ${first + count - 1}`));
  for (const text of columns(table)) line(`  ${text}`);
  line();
  const size = images.data.length;
  steps.say(
    `The images stay bytes in memory, ${megabytes(size)} instead of ${megabytes(4 * size)}: each is divided by ${divisor} when its batch is made.`,
  );
}

export function oneHotStep({ labels }: LabelledImages, { line, style }: Page, steps: StepsPage): void {
  steps.step(
    4,
    'The network will give ten probabilities, so the right answer is ten numbers too: 1 for the class and 0 for the others.',
  );
  const rows = oneHot(labels.subarray(0, 5));
  const [count, classes] = rows.shape as [number, number];
  line(style.dim(`  label     ${Array.from({ length: classes }, (_, i) => i).join('  ')}`));
  for (let i = 0; i < count; i++) {
    const row = [...rows.data.subarray(i * classes, (i + 1) * classes)];
    const cells = row.map((value) => (value === 1 ? style.bold(style.good('1')) : style.dim('0')));
    line(`    ${labels[i]}   →   ${cells.join('  ')}`);
  }
  line();
  steps.say(`All of them: ${formatShape([labels.length, classes])}.`);
}

export function networkStep(model: Model, { line }: Page, steps: StepsPage): void {
  steps.step(
    5,
    'Convolutions look for small patterns everywhere in the image, pooling keeps the strongest answers, and the dense layers decide. Batch normalization keeps the numbers between layers in a good range, which shortens training.',
  );
  for (const text of model.summary().split('\n')) line(`  ${text}`);
}

export async function compileStep(
  model: Model,
  recipe: Recipe,
  { train }: Dataset,
  { line }: Page,
  steps: StepsPage,
): Promise<void> {
  steps.step(
    6,
    'Compiling makes one fixed list of kernel calls out of network, loss and optimizer: forward, backward and update. Then every step shows the network a batch of images and moves all weights a little towards the right answers.',
  );
  const { optimizer, loss, metrics } = model.compiled;
  const { batchSize } = recipe.phases[0]!;
  const [x, y] = inputsOf(train, recipe);
  const { calls, totalBytes, arenaBytes, multiplyAdds } = await model.describeTraining(x, y, batchSize);
  const { type, ...options } = optimizer.config;
  const settings = Object.entries(options).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  steps.fact('Optimizer', `${type}: ${settings.join(', ')}`);
  steps.fact('Loss', loss.config.type);
  steps.fact('Metrics', metrics.map(({ config }) => config.type).join(', '));
  steps.fact(
    'Kernels',
    `${calls.length} calls a step of ${new Set(calls.map(({ kernel }) => kernel)).size} kernels, the most frequent ${mostFrequent(calls.map(({ kernel }) => kernel))}`,
  );
  steps.fact(
    'Memory',
    `${megabytes(totalBytes)}, planned before the first step; ${megabytes(arenaBytes)} of it is the arena, which values share that do not live at the same time`,
  );
  steps.fact(
    'Multiply-adds',
    `${grouped(multiplyAdds)} a step of ${batchSize} images, ${grouped(Math.round(multiplyAdds / batchSize))} an image`,
  );
  line();
}

function mostFrequent(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 4)
    .map(([name, count]) => `${name} ${count}x`)
    .join(', ');
}

interface AugmentPlace {
  readonly phase: Phase;
  /** The first epoch of the phase, from 1 over the whole training. */
  readonly firstEpoch: number;
}

export async function augmentStep(
  model: Model,
  train: LabelledImages,
  { phase, firstEpoch }: AugmentPlace,
  { line, style, width }: Page,
  steps: StepsPage,
): Promise<void> {
  const { augmentation } = phase;
  if (!augmentation) return;
  steps.step(
    7,
    'People write the same digit a little turned, moved, larger or smaller. Showing each image in such variants, new ones in every epoch, reduces overfitting.',
  );
  const changed = Object.entries(augmentation).filter(([, value]) => value !== 0 && value !== false);
  steps.fact('Ranges', changed.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', '));
  steps.fact('Cost', 'no thread of its own: the team of threads maps each batch as part of its step');
  line();
  const epochs = Array.from({ length: 4 }, (_, i) => firstEpoch + i);
  const samples = await augmentedSamples(model.backend, train, augmentation, { seed: model.seed, image: 0, epochs });
  const pictures = [
    pictureOf(train.images, 0, 'image 0'),
    ...epochs.map((epoch, i) =>
      pictureOf(samples, i, epoch < firstEpoch + phase.epochs ? `epoch ${epoch}` : 'another variant'),
    ),
  ];
  for (const text of drawPictures(fitting(pictures, width - 4), style.depth)) line(`  ${text}`.trimEnd());
}
