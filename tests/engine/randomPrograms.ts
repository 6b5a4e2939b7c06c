import fc from 'fast-check';
import { ProgramBuilder } from '../../src/engine/program/builder.js';
import type { Padding2d, Program, TensorSpec } from '../../src/engine/program/types.js';
import { sizeOf } from '../../src/numeric/tensor.js';

/** One op of a random program; what the numbers choose is told by what there is to choose from. */
interface Step {
  readonly op: number;
  readonly a: number;
  readonly b: number;
  readonly isOutput: boolean;
}

/** What a random program is drawn from. */
interface Recipe {
  readonly capacity: number;
  /** Of the images. */
  readonly size: number;
  readonly steps: readonly Step[];
  readonly trains: boolean;
}

export const recipes: fc.Arbitrary<Recipe> = fc.record({
  capacity: fc.integer({ min: 1, max: 20 }),
  // One of the large images, with what is made of it, is more than a chain may touch.
  size: fc.constantFrom(10, 10, 10, 200),
  steps: fc.array(fc.record({ op: fc.nat(), a: fc.nat(), b: fc.nat(), isOutput: fc.boolean() }), {
    minLength: 1,
    maxLength: 25,
  }),
  trains: fc.boolean(),
});

/**
 * Ops in any order: on images, rows and tensors without a batch; values that are read again much later; state that is
 * changed in the middle; training at the end, if so.
 */
export function randomProgram({ capacity, size, steps, trains }: Recipe): Program {
  return new RandomProgram(capacity, size).write(steps, trains);
}

const none: Padding2d = { top: 0, bottom: 0, left: 0, right: 0 };
const around: Padding2d = { top: 1, bottom: 1, left: 1, right: 1 };
const plain = { transposeA: false, transposeB: false } as const;

class RandomProgram {
  readonly #builder: ProgramBuilder;
  readonly #random: TensorSpec;
  /** What later ops read; everything here can be differentiated. */
  readonly #values: TensorSpec[];
  /** What later steps read, but none of `#values` comes from. */
  readonly #ends: TensorSpec[] = [];
  readonly #weights: TensorSpec[] = [];

