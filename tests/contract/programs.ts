import { it } from 'vitest';
import type { TensorSpec } from '../../src/engine/program/types.js';
import { Random } from '../../src/numeric/philox.js';
import { sizeOf } from '../../src/numeric/tensor.js';
import { between, type Case, CaseProgram, channelCounts, gaussian, newCase, pick, wholes } from './cases/case.js';
import { drawActivation, drawPadding, noPadding } from './cases/conv2d.js';
import { identity, innerProduct, readAll, writeAll } from './harness.js';
import { expectClose, expectSameBits, rowCounts } from './ops.js';
import type { Contract } from './suite.js';

const PROGRAMS = 16;

/** A planner's or fusion's mistakes are of the size of the values; rounding may add up over a whole program. */
const SLACK = 1000;

/**
 * Whole programs, drawn at random: values read by several ops, chains that invite fusion, outputs in the middle,
 * gradients of everything, weights updated at the end. What they test is the order of things and the memory plan.
 */
export function describePrograms(get: () => Contract): void {
  it.each(Array.from({ length: PROGRAMS }, (_, i) => i))(
    'random program %i agrees with the reference',
    async (index) => {
      const { backend, twin, reference, tolerances } = get();
      const one = drawProgram(index);
      const program = new CaseProgram(one, one.capacity);
      const small = new CaseProgram(one, rowCounts(one.capacity)[1] ?? 1);
      const [tested, oracle, exact] = [
        await backend.compile(program.builder.build()),
        await reference.compile(program.builder.build()),
        await backend.compile(small.builder.build()),
      ];
      const other = await twin?.compile(program.builder.build());
      for (const rows of rowCounts(one.capacity)) {
        for (const executable of other ? [tested, oracle, other] : [tested, oracle]) {
          writeAll(executable, program);
          // Two steps: the second starts from the weights of the first.
          await executable.run(rows);
          await executable.run(rows);
        }
        expectClose(
          readAll(tested, rows),
          readAll(oracle, rows),
          SLACK * tolerances.value,
          `program ${index}, ${rows} rows`,
        );
        if (other) {
          const place = `program ${index}, ${rows} rows, with another number of threads`;
          expectSameBits(readAll(other, rows), readAll(tested, rows), place);
        }
        if (rows !== small.capacity || rows === one.capacity) continue;
        writeAll(exact, small);
        await exact.run(rows);
        await exact.run(rows);
        expectSameBits(
          readAll(tested, rows),
          readAll(exact, rows),
          `program ${index}, ${rows} of ${one.capacity} rows`,
        );
      }
    },
  );
}

function drawProgram(index: number): Case {
  const random = new Random(23, 104, index);
  const capacity = between(random, 1, 9);
  const plan = random.uint32();
  return newCase(random, `program ${index}`, capacity, (program) => {
    new RandomNetwork(program, new Random(plan, 105)).write();
  });
}

/** Draws the same ops whatever the capacity. */
class RandomNetwork {
  readonly #values: TensorSpec[] = [];
  /** The weights each value depends on. */
  readonly #weights = new Map<TensorSpec, ReadonlySet<TensorSpec>>();
  #count = 0;

  constructor(
    readonly program: CaseProgram,
    readonly random: Random,
  ) {}

