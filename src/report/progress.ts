import type { LabelledImages } from '../data/dataset.js';
import { normalize } from '../data/normalize.js';
import { CifraError } from '../numeric/errors.js';
import type { Tensor } from '../numeric/tensor.js';
import { type InspectedModel } from '../inspect/index.js';
import { refuseNewer } from '../runs/formatVersion.js';
import { formatJson, isObject, type Json, parseJsonBytes } from '../runs/json.js';

/** What a run keeps of its way: the first kernels and some predictions before the training and after each epoch. */
export interface Progress {
  readonly formatVersion: typeof PROGRESS_VERSION;
  /** Whose kernels; empty where the network has no convolution. */
  readonly layer: string;
  /** Height, width, channels, filters. */
  readonly shape: readonly number[];
  /** Which of the test images are read. */
  readonly images: readonly number[];
  readonly snapshots: readonly Snapshot[];
}

export interface Snapshot {
  /** 0: before the training. */
  readonly epoch: number;
  readonly kernels: readonly number[];
  /** Of each image, the probability of each class. */
  readonly probabilities: readonly (readonly number[])[];
}

export const PROGRESS_FILE = 'progress.json';
const PROGRESS_VERSION = 1;
/** Of each class, so many images are watched: the first ones. */
const WATCHED = 2;
/** Kernels of more numbers are not kept: of a convolution on many channels nobody looks at each. */
const MOST_WEIGHTS = 4096;
/** Significant digits that a picture or a bar can show. */
const DIGITS = 4;
const LARGEST_FILE = 64_000_000;

/** Takes snapshots of a model's way and keeps them. */
export class ProgressRecorder {
  readonly #images: readonly number[];
  readonly #inputs: Tensor;
  readonly #keep: (text: string) => Promise<void>;
  #progress: Progress;

  /** @param keep is given all that is recorded so far, as text, after every snapshot */
  constructor({ images, labels }: LabelledImages, before: Progress | undefined, keep: (text: string) => Promise<void>) {
    this.#images = watchedImages(labels);
    this.#inputs = normalize(rowsOf(images, this.#images));
    this.#keep = keep;
    const empty = {
      formatVersion: PROGRESS_VERSION,
      layer: '',
      shape: [],
      images: this.#images,
      snapshots: [],
    } as const;
    this.#progress = before ?? empty;
  }

  /** Looks at the model after an epoch, 0 for before the training, unless that was done before. */
  async take(model: InspectedModel, epoch: number): Promise<void> {
    if (this.#progress.snapshots.some((snapshot) => snapshot.epoch === epoch)) return;
    const { layer, shape, weights } = firstKernels(model);
    const { data, shape: answered } = await model.predict(this.#inputs);
    const classes = answered[1]!;
    const probabilities = this.#images.map((_, i) => rounded(data.subarray(i * classes, (i + 1) * classes)));
    const snapshots = [...this.#progress.snapshots, { epoch, kernels: rounded(weights), probabilities }];
    this.#progress = { ...this.#progress, layer, shape, snapshots };
    await this.#keep(formatProgress(this.#progress));
  }
}

/** Without what came after an epoch: a run that goes on from there takes it again. */
export function progressUpTo(progress: Progress, epoch: number): Progress {
  return { ...progress, snapshots: progress.snapshots.filter((snapshot) => snapshot.epoch <= epoch) };
}

function formatProgress(progress: Progress): string {
  return formatJson(progress, 'What a run keeps of its way');
}

/** @throws CifraError `run-damaged`, `run-version` */
export function readProgress(bytes: Uint8Array, file: string): Progress {
  const fail = (problem: string): CifraError =>
    new CifraError('run-damaged', `${file} is damaged: ${problem}.`, 'The rest of the run can still be used.');
  if (bytes.length > LARGEST_FILE) throw fail(`it has ${bytes.length} bytes, and ${LARGEST_FILE} are the most`);
  const value = parseJsonBytes(bytes, fail);
  refuseNewer(value, PROGRESS_VERSION, file, 'run-version');
  const problem = problemOf(value);
  if (problem !== undefined) throw fail(problem);
  return value as Json & Progress;
}

function problemOf(value: Json | undefined): string | undefined {
  if (!isObject(value)) return 'it is no object';
  const { formatVersion, layer, shape, images, snapshots } = value;
  if (formatVersion !== PROGRESS_VERSION) return 'it has no format version';
  if (typeof layer !== 'string' || !isNumbers(shape) || !isNumbers(images) || !Array.isArray(snapshots)) {
    return 'it lacks a layer, a shape, images or snapshots';
  }
  const weights = shape.length === 0 ? 0 : shape.reduce((product, size) => product * size, 1);
  for (const [i, snapshot] of snapshots.entries()) {
    const sound =
      isObject(snapshot) &&
      typeof snapshot['epoch'] === 'number' &&
      isNumbers(snapshot['kernels']) &&
      snapshot['kernels'].length === weights &&
      Array.isArray(snapshot['probabilities']) &&
      snapshot['probabilities'].length === images.length &&
      snapshot['probabilities'].every(isNumbers);
    if (!sound) return `snapshot ${i + 1} is none`;
  }
  return undefined;
}

function isNumbers(value: Json | undefined): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

function firstKernels(model: InspectedModel): { layer: string; shape: readonly number[]; weights: Float32Array } {
  const none = { layer: '', shape: [], weights: new Float32Array(0) };
  const layer = model.network.layers.find((placed) => placed.layer.type === 'conv2d');
  const weight = layer && model.network.weights.find(({ name }) => name === `${layer.name}/kernel`);
  const values = weight && model.getWeights().get(weight.name);
  if (!weight || !values || values.length > MOST_WEIGHTS) return none;
  return { layer: layer.name, shape: weight.shape, weights: values };
}

function watchedImages(labels: ArrayLike<number>): number[] {
  const seen = new Map<number, number>();
  const watched: number[] = [];
  for (let i = 0; i < labels.length; i++) {
    const before = seen.get(labels[i]!) ?? 0;
    if (before >= WATCHED) continue;
    seen.set(labels[i]!, before + 1);
    watched.push(i);
  }
  return watched.sort((a, b) => labels[a]! - labels[b]! || a - b);
}

/** The images of these indices, as a tensor of their own. */
export function rowsOf(
  { data, shape, divisor }: LabelledImages['images'],
  indices: readonly number[],
): LabelledImages['images'] {
  const size = shape.slice(1).reduce((product, extent) => product * extent, 1);
  const picked = new Uint8Array(indices.length * size);
  indices.forEach((index, i) => picked.set(data.subarray(index * size, (index + 1) * size), i * size));
  return { data: picked, shape: [indices.length, ...shape.slice(1)], ...(divisor !== undefined && { divisor }) };
}

function rounded(values: Float32Array): number[] {
  return Array.from(values, (value) => Number(value.toPrecision(DIGITS)));
}
