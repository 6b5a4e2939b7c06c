import { type Dataset, datasets, fileNames, fileRoles } from '../data/dataset.js';
import { formatShape } from '../numeric/tensor.js';
import type { Page } from './terminal/output.js';
import { drawPictures, fitting, pictureOf } from './terminal/pictures.js';
import { columns, grouped, megabytes } from './terminal/text.js';

/** Where the images come from, that they are the published ones, and what they are. */
export function showDataset(page: Page, dataset: Dataset): void {
  const { style, line } = page;
  const { name, sha256, train, test, classNames } = dataset;
  line(`  ${style.bold(describe(dataset))}`);
  const published = name === 'synthetic' ? '' : style.good('as published');
  for (const role of fileRoles) {
    const file = fileNames[role];
    line(`  ${file.padEnd(24)} sha256 ${sha256[file]?.slice(0, 16)}…  ${published}`.trimEnd());
  }
  line();
  const bytes = (count: number): string => megabytes(count * 784);
  const table = [
    ['', 'images', 'labels', 'in memory'],
    ['train', formatShape(train.images.shape), formatShape([train.labels.length]), bytes(train.labels.length)],
    ['test', formatShape(test.images.shape), formatShape([test.labels.length]), bytes(test.labels.length)],
  ];
  for (const row of columns(table)) line(`  ${row}`);
  line('  Pixels are bytes: 0 for background to 255 for ink.');
  line();
  const counts = [
    ['class', ...classNames.map((_, label) => String(label))],
    ['train', ...countsOf(train.labels, classNames.length)],
    ['test', ...countsOf(test.labels, classNames.length)],
  ];
  for (const row of columns(counts)) line(`  ${row}`);
  if (classNames.some((className, i) => className !== String(i))) {
    line(style.dim(`  ${classNames.map((className, i) => `${i} ${className}`).join(', ')}`));
  }
}

/** The first training images, as many as fit side by side, with their labels. */
export function showFirstImages(page: Page, { train, classNames }: Dataset): void {
  const pictures = Array.from({ length: Math.min(5, train.labels.length) }, (_, i) =>
    pictureOf(train.images, i, classNames[train.labels[i]!]),
  );
  for (const text of drawPictures(fitting(pictures, page.width - 4), page.style.depth))
    page.line(`  ${text}`.trimEnd());
}

/** `MNIST (the folder /data/mnist)` */
export function describe({ name, source }: Dataset): string {
  return name === 'synthetic' ? capitalized(source) : `${datasets[name].title} (${source})`;
}

/** `MNIST`, `the synthetic digits` */
export function titleOf({ name }: { readonly name: string }): string {
  if (name === 'synthetic') return 'the synthetic digits';
  return (datasets as Readonly<Record<string, { readonly title: string } | undefined>>)[name]?.title ?? name;
}

export function partName(part: 'train' | 'test'): string {
  return part === 'train' ? 'training images' : 'test images';
}

function capitalized(text: string): string {
  return text.replace(/^./, (letter) => letter.toUpperCase());
}

function countsOf(labels: Uint8Array, classes: number): string[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]!++;
  return counts.map(grouped);
}
