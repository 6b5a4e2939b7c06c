import { CifraError } from '../numeric/errors.js';
import { Random, streams } from '../numeric/philox.js';
import { sizeOf, tensor } from '../numeric/tensor.js';
import type { LabelledImages } from './dataset.js';

export interface SplitOptions {
  /** How many images to hold out: a share between 0 and 1, or a whole number from 1. */
  readonly validation: number;
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  /** Whether every class has the same share among the held-out images as among all. Default false. */
  readonly stratified?: boolean;
}

export interface SplitIndices {
  /** Which images to train on, ascending. */
  readonly train: Uint32Array;
  /** Which images are held out, ascending. */
  readonly validation: Uint32Array;
}

/**
 * Divides the images with `labels` at random into two: every image is in exactly one of them.
 * @throws CifraError `split-size` unless both parts have images.
 */
export function splitIndices(labels: Uint8Array, options: SplitOptions): SplitIndices {
  const { validation, seed, stratified = false } = options;
  const count = labels.length;
  const heldOut = validation < 1 ? Math.round(validation * count) : validation;
  if (!Number.isInteger(heldOut) || heldOut < 1 || heldOut >= count) {
    throw new CifraError(
      'split-size',
      `${validation} of ${count} images were to be held out for validation, which must leave images in both parts.`,
      'Give a share between 0 and 1, such as 0.1, or a whole number of images from 1 to one less than there are.',
    );
  }
  const isHeldOut = new Uint8Array(count);
  if (stratified) {
    const classes = indicesByClass(labels);
    const quotas = shares(classes, heldOut, count);
    classes.forEach((indices, label) => {
      const order = new Random(seed, streams.split, 1, label).permutation(indices.length);
      for (const i of order.subarray(0, quotas[label])) isHeldOut[indices[i]!] = 1;
    });
  } else {
    const order = new Random(seed, streams.split).permutation(count);
    for (const i of order.subarray(0, heldOut)) isHeldOut[i] = 1;
  }
  const all = Uint32Array.from(labels.keys());
  return { train: all.filter((i) => isHeldOut[i] === 0), validation: all.filter((i) => isHeldOut[i] === 1) };
}

/** As `splitIndices`, with copies of the images and labels themselves. */
export function splitTrain(
  source: LabelledImages,
  options: SplitOptions,
): { train: LabelledImages; validation: LabelledImages } {
  const { train, validation } = splitIndices(source.labels, options);
  return { train: take(source, train), validation: take(source, validation) };
}

/** Copies of the images and labels at `indices`, in their order. */
export function take(source: LabelledImages, indices: ArrayLike<number>): LabelledImages {
  const [, ...item] = source.images.shape;
  const stride = sizeOf(item);
  const pixels = new Uint8Array(indices.length * stride);
  const labels = new Uint8Array(indices.length);
  for (let to = 0; to < indices.length; to++) {
    const from = indices[to]!;
    const label = source.labels[from];
    if (label === undefined) {
      throw new CifraError('take-index', `There is no image ${from} among ${source.labels.length}.`, 'Count from 0.');
    }
    pixels.set(source.images.data.subarray(from * stride, (from + 1) * stride), to * stride);
    labels[to] = label;
  }
  return { images: tensor(pixels, [indices.length, ...item], source.images.divisor), labels };
}

function indicesByClass(labels: Uint8Array): number[][] {
  const classes: number[][] = [];
  labels.forEach((label, i) => (classes[label] ??= []).push(i));
  return Array.from(classes, (indices) => indices ?? []);
}

/** `total` divided among the classes by their sizes: whole shares first, then the largest remainders. */
function shares(classes: readonly number[][], total: number, count: number): number[] {
  const exact = classes.map((indices) => (indices.length * total) / count);
  const quotas = exact.map(Math.floor);
  const missing = total - quotas.reduce((sum, quota) => sum + quota, 0);
  const byRemainder = exact
    .map((_, label) => label)
    .sort((a, b) => exact[b]! - quotas[b]! - (exact[a]! - quotas[a]!) || a - b);
  for (const label of byRemainder.slice(0, missing)) quotas[label]!++;
  return quotas;
}
