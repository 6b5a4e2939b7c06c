import type { Executable } from '../engine/backend.js';
import type { ImageFormat, Network, TargetKind } from '../nn/index.js';
import { CifraError } from '../numeric/errors.js';
import { show } from '../numeric/options.js';
import { formatShape, sizeOf, type Tensor, type TypedData } from '../numeric/tensor.js';

/** Class numbers [N], as a plain array of bytes or a tensor, or one-hot rows [N, classes]. */
export type Targets = Uint8Array | Tensor;

/** Images `[N, ...inputShape]` (bytes or f32), checked against the network; batches are copied from them. */
export class Images {
  readonly count: number;
  readonly format: ImageFormat;
  readonly #pixels: TypedData;
  readonly #size: number;

  constructor(x: Tensor, network: Network) {
    checkTensor(x, 'The images');
    const [count, ...shape] = x.shape;
    if (count === undefined || formatShape(shape) !== formatShape(network.inputShape)) {
      throw new CifraError(
        'input-shape',
        `The network takes images of shape [count, ${network.inputShape.join(', ')}], but was given ${formatShape(x.shape)}.`,
        'The first size is the number of images: a single image has 1 there.',
      );
    }
    if (!(x.data instanceof Uint8Array || x.data instanceof Float32Array)) {
      throw new CifraError(
        'input-type',
        `Images must be a Uint8Array or a Float32Array, but are a ${x.data.constructor.name}.`,
        'Convert them: Float32Array.from(data).',
      );
    }
    this.count = count;
    this.format = { dtype: x.data instanceof Uint8Array ? 'u8' : 'f32', divisor: x.divisor ?? 1 };
    this.#pixels = x.data;
    this.#size = sizeOf(shape);
  }

  /** Copies images order[start ...] (or start ... itself) to the first `rows` rows of the executable's input. */
  fill(executable: Executable, order: ArrayLike<number> | undefined, start: number, rows: number): void {
    copyRows(executable.input('images'), this.#pixels, this.#size, order, start, rows);
  }
}

/** Images with the right answers. */
export class Examples {
  readonly images: Images;
  readonly targetKind: TargetKind;
  readonly #targets: TypedData;
  readonly #width: number;

  constructor(x: Tensor, y: Targets, network: Network) {
    this.images = new Images(x, network);
    const targets: Tensor = y instanceof Uint8Array ? { data: y, shape: [y.length] } : y;
    checkTensor(targets, 'The targets');
    const classes = network.outputShape.at(-1)!;
    const [count, width] = targets.shape;
    if (count !== this.images.count) {
      throw new CifraError(
        'target-count',
        `There are ${this.images.count} images, but ${count} targets.`,
        'Give one label, or one one-hot row, for each image.',
      );
    }
    if (targets.shape.length > 2 || (targets.shape.length === 2 && width !== classes)) {
      throw new CifraError(
        'target-shape',
        `The network has ${classes} outputs, but the targets have shape ${formatShape(targets.shape)}.`,
        `Give class numbers of shape [${count}], or one-hot rows of shape [${count}, ${classes}].`,
      );
    }
    this.targetKind = targets.shape.length === 1 ? 'sparse' : 'categorical';
    if (this.targetKind === 'sparse') checkLabels(targets.data, classes);
    this.#targets = targets.data;
    this.#width = this.targetKind === 'sparse' ? 1 : classes;
  }

  get count(): number {
    return this.images.count;
  }

  fill(executable: Executable, order: ArrayLike<number> | undefined, start: number, rows: number): void {
    this.images.fill(executable, order, start, rows);
    const name = this.targetKind === 'sparse' ? 'labels' : 'targets';
    copyRows(executable.input(name), this.#targets, this.#width, order, start, rows);
  }
}

/** Dropout's generator, where the program has one: the seed in two words, and the step. */
export function fillRandom(executable: Executable, seed: number, step: number): void {
  if (!executable.program.tensors.some(({ role, name }) => role === 'input' && name === 'random')) return;
  executable.input('random').set([seed >>> 0, Math.floor(seed / 0x1_0000_0000) >>> 0, step >>> 0]);
}

/** What TypeScript has checked, and JavaScript may get wrong. */
function checkTensor(given: Tensor, what: string): void {
  const { data, shape }: Partial<Tensor> = given;
  if (ArrayBuffer.isView(data) && Array.isArray(shape) && data.length === sizeOf(shape)) return;
  throw new CifraError(
    'not-a-tensor',
    `${what} must be a tensor, { data: a typed array, shape: its sizes }, but are ${show(given)}.`,
    'Write tensor(Float32Array.from(values), [count, ...]), or give labels as a Uint8Array.',
  );
}

function copyRows(
  target: TypedData,
  source: TypedData,
  size: number,
  order: ArrayLike<number> | undefined,
  start: number,
  rows: number,
): void {
  if (!order) {
    target.set(source.subarray(start * size, (start + rows) * size));
    return;
  }
  for (let row = 0; row < rows; row++) {
    const index = order[start + row]!;
    target.set(source.subarray(index * size, (index + 1) * size), row * size);
  }
}

function checkLabels(labels: TypedData, classes: number): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new CifraError(
        'target-label',
        `Label ${label} at index ${i} is not one of the network's ${classes} classes, which are 0 to ${classes - 1}.`,
        'Give the last layer one unit for each class.',
      );
    }
  }
}

/** @throws CifraError `batch-size` */
export function checkBatchSize(batchSize: number): number {
  if (Number.isInteger(batchSize) && batchSize >= 1 && batchSize <= 65536) return batchSize;
  throw new CifraError('batch-size', `The batch size must be a whole number from 1 to 65,536, but is ${batchSize}.`);
}
