import type { Backend, Executable } from '../../src/engine/backend.js';
import { dense, flatten, sequential } from '../../src/nn/index.js';
import { Random } from '../../src/numeric/philox.js';
import type { Tensor } from '../../src/numeric/tensor.js';
import type { Model } from '../../src/train/model.js';

export interface Labelled {
  readonly x: Tensor<Uint8Array>;
  readonly y: Uint8Array;
}

/**
 * Square images whose bright column is their label, in noise; 0 to 255, to be divided by 255. Made of whole numbers
 * from Philox alone, so that a hash of what is learned from them stays what it is.
 */
export function columns(count: number, seed: number, size = 12, classes = size): Labelled {
  const data = new Uint8Array(count * size * size);
  const y = new Uint8Array(count);
  for (let image = 0; image < count; image++) {
    const random = new Random(seed, 99, image);
    y[image] = random.below(classes);
    for (let i = 0; i < size * size; i++) {
      data[image * size * size + i] = random.below(i % size === y[image] ? 256 : 96);
    }
  }
  return { x: { data, shape: [count, size, size, 1], divisor: 255 }, y };
}

/** Images of 2x2 pixels whose first pixel is their number, and labels of three classes. */
export function numbered(count: number): Labelled {
  const data = Uint8Array.from({ length: 4 * count }, (_, i) => (i % 4 === 0 ? i / 4 : (i * 37) % 251));
  return {
    x: { data, shape: [count, 2, 2, 1], divisor: 255 },
    y: Uint8Array.from({ length: count }, (_, i) => i % 3),
  };
}

/** For `numbered` images. */
export const perceptron = () =>
  sequential([flatten({ inputShape: [2, 2, 1] }), dense({ units: 3, activation: 'softmax' })]);

/** What a training step was given, and what it gave. */
export interface RecordedStep {
  readonly rows: number;
  readonly inputs: ReadonlyMap<string, readonly number[]>;
  /** The weights that it started from. */
  readonly kernel: readonly number[];
  readonly loss: number;
  readonly correct: number | undefined;
}

/** A backend that writes down every step of training, and the number of every image that was evaluated. */
export class Recorder implements Backend {
  readonly steps: RecordedStep[] = [];
  readonly evaluated: number[] = [];
  readonly name = 'recorder';
  readonly threads = 1;
  readonly numerics;
  readonly kernels;

  constructor(readonly inner: Backend) {
    this.numerics = inner.numerics;
    this.kernels = inner.kernels;
  }

  async compile(program: Parameters<Backend['compile']>[0]): Promise<Executable> {
    const executable = await this.inner.compile(program);
    const inputs = program.tensors.filter(({ role }) => role === 'input');
    const trains = inputs.some(({ name }) => name === 'scalars');
    return {
      program,
      description: executable.description,
      input: (name) => executable.input(name),
      writeState: (name, values) => executable.writeState(name, values),
      readState: (name) => executable.readState(name),
      readOutput: (name, rows) => executable.readOutput(name, rows),
      findNonFinite: (rows) => executable.findNonFinite(rows),
      dispose: () => executable.dispose(),
      run: async (rows) => {
        if (!trains) this.evaluated.push(...numbersOf(executable.input('images'), rows));
        const kernel = trains ? [...executable.readState('dense/kernel')] : [];
        await executable.run(rows);
        if (!trains) return;
        const read = (name: string) => (program.outputs.has(name) ? executable.readOutput(name)[0] : undefined);
        this.steps.push({
          rows,
          inputs: new Map(inputs.map(({ name }) => [name, [...executable.input(name)]])),
          kernel,
          loss: read('loss')!,
          correct: read('correct'),
        });
      },
    };
  }

  dispose(): Promise<void> {
    return this.inner.dispose();
  }

  /** The numbers of the images that were trained on, in order. */
  get trained(): number[] {
    return this.steps.flatMap(({ inputs, rows }) => numbersOf(inputs.get('images')!, rows));
  }

  /** An input of every step. */
  inputs(name: string): (readonly number[])[] {
    return this.steps.map(({ inputs }) => inputs.get(name)!);
  }
}

/** The first pixels of images of 2x2. */
function numbersOf(pixels: ArrayLike<number>, rows: number): number[] {
  return Array.from({ length: rows }, (_, row) => pixels[4 * row]!);
}

/** The names of the weights that differ in any bit. */
export function differing(a: Model, b: Model): string[] {
  const others = b.getWeights();
  return [...a.getWeights()].flatMap(([name, values]) => (same(values, others.get(name)!) ? [] : [name]));
}

function same(a: Float32Array, b: Float32Array): boolean {
  const [left, right] = [a, b].map(({ buffer }) => new Int32Array(buffer));
  return left!.length === right!.length && left!.every((word, i) => word === right![i]);
}