  constructor(
    readonly capacity: number,
    size: number,
  ) {
    const builder = new ProgramBuilder(capacity);
    this.#builder = builder;
    this.#random = builder.input('random', [3], 'u32', false);
    const bytes = builder.input('bytes', [7, 5, 1], 'u8', true);
    const labels = builder.input('labels', [], 'u8', true);
    const matrices = builder.input('matrices', [6], 'f32', true);
    this.#values = [
      builder.input('table', [9, 5], 'f32', false),
      builder.input('pictures', [3, 10, 10, 8], 'f32', false),
      builder.emit('oneHot', [labels], { classes: 5 })[0]!,
      builder.input('rows', [20], 'f32', true),
      builder.emit('warpAffine', [bytes, matrices], { divisor: 255, fillMode: 'wrap', fillValue: 0 })[0]!,
      builder.emit('rescale', [bytes], { divisor: 255 })[0]!,
      builder.input('images', [size, size, 8], 'f32', true),
    ];
  }

  write(steps: readonly Step[], trains: boolean): Program {
    const builder = this.#builder;
    steps.forEach((step, i) => builder.labelled(`step ${i}`, () => this.#step(step)));
    if (trains) builder.labelled('training', () => this.#train());
    return builder.build();
  }

  #step({ op, a, b, isOutput }: Step): void {
    // The newest values more often than the old ones.
    const values = this.#values;
    const x = pick(values, a % 3 === 0 ? a : values.length - 1 - (a % Math.min(2, values.length)));
    const isEnd = op % 4 === 0;
    const made = isEnd ? this.#end(op >> 2, x, b) : this.#value(op >> 2, x, b);
    if (!made) return;
    (isEnd ? this.#ends : values).push(made);
    if (isOutput) this.#builder.output(made.name, made);
  }

  #value(op: number, x: TensorSpec, b: number): TensorSpec | undefined {
    const builder = this.#builder;
    const channels = x.shape.at(-1)!;
    switch (op % 11) {
      case 0:
        return builder.emit('activation', [x], { kind: b % 2 === 0 ? 'tanh' : 'relu' })[0];
      case 1:
        return builder.emit('add', [x, this.#alike(x, b)], {})[0];
      case 2:
        return builder.emit('dropout', [x, this.#random], { rate: 0.5, stream: b % 100 })[0];
      case 3: {
        const [count, size] = [x.shape[0]!, sizeOf(x.shape.slice(1))];
        const shape = x.shape.length > 2 ? [count, size] : [count, 1, 1, size];
        return builder.emit('reshape', [x], { shape })[0];
      }
      case 4:
        return builder.emit('addBias', [x, this.#weight([channels])], {})[0];
      case 5: {
        const parameters = [this.#weight([channels]), this.#weight([channels])];
        const [y, mean] = builder.emit('batchNormalization', [x, ...parameters], { epsilon: 1e-3 });
        if (b % 2 === 0) builder.emit('updateMovingAverage', [this.#state([channels]), mean!], { momentum: 0.9 });
        return y;
      }
      case 6: {
        const given = [builder.constant([channels], 0), builder.constant([channels], 1)];
        const parameters = [this.#weight([channels]), this.#weight([channels]), ...given];
        return builder.emit('batchNormalizationInference', [x, ...parameters], { epsilon: 1e-3 })[0];
      }
      case 7:
        return x.shape.length === 4 ? this.#pool(x, b) : this.#product(x, b);
      default:
        return x.shape.length === 4 ? this.#convolution(x, b) : this.#product(x, b);
    }
  }

  /** Ops that have no gradient, those that change state, and sums. */
  #end(op: number, x: TensorSpec, b: number): TensorSpec | undefined {
    const builder = this.#builder;
    switch (op % 8) {
      case 0:
        return builder.emit('sumRows', [x], {})[0];
      case 1:
        return builder.emit('activationGradient', [this.#alike(x, b), x], { kind: b % 2 === 0 ? 'relu' : 'elu' })[0];
      case 2:
        return builder.emit('softmax', [x], {})[0];
      case 3: {
        if (x.shape.length !== 2) return undefined;
        const [rows] = builder.emit('softmaxCrossEntropy', [x, this.#alike(x, b)], { labelSmoothing: 0 });
        return x.batched ? builder.emit('meanRows', [rows!], {})[0] : rows;
      }
      case 4: {
        const one = builder.emit('sumSquares', [this.#anyState(b)], { factor: 0.1 })[0]!;
        return builder.emit('scaleByScalar', [x, one], { factor: 2 })[0];
      }
      case 5: {
        // The state as it was: some of them are changed later.
        const state = this.#anyState(b);
        return builder.emit('reshape', [state], { shape: [1, sizeOf(state.shape)] })[0];
      }
      default: {
        const state = this.#anyState(b);
        const value = [...this.#ends, ...this.#weights].find((one) => one !== state && sameShape(one, state));
        const other = value ?? builder.constant(state.shape, 1);
        builder.emit('updateMovingAverage', [state, other], { momentum: 0.5 });
        return undefined;
      }
    }
  }

  #convolution(x: TensorSpec, b: number): TensorSpec | undefined {
    const [, height, width, channels] = x.shape as [number, number, number, number];
    const size = b % 4 === 0 ? 2 : 3;
    const padding = b % 3 === 0 ? around : none;
    const extra = padding === around ? 2 : 0;
    if (height + extra < size || width + extra < size) return undefined;
    const kernel = this.#weight([size, size, channels, b % 5 < 3 ? 8 : 3]);
    const strides = b % 7 === 0 ? ([2, 2] as const) : ([1, 1] as const);
    return this.#withBias(this.#builder.emit('conv2d', [x, kernel], { strides, padding })[0]!, b);
  }

  #pool(x: TensorSpec, b: number): TensorSpec | undefined {
    if (x.shape[1]! < 2 || x.shape[2]! < 2) return undefined;
    const window = { poolSize: [2, 2], strides: [2, 2], padding: none } as const;
    return this.#builder.emit(b % 2 === 0 ? 'maxPool2d' : 'averagePool2d', [x], window)[0];
  }

  #product(x: TensorSpec, b: number): TensorSpec | undefined {
    if (x.shape.length !== 2) return undefined;
    if (b % 6 === 0) {
      const y = pick(
        this.#values.filter(
          ({ shape, batched }) => shape.length === 2 && batched === x.batched && shape[0] === x.shape[0],
        ),
        b,
      );
      return this.#builder.emit('matmul', [x, y], { transposeA: true, transposeB: false })[0];
    }
    const kernel = this.#weight([x.shape[1]!, b % 2 === 0 ? 20 : 5]);
    return this.#withBias(this.#builder.emit('matmul', [x, kernel], plain)[0]!, b);
  }

  /** What fusion looks for: bias, then an activation. */
  #withBias(x: TensorSpec, b: number): TensorSpec {
    if (b % 3 === 1) return x;
    const biased = this.#builder.emit('addBias', [x, this.#weight([x.shape.at(-1)!])], {})[0]!;
    if (b % 3 === 2) return biased;
    return this.#builder.emit('activation', [biased], { kind: b % 2 === 0 ? 'relu' : 'sigmoid' })[0]!;
  }

  /** A loss of the newest batched value and its weights, their gradients, and updates. */
  #train(): void {
    const builder = this.#builder;
    const last = this.#values.findLast(({ batched }) => batched)!;
    const size = sizeOf(last.shape.slice(1));
    const flat = builder.emit('reshape', [last], { shape: [this.capacity, size] })[0]!;
    const kernel = this.#weight([size, 3]);
    const logits = builder.emit('matmul', [flat, kernel], plain)[0]!;
    const targets = builder.input('targets', [3], 'f32', true);
    const [rows] = builder.emit('softmaxCrossEntropy', [logits, targets], { labelSmoothing: 0 });
    const mean = builder.emit('meanRows', [rows!], {})[0]!;
    const penalty = builder.emit('sumSquares', [kernel], { factor: 0.1 })[0]!;
    const loss = builder.emit('add', [mean, penalty], {})[0]!;
    builder.output('loss', loss);
    const sources = sourcesOf(builder.build(), loss);
    const weights = this.#weights.filter((weight) => sources.has(weight));
    const gradients = builder.gradients(loss, weights);
    builder.emit('stopUnlessFinite', [loss], {});
    const scalars = [builder.input('rate', [1], 'f32', false), builder.input('rates', [2], 'f32', false)] as const;
    weights.forEach((weight, i) => {
      if (i % 4 === 0) builder.output(`gradient of ${weight.name}`, gradients[i]!);
      const slots = (i % 2 === 0 ? [1] : [1, 2]).map(() => this.#state(weight.shape));
      if (i % 2 === 0) {
        builder.emit('sgd', [weight, gradients[i]!, ...slots, scalars[0]], { momentum: 0.9, nesterov: true });
      } else {
        const hyper = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
        builder.emit('adam', [weight, gradients[i]!, ...slots, scalars[1]], hyper);
      }
    });
  }

  #states = 0;

  #state(shape: readonly number[]): TensorSpec {
    return this.#builder.state(`state ${this.#states++}`, shape);
  }

  #weight(shape: readonly number[]): TensorSpec {
    const weight = this.#state(shape);
    this.#weights.push(weight);
    return weight;
  }

  #anyState(b: number): TensorSpec {
    return this.#weights.length > 0 ? pick(this.#weights, b) : this.#weight([5]);
  }

  #alike(x: TensorSpec, b: number): TensorSpec {
    return pick(
      this.#values.filter((value) => value.batched === x.batched && sameShape(value, x)),
      b,
    );
  }
}

function pick<T>(from: readonly T[], index: number): T {
  return from[index % from.length]!;
}

function sameShape(a: TensorSpec, b: TensorSpec): boolean {
  return String(a.shape) === String(b.shape);
}

/** Everything a value is computed from. */
function sourcesOf({ ops }: Program, value: TensorSpec): Set<TensorSpec> {
  const sources = new Set([value]);
  for (const op of [...ops].reverse()) {
    if (op.outputs.some((output) => sources.has(output))) op.inputs.forEach((input) => sources.add(input));
  }
  return sources;
}