  write(): void {
    const { program, random } = this;
    const image = [between(random, 4, 9), between(random, 4, 9), pick(random, [1, 3, 4])];
    const pixels = program.integers('images', image, 'u8', true, wholes(0, 255));
    this.#push(program.emit('rescale', [pixels], { divisor: 255 }), []);
    const length = between(random, 5, 14);
    for (let i = 0; i < length; i++) program.builder.labelled(`step ${i}`, () => this.#step());
    const last = this.#values.at(-1)!;
    program.builder.output('last', last);
    this.#train(last);
  }

  #train(y: TensorSpec): void {
    const { program } = this;
    const weights = [...this.#weights.get(y)!];
    if (weights.length === 0) return;
    const loss = innerProduct(program.builder, y, program.unbatched('loss weights', y.shape, gaussian(0.3)));
    if (y.batched) program.inputs['identity'] = identity(program.capacity);
    const gradients = program.builder.gradients(loss, weights);
    const rate = program.unbatched('rate', [1], () => 0.01);
    weights.forEach((weight, i) => {
      if (i % 2 === 0) program.builder.output(`gradient ${weight.name}`, gradients[i]!);
      if (i % 3 === 2) {
        const slots = ['m', 'v'].map((slot) => program.stored(`${weight.name} ${slot}`, weight.shape, () => 0));
        const scalars = program.unbatched(`${weight.name} scalars`, [2], () => 0.01);
        // The large epsilon keeps gradients that are only rounding from turning into full steps.
        const hyper = { beta1: 0.9, beta2: 0.999, epsilon: 1 };
        program.builder.emit('adam', [weight, gradients[i]!, ...slots, scalars], hyper);
      } else {
        program.builder.emit('sgd', [weight, gradients[i]!, rate], { momentum: 0, nesterov: false });
      }
    });
  }

  #push(value: TensorSpec, from: readonly TensorSpec[], weights: readonly TensorSpec[] = []): TensorSpec {
    const known = from.flatMap((tensor) => [...(this.#weights.get(tensor) ?? [])]);
    this.#weights.set(value, new Set([...known, ...weights]));
    this.#values.push(value);
    if (this.random.below(5) === 0) this.program.builder.output(`value ${this.#values.length}`, value);
    return value;
  }

  #weight(shape: readonly number[], scale: number, offset = 0): TensorSpec {
    return this.program.stored(`w${this.#count++}`, shape, gaussian(scale, offset));
  }

  /** One op, mostly on the last value, sometimes on an earlier one, which then is read twice. */
  #step(): void {
    const { program, random } = this;
    const x = random.below(4) === 0 ? pick(random, this.#values) : this.#values.at(-1)!;
    const channels = x.shape.at(-1)!;
    const kinds = ['bias', 'activation', 'add', 'normalize', 'dropout', 'inference'] as const;
    const kind = pick(
      random,
      x.shape.length === 4
        ? ([...kinds, 'conv', 'conv', 'pool', 'flatten'] as const)
        : ([...kinds, 'dense', 'softmax'] as const),
    );
    switch (kind) {
      case 'bias': {
        const bias = this.#weight([channels], 1);
        this.#push(program.emit('addBias', [x, bias], {}), [x], [bias]);
        break;
      }
      case 'activation':
        this.#push(program.emit('activation', [x], drawActivation(random)), [x]);
        break;
      case 'add': {
        const alike = this.#values.filter(({ shape }) => shape.join() === x.shape.join());
        const other = pick(random, alike);
        this.#push(program.emit('add', [x, other], {}), [x, other]);
        break;
      }
      case 'normalize':
        this.#normalize(x, channels);
        break;
      case 'inference': {
        const parameters = [this.#weight([channels], 0.3, 1), this.#weight([channels], 1)];
        const given = [
          program.unbatched(`mean ${this.#count}`, [channels]),
          program.unbatched(`variance ${this.#count}`, [channels], () => 0.7),
        ];
        const y = program.emit('batchNormalizationInference', [x, ...parameters, ...given], { epsilon: 1e-3 });
        this.#push(y, [x], parameters);
        break;
      }
      case 'dropout': {
        const key = program.integers(`key ${this.#count++}`, [3], 'u32', false, (r) => r.uint32());
        this.#push(program.emit('dropout', [x, key], { rate: 0.2, stream: this.#count }), [x]);
        break;
      }
      case 'conv':
        this.#conv(x, channels);
        break;
      case 'pool': {
        const image = [x.shape[1]!, x.shape[2]!] as const;
        if (image[0] < 2 || image[1] < 2) break;
        const attributes = { poolSize: [2, 2], strides: [2, 2], padding: noPadding } as const;
        this.#push(program.emit(pick(random, ['maxPool2d', 'averagePool2d']), [x], attributes), [x]);
        break;
      }
      case 'flatten':
        this.#push(program.emit('reshape', [x], { shape: [program.capacity, sizeOf(x.shape) / program.capacity] }), [
          x,
        ]);
        break;
      case 'dense': {
        const units = pick(random, channelCounts);
        const kernel = this.#weight([channels, units], 1 / Math.sqrt(channels));
        const y = program.emit('matmul', [x, kernel], { transposeA: false, transposeB: false });
        this.#withBias(this.#push(y, [x], [kernel]), units);
        break;
      }
      case 'softmax':
        this.#push(program.emit('softmax', [x], {}), [x]);
        break;
    }
  }

  #conv(x: TensorSpec, channels: number): void {
    const { program, random } = this;
    const image = [x.shape[1]!, x.shape[2]!] as const;
    const size = Math.min(3, ...image);
    const padding = drawPadding(random, image, [size, size], [1, 1]);
    const filters = pick(random, channelCounts);
    const kernel = this.#weight([size, size, channels, filters], 1 / Math.sqrt(size * size * channels));
    const y = program.emit('conv2d', [x, kernel], { strides: [1, 1], padding });
    this.#withBias(this.#push(y, [x], [kernel]), filters);
  }

  /** What fusion looks for: bias, then an activation. */
  #withBias(x: TensorSpec, channels: number): void {
    const bias = this.#weight([channels], 0.3);
    const biased = this.#push(this.program.emit('addBias', [x, bias], {}), [x], [bias]);
    if (this.random.below(3) > 0) this.#push(this.program.emit('activation', [biased], { kind: 'relu' }), [biased]);
  }

  #normalize(x: TensorSpec, channels: number): void {
    const { program } = this;
    const parameters = [this.#weight([channels], 0.3, 1), this.#weight([channels], 1)];
    // Variances near 0 would make rounding large.
    const [y, mean, variance] = program.builder.emit('batchNormalization', [x, ...parameters], { epsilon: 0.1 });
    for (const statistic of [mean!, variance!]) {
      const moving = program.stored(`moving ${this.#count++}`, [channels]);
      program.builder.emit('updateMovingAverage', [moving, statistic], { momentum: 0.9 });
    }
    this.#push(y!, [x], parameters);
  }
}
